"""The terms that a user wants rendered in one way, or not at all: read from CSV and TBX files and from lists of strings.

Where they occur in the Italian, and whether the English has them, `terms.py` says.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import ConfigError
from pipeline.stages.translation.named_files import columns, csv_rows, language, local, text_of, xml_of


@dataclass(frozen=True, slots=True)
class Term:
    """`source` is rendered as the first of `targets`; the others are as good. A `keep` term stands in the target as it is."""

    kind: Literal["glossary", "keep"]
    source: str
    targets: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, longest first; `digest` is a hash of their content, whatever files they come from."""

    terms: tuple[Term, ...]

    @property
    def digest(self) -> str:
        """'' without terms."""
        if not self.terms:
            return ""
        rows = sorted("\x1f".join((t.kind, t.source, *t.targets)) for t in self.terms)
        return hashlib.blake2b("\n".join(rows).encode(), digest_size=16).hexdigest()


def read_glossary(paths: Sequence[str], keep: Sequence[str]) -> Glossary:
    """The terms of all files and strings. Raises ConfigError for a file that is not there or is no glossary.

    Where a source has several rows, their targets are alternatives in the order of the rows.
    """
    rows: dict[tuple[Literal["glossary", "keep"], str], tuple[list[str], str]] = {}
    for path in paths:
        for source, targets, note in _file(Path(path).expanduser()):
            known, _ = rows.setdefault(("glossary", source), ([], note))
            known += [t for t in targets if t not in known]
    for string in _kept(keep):
        rows[("keep", string)] = ([string], "")
    terms = [Term(kind, source, tuple(targets), note) for (kind, source), (targets, note) in rows.items()]
    return Glossary(tuple(sorted(terms, key=lambda t: (-len(t.source), t.source, t.kind))))


def _kept(keep: Sequence[str]) -> Iterator[str]:
    for item in keep:
        if item.endswith(".txt"):
            path = Path(item).expanduser()
            text = text_of(path, "translate.keep", "a string to keep that ends in .txt is taken for a file; ")
            yield from (line.strip() for line in text.splitlines() if line.strip())
        elif item.strip():
            yield item.strip()


def _file(path: Path) -> Iterator[tuple[str, list[str], str]]:
    kind = path.suffix.lower()
    if kind in (".csv", ".tsv"):
        yield from _csv(path)
    elif kind in (".tbx", ".xml"):
        yield from _tbx(path)
    else:
        raise ConfigError(f"translate.glossary: {path} is neither .csv, .tsv, .tbx nor .xml")


def _csv(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """source,target[,note], or as a header has it; ';' and tabs separate as well, '|' separates alternatives of a target."""
    source, target = 0, 1
    for number, row in csv_rows(text_of(path, "translate.glossary"), path, "translate.glossary"):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if named := columns(cells):
            source, target = named
            continue
        cells += [""] * (max(source, target) + 2 - len(cells))
        targets = [t.strip() for t in cells[target].split("|") if t.strip()]
        if not cells[source] or not targets:
            raise ConfigError(
                f"translate.glossary: {path}:{number}: a row is source,target[,note]", f"this one is '{','.join(row)}'"
            )
        yield cells[source], targets, cells[max(source, target) + 1]


def _tbx(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """TBX (ISO 30042) of either generation: the Italian and English terms of each concept, elements known by local name."""
    root = xml_of(path, "translate.glossary")
    concepts = [e for e in root.iter() if local(e) in ("termEntry", "conceptEntry")]
    if not concepts:
        raise ConfigError(f"translate.glossary: {path} has no entries", "TBX has termEntry or conceptEntry elements")
    for concept in concepts:
        italian, english = _terms(concept, "it"), _terms(concept, "en")
        note = next((" ".join("".join(e.itertext()).split()) for e in concept.iter() if local(e) == "note"), "")
        if english:
            yield from ((source, english, note) for source in italian)


def _terms(concept: ElementTree.Element, wanted: str) -> list[str]:
    found = []
    for section in concept.iter():
        if local(section) in ("langSet", "langSec") and language(section) == wanted:
            found += [" ".join("".join(e.itertext()).split()) for e in section.iter() if local(e) == "term"]
    return [term for term in found if term]
