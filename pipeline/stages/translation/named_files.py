"""Text of files that settings name: a missing or unreadable one is an error that says which setting named it, and what to do."""

from __future__ import annotations

import codecs
import csv
import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import ConfigError


def text_of(path: Path, setting: str, also: str = "") -> str:
    """What a file that a setting (`translate.glossary`) names has in it; `also` goes before the advice on a missing one. Raises ConfigError.

    It is in UTF-8, or in UTF-16 with its mark, as spreadsheets save "Unicode text" and translation tools their memories.
    """
    try:
        data = path.read_bytes()
        is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return io.TextIOWrapper(io.BytesIO(data), encoding="utf-16" if is_wide else "utf-8-sig").read()
    except FileNotFoundError as error:
        raise ConfigError(
            f"{setting}: there is no file {path}",
            f"{also}paths are read from the folder that it2en is started in ({Path.cwd()}): correct or remove this one",
        ) from error
    except UnicodeError as error:
        raise ConfigError(f"{setting}: {path} is not UTF-8: {error}", "save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(
            f"{setting}: {path} cannot be read: {error.strerror}", "it must be a file that you may read"
        ) from error


def xml_of(path: Path, setting: str) -> ElementTree.Element:
    """The root element of such a file. Raises ConfigError, also for one that declares entities, which are not read."""
    text = text_of(path, setting)
    if "<!ENTITY" in text:
        raise ConfigError(f"{setting}: {path} declares entities, which are not read")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ConfigError(f"{setting}: {path} is not valid XML: {error}") from error


def csv_rows(text: str, path: Path, setting: str) -> Iterator[tuple[int, list[str]]]:
    """(the line it begins in, cells) of each row of a CSV file. Raises ConfigError, also for a quotation mark that is not closed, which would hide the rows below."""
    csv.field_size_limit(2**31 - 1)  # of the whole process: what else is read must not decide how long a cell may be
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    line = 1
    try:
        for cells in rows:
            yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise ConfigError(
            f"{setting}: {path}:{line}: cannot be read: {error}",
            "close each quotation mark, and double those within a cell",
        ) from error


def separator(text: str) -> str:
    """What separates the cells of a table: of tab, semicolon and comma that by which most lines have as many cells as the first; of equals what makes two cells, then the commonest.

    Sentences have commas of their own, so that counting marks is not enough. A comma where there is none.
    """
    lines = [line[:10_000] for line in text.splitlines()[:200] if line.strip()]

    def fit(mark: str) -> tuple[int, bool, int, bool]:
        cells = [len(next(csv.reader([line], delimiter=mark))) for line in lines]
        return cells.count(cells[0]) if cells[0] > 1 else 0, cells[0] == 2, lines[0].count(mark), mark == ","

    return max("\t;,", key=fit) if lines else ","


_ITALIAN = {"source", "it", "italian", "italiano"}
_ENGLISH = {"target", "en", "english", "inglese"}


def columns(cells: Sequence[str]) -> tuple[int, int] | None:
    """Of a row that names languages, where the Italian and the English are, counted from 0; None of any other row."""
    names = [_language(cell.strip()) for cell in cells]
    found = [next((place for place, name in enumerate(names) if name in known), None) for known in (_ITALIAN, _ENGLISH)]
    italian, english = found
    return None if italian is None or english is None else (italian, english)


def local(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def language(element: ElementTree.Element) -> str:
    """The language that an element says it is in, without its country: 'it' of `xml:lang="it-IT"`, '' where it says none."""
    return _language(next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "lang"), ""))


def _language(code: str) -> str:
    return code.lower().replace("_", "-").split("-", 1)[0]
