"""The Celery application that the daemon sends runs with and the workers take them by.

A run is delivered again if its worker went away before it said that it is done. That is harmless:
Dagster ignores a run that has started or ended already, and one that has not is meant to be run.
A resumed run could not be told from a lost one: it is delivered once, and monitoring asks again.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from dagster_celery.tasks import create_execute_job_task, create_resume_job_task
from kombu.entity import Exchange, Queue

from pipeline.lake.fingerprint import stage_code
from pipeline.lake.manifest import digest

# Far longer than a worker needs from taking a run to saying that it has started.
REDELIVER_S = 300


def queue_name() -> str:
    """Where runs of this code wait: a worker with other code never takes them."""
    return f"crsight-{code_name()[:12]}"


def code_name() -> str:
    """All stages' code in one hash."""
    return digest(stage_code())


def celery_app(broker: str) -> Celery:
    """The application and its one queue.

    Args:
        broker: URL, redis:// on several machines.
    """
    queue = queue_name()
    app = Celery("crsight", broker=broker, set_as_current=False)
    app.conf.update(
        task_default_queue=queue,
        # Dagster's launcher sends with the task's name behind that of the queue.
        task_queues=[Queue(queue, Exchange(queue, type="topic"), routing_key=f"{queue}.#")],
        task_ignore_result=True,  # how a run went stands in Dagster's storage
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": REDELIVER_S},
        worker_prefetch_multiplier=1,
        # Loading polars, Dagster's definitions and the stages costs more than a small study; a
        # process that has grown is replaced.
        worker_max_tasks_per_child=20,
        worker_max_memory_per_child=1_500_000,
        # Dagster keeps what a run prints by itself.
        worker_redirect_stdouts=False,
    )
    return app


def add_tasks(app: Celery) -> None:
    """What a worker does with runs that it is sent: start them, and resume them."""
    own: dict[str, Any] = {"shared": False}  # with other applications of the process
    create_execute_job_task(app, acks_late=True, **own)  # pyright: ignore[reportArgumentType]
    create_resume_job_task(app, **own)
