"""Which files make up a run: folders, globs and names become a list of `Found`, each with an id that is safe as a path.

Opens nothing but what it is asked to `load`, and that only after looking at its size and kind.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from pipeline.document import Ending, Failure, Skip
from pipeline.errors import UsageError
from pipeline.settings import Inputs

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_MAGIC = re.compile(r"[*?\[]")
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
_RESERVED = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?"
    r"|index\.html|run\.json|consistency\.tsv|documents\.(jsonl|parquet)|it2en\.sqlite"
)  # Windows' and our own
_EARLIER = Skip("inputs", "own_output", "holds the results of an earlier run; name it outright to read them")
_OWN = Skip("inputs", "own_output", "is where the results of this run go")
_MAX_PART = 80  # characters, and at most 200 bytes in UTF-8, so that a run's folder and file names still fit


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


def find(
    patterns: Sequence[str], settings: Inputs, aside: Counter[str] | None = None, own: Path | None = None
) -> list[Found]:
    """All inputs that the patterns name, each once, sorted within a pattern.

    Folders are read recursively, without hidden files and other suffixes; a file named outright is always taken. `aside`
    is told how many files of which other suffixes the folders hold; `own` is the folder that the results go into, which is
    never read. Raises UsageError when a path does not exist, nothing at all is found, or `own` is one of the folders.
    """
    found: dict[str, tuple[Path, Found]] = {}
    walk = _Walk(settings, Counter() if aside is None else aside, own)
    for pattern in patterns:
        walk.linked.clear()
        for root, one in _expand(pattern, walk):
            one = walk.not_own(one)
            found.setdefault(os.path.abspath(one.file), (root, one))  # noqa: PTH100 - resolve() would follow links
    if not found:
        named = ", ".join(display(p) for p in patterns) or "nothing"
        kinds, others = ", ".join(settings.suffixes), counted(walk.aside)
        there = f"; they hold {others}" if others else ""
        advice = f"name files, folders or globs; folders are searched for {kinds} (inputs.suffixes){there}"
        raise UsageError(f"no input files in {named}", advice)
    if all(one.problem is _OWN for _, one in found.values()):
        raise _into(next(iter(found.values()))[1].file)
    return _with_ids(list(found.values()))


def counted(suffixes: Mapping[str, int], most: int = 8) -> str:
    """How many files of which suffixes, the commonest first: '12 .csv, 1 .pdf'."""
    ordered = sorted(suffixes.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{n} {suffix}" for suffix, n in ordered[:most]) + (", …" if len(ordered) > most else "")


def load(found: Found, settings: Inputs) -> bytes | Ending:
    """The file's bytes. Anything but a regular file, and a file over `inputs.max_bytes`, is skipped without opening it."""
    if found.problem is not None:
        return found.problem
    try:
        status = found.file.stat()
        if not stat.S_ISREG(status.st_mode):
            return Skip("inputs", "not_a_file", "is not a regular file")
        if status.st_size > settings.max_bytes:
            return too_large(status.st_size, settings)
        with found.file.open("rb") as stream:
            data = stream.read(settings.max_bytes + 1)  # it may have grown since
    except OSError as error:
        return _unreadable(error)
    return data if len(data) <= settings.max_bytes else too_large(len(data), settings)


def display(path: str | Path) -> str:
    """A path as one printable line: control characters and undecodable bytes are escaped."""
    text = str(path).replace(os.sep, "/")
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # how Python writes an undecodable byte of a file name
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def too_large(size: int, settings: Inputs) -> Skip:
    """The end of an input of `size` bytes, and what to do about it."""
    message = f"has {size:,} bytes, more than inputs.max_bytes ({settings.max_bytes:,}); raise it to read this"
    return Skip("inputs", "too_large", message)


def _unreadable(error: OSError) -> Ending:
    if error.errno == errno.ELOOP:
        return Skip("inputs", "symlink_loop", "is a link that leads back to itself")
    return Failure("inputs", type(error).__name__, f"cannot be read: {error.strerror or error}")


# ---- from patterns to files

Rooted = tuple[Path, Found]


def _expand(pattern: str, walk: _Walk) -> Iterator[Rooted]:
    """Each input that one pattern names, with the folder that its id is relative to."""
    path = Path(pattern)
    if not pattern or "\0" in pattern or (not os.path.lexists(path) and not _MAGIC.search(pattern)):
        raise UsageError(
            f"no such file or folder: '{display(pattern)}'", "check the path; globs work too, e.g. 'in/**/*.txt'"
        )
    if _is_folder(path):
        if _identity(path) == walk.own:
            raise _into(path)
        yield from ((path, one) for one in walk.folder(path))
    elif os.path.lexists(path):
        yield path.parent, _found(path)
    else:
        anchor, parts = _anchored(path)
        explicit = bool(Path(parts[-1]).suffix) and not _MAGIC.search(Path(parts[-1]).suffix)
        for match in _matches(anchor, parts, walk):
            if _is_folder(match):
                yield from ((anchor, one) for one in walk.folder(match, outright=False))
            elif explicit or walk.wanted(match.name):
                yield anchor, _found(match)
        yield from ((anchor, _found(results, _EARLIER)) for results in walk.results)
        walk.results.clear()


def _anchored(path: Path) -> tuple[Path, list[str]]:
    """The folder before the first wildcard, and the parts from there on."""
    parts = list(path.parts)
    first = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
    return Path(*parts[:first]), parts[first:]


def _matches(folder: Path, parts: Sequence[str], walk: _Walk) -> Iterator[Path]:
    """Paths under `folder` that match the glob's parts; hidden ones only where the pattern names the dot."""
    part, rest = parts[0], parts[1:]
    if part == "**":
        for below in walk.folders(folder):
            yield from _matches(below, rest or ["*"], walk)
        return
    for entry in _listed(folder):
        if fnmatchcase(entry.name, part) and (not entry.name.startswith(".") or part.startswith(".")):
            if not rest:
                yield folder / entry.name
            elif _is_folder(entry):
                yield from _matches(folder / entry.name, rest, walk)


def _is_folder(place: Path | os.DirEntry[str], follow: bool = True) -> bool:
    """Whether there is a folder; not where nobody may look, and not where a link leads to itself."""
    try:
        return place.is_dir(follow_symlinks=follow) if isinstance(place, os.DirEntry) else place.is_dir()
    except OSError:
        return False


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda e: e.name)
    except OSError:
        return []


def _found(file: Path, problem: Ending | None = None) -> Found:
    return Found("", display(file), file, problem)


class _Walk:
    """Goes through folders and their links. Each real folder is entered through links at most once, so walks end."""

    def __init__(self, settings: Inputs, aside: Counter[str], own: Path | None) -> None:
        self.suffixes, self.aside = tuple(s.lower() for s in settings.suffixes), aside
        self.own = _identity(own) if own and _is_folder(own) else None
        self._own, self._is_own = own or Path(), dict[Path, bool]()
        self.told = set[tuple[int, int]]()
        self.results: list[Path] = []
        self.linked: dict[tuple[int, int], Path] = {}

    def not_own(self, found: Found) -> Found:
        """What was found; for a file below the folder that the results go into, where globs lead too, that folder as a problem."""
        folder = found.file.parent
        if self.own and folder not in self._is_own:
            self._is_own[folder] = Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(self._own))
        return _found(self._own, _OWN) if self._is_own.get(folder) else found

    def wanted(self, name: str) -> bool:
        return not name.startswith(".") and name.lower().endswith(self.suffixes)

    def folders(self, top: Path) -> Iterator[Path]:
        """`top` and every folder below it, links and the results of earlier runs left aside."""
        stack = [top]
        while stack:
            folder = stack.pop()
            if folder != top and _holds_results(folder):
                self.results.append(folder)
                continue
            yield folder
            below = [e for e in _listed(folder) if not e.name.startswith(".") and _is_folder(e, follow=False)]
            stack += [folder / e.name for e in reversed(below)]

    def folder(self, top: Path, outright: bool = True) -> Iterator[Found]:
        """Every wanted file below `top`, and a problem for every folder that cannot be entered. Results are read if `top` is named `outright`."""
        stack: list[tuple[Path, frozenset[tuple[int, int]]]] = [(top, frozenset())]
        while stack:
            path, above = stack.pop()
            if not _is_folder(path):
                yield _found(path)
                continue
            problem = self._refusal(path, above, outright and path == top)
            if problem is not None:
                yield _found(path, problem)
                continue
            try:
                with os.scandir(path) as entries:
                    listed = sorted(entries, key=lambda e: e.name, reverse=True)
                identity = _identity(path)
            except OSError as error:
                yield _found(path, _unreadable(error))
                continue
            self._leave_aside(identity, listed)
            stack += [(path / e.name, above | {identity}) for e in listed if self._of_interest(e)]

    def _of_interest(self, entry: os.DirEntry[str]) -> bool:
        return not entry.name.startswith(".") and (_is_folder(entry) or self.wanted(entry.name))

    def _leave_aside(self, folder: tuple[int, int], entries: Sequence[os.DirEntry[str]]) -> None:
        """Count what a folder holds beside, once, however many patterns lead there. Our own store is nothing to be told of."""
        if folder not in self.told:
            others = (e for e in entries if not (e.name.startswith((".", "it2en.sqlite")) or self.wanted(e.name)))
            endings = (display(Path(e.name).suffix.lower()) for e in others if not _is_folder(e))
            self.aside.update(ending or "without ending" for ending in endings)
        self.told.add(folder)

    def _refusal(self, path: Path, above: frozenset[tuple[int, int]], outright: bool) -> Ending | None:
        """Why a folder is not entered (again), or None."""
        try:
            identity = _identity(path)
        except OSError as error:
            return _unreadable(error)
        if identity == self.own:
            return _OWN
        if not outright and _holds_results(path):
            return _EARLIER
        if identity in above:
            return Skip("inputs", "symlink_loop", "is a link back to a folder that it lies in")
        if path.is_symlink():
            if identity in self.linked:
                return Skip("inputs", "already_read", f"links to the same folder as {display(self.linked[identity])}")
            self.linked[identity] = path
        return None


def _holds_results(folder: Path) -> bool:
    return (folder / "run.json").is_file() and (folder / "index.html").is_file()


def _into(folder: Path) -> UsageError:
    return UsageError(f"'{display(folder)}' is where the results would go", "choose another --out or --name")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


# ---- ids


def _with_ids(rooted: Sequence[Rooted]) -> list[Found]:
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
    parts = [*relative.parts[:-1], relative.stem if not _is_folder(one.file) else relative.name]
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
