r"""Cells of tab-separated files: what may stand in one, so that every line is a row and no spreadsheet executes it.

A tab, a line feed, a carriage return and a backslash are written as `\t`, `\n`, `\r` and `\\`. A cell that begins with a quotation mark stands in quotation
marks, its own doubled, as spreadsheets and CSV libraries expect: they would take the rows up to the next mark for the rest of it. A cell that a
spreadsheet would take for a formula and execute (it begins with `=`, `+`, `-` or `@`, and is no plain number) gets an apostrophe in front.
"""

from __future__ import annotations

import re

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_FORMULA = re.compile(r"'*[=+\-@](?![\d.]+\Z)")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_PLAIN = {escaped: plain for plain, escaped in _ESCAPES.items()}


def escape(cell: str) -> str:
    """`cell` without tabs and line breaks, a quotation mark that opens it by itself, or a formula; `unescape` gives it back."""
    flat = re.sub(r"[\\\t\n\r]", lambda found: _ESCAPES[found[0]], cell)
    if _FORMULA.match(flat):
        return f"'{flat}"
    return '"' + flat.replace('"', '""') + '"' if flat.startswith('"') else flat


def unescape(cell: str) -> str:
    """What `escape` was given; a cell that was not quoted as CSV has it is taken as it stands."""
    if _QUOTED.fullmatch(cell):
        return _with_breaks(cell[1:-1].replace('""', '"'))
    return unescape_unquoted(cell)


def unescape_unquoted(cell: str) -> str:
    """What `escape` was given, of a cell whose quotation marks a CSV library or a spreadsheet has already read."""
    return _with_breaks(cell.removeprefix("'") if _FORMULA.match(cell) else cell)


def _with_breaks(cell: str) -> str:
    return re.sub(r"\\[\\tnr]", lambda found: _PLAIN[found[0]], cell)
