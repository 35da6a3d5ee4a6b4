"""Sentences as a reviewer wants them: whole Italian sentences with their English, read from TSV, CSV and TMX files.

A sentence that stands there is not decoded, whatever the model: its English is the reviewer's, unchanged, wherever the sentence occurs. White space does
not count when sentences are compared; everything else does. What was corrected several times has the last correction.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells import unescape
from pipeline.errors import ConfigError
from pipeline.stages.translation.named_files import is_header, language, local, separator, text_of, xml_of

SETTING = "translate.corrections"
SUFFIXES = (".tsv", ".csv", ".tmx")
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})  # what TMX keeps of another program's mark-up


@dataclass(frozen=True, slots=True)
class Corrections:
    """English by Italian, as `key` has it."""

    english: Mapping[str, str]

    def of(self, source: str) -> str:
        """The English for a sentence, '' where nobody corrected it."""
        return self.english.get(key(source), "") if self.english else ""

    @property
    def digest(self) -> str:
        """A hash of what they say, whatever files they come from; '' without any."""
        rows = sorted(f"{source}\x1f{target}" for source, target in self.english.items())
        return hashlib.blake2b("\n".join(rows).encode(), digest_size=16).hexdigest() if rows else ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table has what, counted from 0; `provenance` is None where it does not say it."""

    source: int = 0
    target: int = 1
    provenance: int | None = None

    def is_meant(self, cells: Sequence[str]) -> bool:
        """Whether a row is a correction."""
        return self.provenance is None or _cell(cells, self.provenance) == "approved"

    def pair(self, cells: Sequence[str], place: str) -> tuple[str, str]:
        """The Italian and the English of a row. Raises ConfigError where it lacks one."""
        source, target = _cell(cells, self.source), _cell(cells, self.target)
        if not source or not target:
            raise ConfigError(
                f"{SETTING}: {place}: a row is an Italian sentence and its English", f"this one is {list(cells)}"
            )
        return source, target


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _place(cells: Sequence[str], name: str) -> int | None:
    return cells.index(name) if name in cells else None


def key(source: str) -> str:
    """A sentence as it is compared: one space for all white space, accents composed."""
    return unicodedata.normalize("NFC", " ".join(source.split()))


def read_corrections(paths: Sequence[str]) -> Corrections:
    """The corrections of all files, and of the files in folders by their names. Raises ConfigError for what cannot be read."""
    rows = (row for path in paths for file in _files(Path(path).expanduser()) for row in _read(file))
    return Corrections({key(source): " ".join(target.split()) for source, target in rows})


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    return [path]


def _read(path: Path) -> Iterator[tuple[str, str]]:
    kind = path.suffix.lower()
    if kind not in SUFFIXES and path.exists():
        raise ConfigError(f"{SETTING}: {path} is neither a folder nor .tsv, .csv or .tmx")
    yield from _tmx(path) if kind == ".tmx" else _rows(path)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """Italian and English of each row, by the columns `source` and `target` of its header, else the first two. Tab-separated cells are written as `cells.py` says.

    Where there is a column `provenance`, as in `segments.tsv`, only the rows that say `approved` are corrections.
    """
    text = text_of(path, SETTING)
    mark = "\t" if path.suffix.lower() == ".tsv" else separator(text)
    table = (
        ([unescape(cell) for cell in line.split("\t")] for line in text.split("\n"))
        if mark == "\t"
        else csv.reader(io.StringIO(text), delimiter=mark)
    )
    columns = Columns()
    for number, cells in enumerate(table, 1):
        if number == 1 and {"source", "target"} <= set(cells):
            columns = Columns(cells.index("source"), cells.index("target"), _place(cells, "provenance"))
        elif any(cell.strip() for cell in cells) and not is_header(cells) and columns.is_meant(cells):
            yield columns.pair(cells, f"{path}:{number}")


def _tmx(path: Path) -> Iterator[tuple[str, str]]:
    """TMX 1.4: the first Italian and the first English variant of each unit; units without one of them are left out."""
    for unit in xml_of(path, SETTING).iter():
        if local(unit) != "tu":
            continue
        said = {language(variant): _segment(variant) for variant in reversed(unit) if local(variant) == "tuv"}
        if said.get("it") and said.get("en"):
            yield said["it"], said["en"]


def _segment(variant: ElementTree.Element) -> str:
    """The text of a variant, without the mark-up that it carries for another program."""
    found = next((element for element in variant if local(element) == "seg"), None)
    return "" if found is None else " ".join(_text(found).split())


def _text(element: ElementTree.Element) -> str:
    inner = "".join(("" if local(child) in _CODES else _text(child)) + (child.tail or "") for child in element)
    return (element.text or "") + inner
