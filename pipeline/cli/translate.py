"""`it2en translate`: the translation stage on one file or on standard input, without cleaning or store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import Config, File, Set, app, read_bytes, settings_of, write_text

if TYPE_CHECKING:
    from pipeline.document import Document
    from pipeline.settings import Settings

PORTION = 1000  # lines or paragraphs translated before the first of them is printed


@app.command()
def translate(
    file: File,
    lines: Annotated[
        bool, typer.Option("--lines", help="One line in, one line out: for scoring with sacrebleu.")
    ] = False,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Translate Italian text to English: paragraphs of sentences, or with --lines each line as it is."""
    from pipeline.engines.choice import choose_models

    choice = choose_models(settings_of(config, set_))
    for notice in choice.notices[:1]:
        print(f"note: {notice}", file=sys.stderr)
    text = read_bytes(file).decode("utf-8-sig")
    for document in _translated(list(_documents(text, lines, choice.settings)), choice.settings):
        pairs = document.translation.pairs if document.translation else ()
        items = document.segments.items if document.segments else ()
        targets = {p.segment: " ".join(p.target.split()) for p in pairs}
        write_text("".join(targets[s.id] + s.after for s in items))


def _documents(text: str, lines: bool, settings: Settings) -> Iterator[Document]:
    """The text in portions that carry segments: each line one segment, or sentences."""
    from pipeline.document import CleanText, Document
    from pipeline.stages.segment import SegmentStage

    rows = text.removesuffix("\n").split("\n")
    splitter = SegmentStage(settings.segment, settings.run)
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        document = Document(str(start), "-")
        if lines:
            yield document.plus(_one_each(portion))
            continue
        document = document.plus(CleanText.verbatim("\n".join(portion) + "\n"))
        for _, segments in splitter.make([document]):
            yield document.plus(segments)


def _one_each(rows: Sequence[str]):  # type: ignore[no-untyped-def]
    from pipeline.document import Segment, Segments

    return Segments(tuple(Segment(i, i, 0, len(row), "paragraph", row, "\n") for i, row in enumerate(rows, 1)))


def _translated(documents: Sequence[Document], settings: Settings) -> Iterator[Document]:
    from pipeline.document import Failure, Skip
    from pipeline.engines.engine import Forgetful
    from pipeline.errors import DocumentError
    from pipeline.stages.translate import TranslateStage

    stage = TranslateStage(settings.translate, settings.run)
    stage.open(Forgetful())
    for document in documents:
        for _, made in stage.attempt([document]):
            if isinstance(made, Failure | Skip):
                raise DocumentError(f"lines from {int(document.id) + 1}: {made.message}")
            yield document.plus(made)
