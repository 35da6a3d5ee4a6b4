"""From folders, globs and names to files: how folders and links are walked, and what is not entered.

What is found is read elsewhere; nothing is opened here but folders.
"""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.document import Ending, Failure, Skip
from pipeline.errors import UsageError
from pipeline.inputs.found import Found, Rooted, display, is_folder
from pipeline.settings import Inputs

_MAGIC = re.compile(r"[*?\[]")
EARLIER = Skip("inputs", "own_output", "holds the results of an earlier run; name it outright to read them")
OWN = Skip("inputs", "own_output", "is where the results of this run go")


def expanded(pattern: str, walk: Walk) -> Iterator[Rooted]:
    """Each input that one pattern names, with the folder that its id is relative to."""
    path = Path(pattern)
    if not pattern or "\0" in pattern or (not os.path.lexists(path) and not _MAGIC.search(pattern)):
        raise UsageError(
            f"no such file or folder: '{display(pattern)}'", "check the path; globs work too, e.g. 'in/**/*.txt'"
        )
    if is_folder(path):
        if _identity(path) == walk.own:
            raise into(path)
        yield from ((path, one) for one in walk.folder(path))
    elif os.path.lexists(path):
        yield path.parent, _found(path)
    else:
        anchor, parts = _anchored(path)
        explicit = bool(Path(parts[-1]).suffix) and not _MAGIC.search(Path(parts[-1]).suffix)
        for match in _matches(anchor, parts, walk):
            if is_folder(match):
                yield from ((anchor, one) for one in walk.folder(match, outright=False))
            elif explicit or walk.wanted(match.name):
                yield anchor, _found(match)
        yield from ((anchor, _found(results, EARLIER)) for results in walk.results)
        walk.results.clear()


def _anchored(path: Path) -> tuple[Path, list[str]]:
    """The folder before the first wildcard, and the parts from there on."""
    parts = list(path.parts)
    first = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
    return Path(*parts[:first]), parts[first:]


def _matches(folder: Path, parts: Sequence[str], walk: Walk) -> Iterator[Path]:
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
            elif is_folder(entry):
                yield from _matches(folder / entry.name, rest, walk)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda e: e.name)
    except OSError:
        return []


def _found(file: Path, problem: Ending | None = None) -> Found:
    return Found("", display(file), file, problem)


class Walk:
    """Goes through folders and their links. Each real folder is entered through links at most once, so walks end."""

    def __init__(self, settings: Inputs, aside: Counter[str], own: Path | None) -> None:
        self.suffixes, self.aside = tuple(s.lower() for s in settings.suffixes), aside
        self.own = _identity(own) if own and is_folder(own) else None
        self._own, self._is_own = own or Path(), dict[Path, bool]()
        self.told = set[tuple[int, int]]()
        self.results: list[Path] = []
        self.linked: dict[tuple[int, int], Path] = {}

    def not_own(self, found: Found) -> Found:
        """What was found; for a file below the folder that the results go into, where globs lead too, that folder as a problem."""
        folder = found.file.parent
        if self.own and folder not in self._is_own:
            self._is_own[folder] = Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(self._own))
        return _found(self._own, OWN) if self._is_own.get(folder) else found

    def wanted(self, name: str) -> bool:
        """Whether folders are read for files of this name."""
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
            below = [e for e in _listed(folder) if not e.name.startswith(".") and is_folder(e, follow=False)]
            stack += [folder / e.name for e in reversed(below)]

    def folder(self, top: Path, outright: bool = True) -> Iterator[Found]:
        """Every wanted file below `top`, and a problem for every folder that cannot be entered. Results are read if `top` is named `outright`."""
        stack: list[tuple[Path, frozenset[tuple[int, int]]]] = [(top, frozenset())]
        while stack:
            path, above = stack.pop()
            if not is_folder(path):
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
                yield _found(path, unreadable(error))
                continue
            self._leave_aside(identity, listed)
            stack += [(path / e.name, above | {identity}) for e in listed if self._of_interest(e)]

    def _of_interest(self, entry: os.DirEntry[str]) -> bool:
        return not entry.name.startswith(".") and (is_folder(entry) or self.wanted(entry.name))

    def _leave_aside(self, folder: tuple[int, int], entries: Sequence[os.DirEntry[str]]) -> None:
        """Count what a folder holds beside, once, however many patterns lead there. Our own store is nothing to be told of."""
        if folder not in self.told:
            others = (e for e in entries if not (e.name.startswith((".", "it2en.sqlite")) or self.wanted(e.name)))
            endings = (display(Path(e.name).suffix.lower()) for e in others if not is_folder(e))
            self.aside.update(ending or "without ending" for ending in endings)
        self.told.add(folder)

    def _refusal(self, path: Path, above: frozenset[tuple[int, int]], outright: bool) -> Ending | None:
        """Why a folder is not entered (again), or None."""
        try:
            identity = _identity(path)
        except OSError as error:
            return unreadable(error)
        if identity == self.own:
            return OWN
        if not outright and _holds_results(path):
            return EARLIER
        if identity in above:
            return Skip("inputs", "symlink_loop", "is a link back to a folder that it lies in")
        if path.is_symlink():
            if identity in self.linked:
                return Skip("inputs", "already_read", f"links to the same folder as {display(self.linked[identity])}")
            self.linked[identity] = path
        return None


_RESULTS = (("run.json", "index.html"), ("compare.tsv", "compare.html"))


def _holds_results(folder: Path) -> bool:
    """Whether a run or a comparison of two has written into a folder."""
    return any(all((folder / name).is_file() for name in names) for names in _RESULTS)


def into(folder: Path) -> UsageError:
    """That inputs and outputs would be one folder."""
    return UsageError(f"'{display(folder)}' is where the results would go", "choose another --out or --name")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def unreadable(error: OSError) -> Ending:
    """The end of an input that the system does not give out."""
    if error.errno == errno.ELOOP:
        return Skip("inputs", "symlink_loop", "is a link that leads back to itself")
    return Failure("inputs", type(error).__name__, f"cannot be read: {error.strerror or error}")
