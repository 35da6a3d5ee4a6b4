"""What a document is written as: one table of formats, each a pure function from a document to the contents of files.

A writer returns file name -> content (text with LF line ends, to be encoded as UTF-8, in pieces that are made as they are
asked for, once) and touches no disk: placing the files, replacing them and removing stale ones is the runner's. Nothing written
holds a timestamp or a path of the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import cast

from pipeline.document import Document
from pipeline.errors import UsageError
from pipeline.writers.run_info import RunInfo

Files = Mapping[str, Iterable[str]]
Writer = Callable[[Document, RunInfo], Files]

VERSION = 7
"""Goes up whenever the same document would be written differently in any format, so that old files are written anew."""

WRITERS: Mapping[str, str] = {
    "text": "pipeline.writers.text:write",
    "segments": "pipeline.writers.segments:write",
    "json": "pipeline.writers.json_document:write",
    "review": "pipeline.writers.review:write",
    "tmx": "pipeline.writers.tmx:write",
}
"""Format -> "module:function", loaded when first asked for."""

FILES: Mapping[str, tuple[str, ...]] = {
    "text": ("clean.it.txt", "translation.en.txt", "summary.en.txt"),
    "segments": ("segments.tsv",),
    "json": ("document.json",),
    "review": ("review.html",),
    "tmx": ("translation.tmx",),
}
"""Format -> every file name it may ever write; those it did not write this time are stale."""


def load(name: str) -> Writer:
    """The writer of a format. Raises UsageError for a name that is not in the table."""
    if name not in WRITERS:
        raise UsageError(f"there is no output format '{name}'", f"known formats: {', '.join(WRITERS)}")
    module, function = WRITERS[name].split(":")
    return cast(Writer, getattr(import_module(module), function))


def write_document(document: Document, run: RunInfo, formats: Sequence[str]) -> dict[str, Iterable[str]]:
    """The files of all these formats together: file name -> content in pieces. Raises UsageError for an unknown format."""
    files: dict[str, Iterable[str]] = {}
    for name in formats:
        files |= load(name)(document, run)
    return files
