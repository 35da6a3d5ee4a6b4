"""Plain text, one file a language: the clean Italian, the English, the summary. Nothing but the text itself."""

from __future__ import annotations

from pipeline.document import Document
from pipeline.writers.encoding import file
from pipeline.writers.reading import Side, sides
from pipeline.writers.run_info import RunInfo

MISSING = "[no translation]"
"""Stands where a sentence has no English, so that nothing is missing unnoticed and paragraphs keep their count."""


def write(document: Document, run: RunInfo) -> dict[str, str]:
    """`clean.it.txt`, `translation.en.txt` and `summary.en.txt`, as far as their artifacts are there."""
    files = {}
    if document.clean:
        files["clean.it.txt"] = file(document.clean.text)
    if document.translation and document.segments:
        files["translation.en.txt"] = file("".join(map(_english, sides(document))).rstrip(" "))
    if document.summary:
        files["summary.en.txt"] = file(document.summary.text)
    return files


def _english(side: Side) -> str:
    """A sentence in English followed by what follows the Italian one: same paragraphs, same blank lines.

    Where the Italian lacks the space between two sentences the English has one. Line breaks within a translation become spaces: they would make paragraphs that the Italian does not have.
    """
    target = " ".join(side.pair.target.split()) if side.pair else ""
    return (target or MISSING) + (side.segment.after or " ")
