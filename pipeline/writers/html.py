"""Self-contained HTML pages: templates with autoescape, style and script inlined and allowed by their hashes alone.

The policy in each page forbids everything else, so a page cannot load, send or run anything that is not part of it, even
if a template forgot to escape. Knows nothing of documents.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipeline.writers.encoding import encodable
from pipeline.writers.run_info import RunInfo

if TYPE_CHECKING:
    from jinja2 import Environment

PIECES = 500  # of what a template says, joined to one
# Characters that reorder or hide what stands around them ("Trojan Source", Boucher and Anderson 2021), and controls.
_TREACHEROUS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def stream(name: str, run: RunInfo, **values: object) -> Iterator[str]:
    """The page of the template `name`.html with `name`.css and `name`.js, behind the look that all pages share, in pieces.

    Values may be iterators: nothing is asked for before its place on the page has come.
    """
    style, script = _asset("page.css") + _asset(f"{name}.css"), _asset(f"{name}.js")
    policy = (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template(f"{name}.html")
    pieces = template.stream(run=run, style=_raw(style), script=_raw(script), policy=policy, **values)
    pieces.enable_buffering(PIECES)
    yield from map(encodable, pieces)
    yield "\n"


def digest(content: str) -> str:
    """How a Content-Security-Policy names an inline element with this content (CSP level 2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def spelled(text: str) -> str:
    """`text` with bidirectional and other control characters spelled out, as ⟦U+202E⟧: a reviewer must see them."""
    return _TREACHEROUS.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def number(value: float | None, places: int = 2) -> str:
    """A number for people: a true minus sign, thousands apart; '–' for none."""
    if value is None:
        return "–"
    return f"{value:,.{places}f}".replace("-", "−").replace(",", "\u202f")


def excerpt(text: str, length: int) -> str:
    """At most `length` characters of `text` on one line, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return (line[:length].rsplit(" ", 1)[0] or line[:length]) + "\u00a0…"


def count(value: int, noun: str) -> str:
    """'1 flag', '2 flags'."""
    return f"{number(value, 0)} {noun}" + ("" if value == 1 else "s")


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    content = files("pipeline.writers").joinpath("templates", name).read_text(encoding="utf-8")
    if "</" in content:  # would end the element that it is inlined in
        raise ValueError(f"{name} must not hold '</'")
    return content


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipeline.writers", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_final,
    )
    environment.filters.update(number=number, count=count, excerpt=excerpt)
    return environment


def _final(value: Any) -> Any:
    return spelled(value) if type(value) is str else value


def _raw(content: str) -> Any:
    from markupsafe import Markup

    return Markup(content)
