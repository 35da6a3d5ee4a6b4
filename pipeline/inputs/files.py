"""Which files make up a run: folders, globs and names become a list of `Found`, each with an id that is safe as a path.

Opens nothing but what it is asked to `load`, and that only after looking at its size and kind.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.document import Ending, Skip
from pipeline.errors import UsageError
from pipeline.inputs.found import Found, display, with_ids
from pipeline.inputs.walk import OWN, Walk, expanded, into, unreadable
from pipeline.settings import Inputs


def find(
    patterns: Sequence[str], settings: Inputs, aside: Counter[str] | None = None, own: Path | None = None
) -> list[Found]:
    """All inputs that the patterns name, each once, sorted within a pattern.

    Folders are read recursively, without hidden files and other suffixes; a file named outright is always taken. `aside`
    is told how many files of which other suffixes the folders hold; `own` is the folder that the results go into, which is
    never read. Raises UsageError when a path does not exist, nothing at all is found, or `own` is one of the folders.
    """
    found: dict[str, tuple[Path, Found]] = {}
    walk = Walk(settings, Counter() if aside is None else aside, own)
    for pattern in patterns:
        walk.linked.clear()
        for root, one in expanded(pattern, walk):
            one = walk.not_own(one)
            found.setdefault(os.path.abspath(one.file), (root, one))  # noqa: PTH100 - resolve() would follow links
    if not found:
        named = ", ".join(display(p) for p in patterns) or "nothing"
        kinds, others = ", ".join(settings.suffixes), counted(walk.aside)
        there = f"; they hold {others}" if others else ""
        advice = f"name files, folders or globs; folders are searched for {kinds} (inputs.suffixes){there}"
        raise UsageError(f"no input files in {named}", advice)
    if all(one.problem is OWN for _, one in found.values()):
        raise into(next(iter(found.values()))[1].file)
    return with_ids(list(found.values()))


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
        return unreadable(error)
    return data if len(data) <= settings.max_bytes else too_large(len(data), settings)


def too_large(size: int, settings: Inputs) -> Skip:
    """The end of an input of `size` bytes, and what to do about it."""
    message = f"has {size:,} bytes, more than inputs.max_bytes ({settings.max_bytes:,}); raise it to read this"
    return Skip("inputs", "too_large", message)
