"""The command line; `crsight --help` lists the commands, `pipeline.commands` has them.

Exit codes: 0 all is well, 1 a study was refused or failed or something is not there, 2 wrong usage,
130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from pipeline.commands.arguments import parser
from pipeline.commands.drops import cmd_check, cmd_new_study, cmd_simulate
from pipeline.commands.exits import INTERRUPTED, OK, USAGE, UsageError, fail
from pipeline.commands.home import cmd_alive, cmd_clean, cmd_run, cmd_status, cmd_withdraw
from pipeline.commands.tables import cmd_explain, cmd_table
from pipeline.lake.dagster_yaml import SettingsError
from pipeline.lake.locks import BusyError
from pipeline.lake.storage import StorageSettingError, StorageUnreachableError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    args = parser().parse_args(argv)
    try:
        return COMMANDS[args.command](args)
    except (UsageError, SettingsError, StorageSettingError) as error:
        return fail(str(error), USAGE)
    except (StorageUnreachableError, BusyError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        print("crsight: stopped; the next run goes on from here", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader had enough (| head); Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": cmd_run,
    "status": cmd_status,
    "alive": cmd_alive,
    "withdraw": cmd_withdraw,
    "clean": cmd_clean,
    "check": cmd_check,
    "new-study": cmd_new_study,
    "simulate": cmd_simulate,
    "table": cmd_table,
    "explain": cmd_explain,
}

if __name__ == "__main__":
    sys.exit(main())
