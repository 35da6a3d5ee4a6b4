"""The terms that a user wants rendered in one way, or not at all: read from CSV and TBX files and from lists of strings.

Where they occur in the Italian, and whether the English has them, `terms.py` says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import ConfigError

_HEADERS = ({"source", "target"}, {"it", "en"}, {"italian", "english"}, {"italiano", "inglese"})


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
            text = _text(Path(item).expanduser(), "keep")
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


def _text(path: Path, key: Literal["glossary", "keep"] = "glossary") -> str:
    """What a file that a setting names has in it. Raises ConfigError, which names the setting."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        what = "a string to keep that ends in .txt is taken for a file; " if key == "keep" else ""
        raise ConfigError(
            f"translate.{key}: there is no file {path}",
            f"{what}paths are read from the folder that it2en is started in ({Path.cwd()}): correct or remove this one",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"translate.{key}: {path} is not UTF-8: {error}", "save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(
            f"translate.{key}: {path} cannot be read: {error.strerror}", "it must be a file that you may read"
        ) from error


def _csv(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """source,target[,note]; a header is optional, ';' and tabs separate as well, '|' separates alternatives of a target."""
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max("\t;,", key=lambda m: (first.count(m), m == ","))
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#") or {c.lower() for c in cells[:2]} in _HEADERS:
            continue
        targets = [t.strip() for t in cells[1].split("|") if t.strip()] if len(cells) > 1 else []
        if not cells[0] or not targets:
            raise ConfigError(
                f"translate.glossary: {path}:{number}: a row is source,target[,note]", f"this one is '{mark.join(row)}'"
            )
        yield cells[0], targets, cells[2] if len(cells) > 2 else ""


def _tbx(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """TBX (ISO 30042) of either generation: the Italian and English terms of each concept, elements known by local name."""
    text = _text(path)
    if "<!ENTITY" in text:
        raise ConfigError(f"translate.glossary: {path} declares entities, which are not read")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ConfigError(f"translate.glossary: {path} is not valid XML: {error}") from error
    concepts = [e for e in root.iter() if _local(e) in ("termEntry", "conceptEntry")]
    if not concepts:
        raise ConfigError(f"translate.glossary: {path} has no entries", "TBX has termEntry or conceptEntry elements")
    for concept in concepts:
        italian, english = _terms(concept, "it"), _terms(concept, "en")
        note = next((" ".join("".join(e.itertext()).split()) for e in concept.iter() if _local(e) == "note"), "")
        if english:
            yield from ((source, english, note) for source in italian)


def _terms(concept: ElementTree.Element, language: str) -> list[str]:
    found = []
    for section in concept.iter():
        code = next((v for k, v in section.attrib.items() if re.fullmatch(r"(?:\{.*\})?lang", k)), "")
        if _local(section) in ("langSet", "langSec") and code.lower().replace("_", "-").split("-")[0] == language:
            found += [" ".join("".join(e.itertext()).split()) for e in section.iter() if _local(e) == "term"]
    return [term for term in found if term]


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
