"""What is found for a run, and how it is named for people and for the disk: `Found`, printable paths, ids that are safe as paths.

Looks at nothing on disk but whether a path is a folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipeline.document import Ending

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
_RESERVED = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?"
    r"|index\.html|run\.json|consistency\.tsv|documents\.(jsonl|parquet)|it2en\.sqlite"
)  # Windows' and our own
_MAX_PART = 80  # characters, and at most 200 bytes in UTF-8, so that a run's folder and file names still fit
Rooted = tuple[Path, "Found"]
"""An input, and the folder that its id is relative to."""


@dataclass(frozen=True, slots=True)
class Found:
    """One input: `id` names its output folder, `path` is for people, `file` is for opening; `problem` says why it cannot be.

    `path` begins with the name of the folder that was searched, whatever way that folder was named. A row of a table has its
    number in `row`, and in `mark` what tells it from another of the same id. `size` is in bytes, as far as it is known.
    """

    id: str
    path: str
    file: Path
    problem: Ending | None = None
    row: int | None = None
    mark: str = ""
    size: int = 0

    @property
    def format(self) -> Literal["txt", "html"]:
        """How `read` should take the bytes; an unknown suffix is text."""
        return "html" if self.file.suffix.lower() in HTML_SUFFIXES else "txt"


def display(path: str | Path) -> str:
    """A path as one printable line: control characters and undecodable bytes are escaped."""
    text = str(path).replace(os.sep, "/")
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # how Python writes an undecodable byte of a file name
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def with_ids(rooted: Sequence[Rooted]) -> list[Found]:
    """Ids and displayed paths from the paths below the roots, so that both are the same wherever the folder lies.

    A hash of the displayed path tells apart what would share an output folder; two roots of the same name take the whole path.
    """
    shown = [_shown(root, one) for root, one in rooted]
    plain = [_id(root, one) for root, one in rooted]
    used, times = Counter(name.casefold() for name, _ in plain), Counter(shown)
    parents = {
        "/".join(parts[:n]) for name, _ in plain for parts in [name.casefold().split("/")] for n in range(1, len(parts))
    }
    made = []
    for (_, one), path, (name, changed) in zip(rooted, shown, plain, strict=True):
        clash = used[name.casefold()] > 1 or name.casefold() in parents
        mark = path if times[path] == 1 else one.path
        made.append(replace(one, id=_marked(name, mark) if changed or clash else name, path=path))
    return made


def _relative(root: Path, one: Found) -> Path:
    return one.file.relative_to(root) if one.file.is_relative_to(root) else Path(one.file.name)


def _shown(root: Path, one: Found) -> str:
    """The path from the root's own name on: what a person recognises, and the same on every machine."""
    return display(Path(root.absolute().name) / _relative(root, one))


def _id(root: Path, one: Found) -> tuple[str, bool]:
    """The id before clashes are looked at, and whether a part of the path had to be changed for it."""
    relative = _relative(root, one)
    parts = [*relative.parts[:-1], relative.stem if not is_folder(one.file) else relative.name]
    safe = [safe_name(unicodedata.normalize("NFC", part)) for part in parts] or ["_"]
    return "/".join(safe), safe != [unicodedata.normalize("NFC", part) for part in parts]


def safe_name(part: str) -> str:
    """A name as a folder may have on any system: no separators, control characters, leading dots; at most 80 characters."""
    part = _ILLEGAL.sub("_", part).lstrip(". ").rstrip(". ")
    part = part[:_MAX_PART]
    while len(part.encode()) > 200:
        part = part[:-1]
    part = part.rstrip(". ") or "_"
    return f"_{part}" if _RESERVED.fullmatch(part) else part


def _marked(name: str, path: str) -> str:
    return f"{name}-{hashlib.blake2b(path.encode(), digest_size=4).hexdigest()}"


def is_folder(place: Path | os.DirEntry[str], follow: bool = True) -> bool:
    """Whether there is a folder; not where nobody may look, and not where a link leads to itself."""
    try:
        return place.is_dir(follow_symlinks=follow) if isinstance(place, os.DirEntry) else place.is_dir()
    except OSError:
        return False
