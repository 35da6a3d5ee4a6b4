"""Sentences as a reviewer wants them: whole Italian sentences with their English, read from TSV, CSV and TMX files.

A sentence that stands there is not decoded, whatever the model: its English is the reviewer's, unchanged, wherever the sentence occurs. White space does
not count when sentences are compared; everything else does. What was corrected several times has the last correction.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells import unescape, unescape_unquoted
from pipeline.errors import ConfigError
from pipeline.stages.detection.words import shortened
from pipeline.stages.translation.named_files import columns, csv_rows, language, local, separator, text_of, xml_of

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
    """Where a table has what, counted from 0; `provenance` is None where it does not say it, as `segments.tsv` does."""

    source: int = 0
    target: int = 1
    provenance: int | None = None

    def pair(self, cells: Sequence[str], place: str) -> tuple[str, str] | None:
        """The Italian and the English of a row, None of one that is not approved. Raises ConfigError where one of the two is missing."""
        if self.provenance is not None and _cell(cells, self.provenance).lower() != "approved":
            return None
        source, target = (_cell(cells, column) for column in (self.source, self.target))
        if not source or not target:
            raise ConfigError(
                f"{SETTING}: {place}: a row is an Italian sentence and its English, and one is missing in '{shortened(' '.join(cells).strip())}'",
                "complete the row, or take it out",
            )
        return source, target


def _named(cells: Sequence[str]) -> Columns | None:
    """What a header says, None of any other row."""
    found = columns(cells)
    names = [cell.strip().lower() for cell in cells]
    return found and Columns(*found, names.index("provenance") if "provenance" in names else None)


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def key(source: str) -> str:
    """A sentence as it is compared: one space for all white space, accents composed."""
    return unicodedata.normalize("NFC", " ".join(source.split()))


def read_corrections(paths: Sequence[str]) -> Corrections:
    """The corrections of all files, and of the files in folders by their names. Raises ConfigError for what cannot be read."""
    rows = (row for path in paths for file in _files(path) for row in _read(file))
    return Corrections({key(source): " ".join(target.split()) for source, target in rows})


def _files(name: str) -> list[Path]:
    if not name.strip():
        raise ConfigError(
            f"{SETTING}: a path is empty", "remove it, or name a file or folder; '.' is the folder itself"
        )
    path = Path(name).expanduser()
    if path.is_dir():
        return sorted((f for f in path.iterdir() if f.suffix.lower() in SUFFIXES and f.name[0] != "."), key=_in_order)
    return [path]


def _in_order(file: Path) -> tuple[list[str | int], str]:
    """`c.tsv`, `c (2).tsv`, `c (10).tsv`: browsers number what is downloaded again, and the last download is to count."""
    parts = re.split("([0-9]+)", file.stem)
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], file.suffix


def _read(path: Path) -> Iterator[tuple[str, str]]:
    kind = path.suffix.lower()
    if kind not in SUFFIXES and path.exists():
        raise ConfigError(f"{SETTING}: {path} is neither a folder nor .tsv, .csv or .tmx")
    yield from _tmx(path) if kind == ".tmx" else _table(path)


def _table(path: Path) -> Iterator[tuple[str, str]]:
    """Italian and English of each row, by the columns that a header names, else the first two.

    Where there is a column `provenance`, it is a `segments.tsv`, perhaps saved as CSV: only the rows that say `approved` are corrections, and cells are
    written as `cells.py` says, as those of every tab-separated file are.
    """
    text = text_of(path, SETTING)
    is_tabbed = path.suffix.lower() == ".tsv" or separator(text) == "\t"
    where = Columns()
    for number, cells in _tabbed(text) if is_tabbed else csv_rows(text, path, SETTING):
        if not any(cell.strip() for cell in cells):
            continue
        named = _named(cells)
        if named:
            where = named
            continue
        if where.provenance is not None and not is_tabbed:
            cells = [unescape_unquoted(cell) for cell in cells]
        if pair := where.pair(cells, f"{path}:{number}"):
            yield pair


def _tabbed(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        yield number, [unescape(cell) for cell in line.split("\t")]


def _tmx(path: Path) -> Iterator[tuple[str, str]]:
    """TMX 1.4: the first Italian and the first English variant of each unit; units without one of them are left out."""
    root = xml_of(path, SETTING)
    if local(root) != "tmx":
        raise ConfigError(f"{SETTING}: {path} is no TMX: its root is <{local(root)}>", "export it as TMX 1.4")
    for unit in root.iter():
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
