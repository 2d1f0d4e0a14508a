"""One self-contained HTML file: text, styles, data, scripts and the guard against any request.

The Content-Security-Policy of each page allows only the scripts that are in it, by hash, and no
request at all; a script that slipped in through data would not run. Styles need 'unsafe-inline'
because plotly writes style attributes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.schemas.visible import visible
from reports import theme

HERE = Path(__file__).resolve().parent
PLOTLY_SHA256 = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
NAV = (
    ("index.html", "Studies"),
    ("cohorts/index.html", "CAR-T against bispecific"),
    ("quality/index.html", "Data quality"),
    ("methods/index.html", "Methods"),
    ("status.html", "Status"),
)
STAMPS = {"simulated": "SIMULATED", "test": "TEST"}
STAMP_WORDS = {
    "simulated": "Made by a simulator, not from patients. No clinical conclusion can be drawn.",
    "test": "Made to test the software. No clinical conclusion can be drawn.",
}
FOOT = (
    "Descriptive safety analysis. No hypothesis was pre-specified and nothing is adjusted for "
    "multiplicity; intervals are pointwise. Times are study days and hours, never dates. "
    "NE: not estimable, with the reason. Rules, versions and hashes stand on the Methods page."
)


class AssetError(Exception):
    """A vendored file is not the one that was reviewed."""


@dataclass
class Page:
    """What one page holds.

    Attributes:
        path: Its path below published/.
        title: Its title, without stamp.
        body: Its HTML, made by a template.
        stamp: SIMULATED or TEST where the data are that, else null.
        figures: Name to plotly figure as JSON data, drawn where a .plot names it.
        packs: Name to packed figures and parts of the page, unpacked when they are asked for.
        data: More data for the page's script.
        scripts: Files in assets that this page has beside those of all.
        styles: The same of style sheets.
    """

    path: str
    title: str
    body: Markup
    here: str = ""
    kind: str = "real"
    warning: str | None = None
    toc: list[tuple[str, str]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    packs: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    foot: str = FOOT

    @property
    def draws(self) -> bool:
        """Whether there is a figure on it."""
        return bool(self.figures or self.packs)

    @property
    def root(self) -> str:
        """The way up to published/."""
        return "../" * self.path.count("/")

    @property
    def stamp(self) -> str | None:
        """The word that must stand on everything made of data that are not real."""
        return STAMPS.get(self.kind)

    @property
    def stamp_words(self) -> str:
        """What the stamp means."""
        return STAMP_WORDS.get(self.kind, "")


@cache
def asset(name: str) -> str:
    """Text of a file of reports/assets, line ends as a browser hashes them."""
    return (HERE / "assets" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def plotly_js() -> str:
    """The vendored plotly bundle.

    Raises:
        AssetError: the file is not the one whose digest is pinned here.
    """
    raw = (HERE / "assets" / "plotly-cartesian.min.js").read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != PLOTLY_SHA256:
        raise AssetError(f"plotly-cartesian.min.js: sha256 is {found}, expected {PLOTLY_SHA256}")
    return raw.decode("utf-8")


@cache
def environment() -> Environment:
    """Templates: everything that a template prints is escaped unless made as Markup."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> Markup:
    """HTML of one template; values are escaped."""
    return Markup(environment().get_template(template).render(**values))


_ESCAPES = re.compile(r"\\(?:u[0-9a-f]{4}|.)")
_SHORT = {"\\b": "\b", "\\f": "\f"}


def _json(data: Any) -> str:
    """Data as JSON in ASCII, in one fixed order, its texts visible."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"), sort_keys=True)
    # Data have many escapes, of few kinds, and hardly ever one of a sign that is not seen.
    shown = {escape: _visible_escape(escape) for escape in set(_ESCAPES.findall(text))}
    if all(before == after for before, after in shown.items()):
        return text
    return _ESCAPES.sub(lambda found: shown[found[0]], text)


def _visible_escape(escape: str) -> str:
    sign = _SHORT.get(escape) or (chr(int(escape[2:], 16)) if escape[1] == "u" else "")
    shown = visible(sign)
    return escape if shown == sign else json.dumps(shown)[1:-1]


def json_block(data: Any) -> Markup:
    r"""Data as JSON that cannot end its script element, in one fixed order.

    >>> print(json_block({"a": "</script>"}))
    {"a":"\u003c/script\u003e"}
    """
    text = _json(data)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def packed(data: Mapping[str, Any]) -> str:
    """Data as compressed JSON, which the page inflates when it is asked for."""
    return base64.b64encode(zlib.compress(_json(data).encode("utf-8"), 9)).decode("ascii")


def script_hash(text: str) -> str:
    """The source expression that allows exactly this inline script."""
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def policy(scripts: list[str]) -> str:
    """The page's Content-Security-Policy."""
    allowed = " ".join(script_hash(text) for text in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _page_data(page: Page) -> dict[str, Any]:
    data: dict[str, Any] = {"sets": {}, "stamp": page.stamp, "file": _file_name(page.path)}
    if page.draws:
        data |= {
            "figures": page.figures,
            "packs": page.packs,
            "template": theme.template(),
            "dark": theme.DARK,
        }
    return data | page.data


def _file_name(path: str) -> str:
    return "crsight-" + path.removesuffix(".html").removesuffix("/index").replace("/", "-")


def assemble(page: Page) -> bytes:
    """The bytes of a page: the same for the same page."""
    own = ["page.js"]
    if page.draws:
        own.append("figures.js")
    own += ["tables.js", "behind.js", *page.scripts]
    scripts = [plotly_js()] if page.draws else []
    scripts.append("\n".join(asset(name) for name in own))
    html = (
        environment()
        .get_template("base.html.j2")
        .render(
            page=replace(page, title=visible(page.title), body=Markup(visible(page.body))),
            nav=NAV,
            csp=policy(scripts),
            css=Markup("".join(asset(name) for name in ("page.css", *page.styles))),
            data=json_block(_page_data(page)),
            scripts=[Markup(text) for text in scripts],
        )
    )
    return html.encode("utf-8")
