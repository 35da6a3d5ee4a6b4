"""`it2en translate`: the translation stage on one file or on standard input, without cleaning or store."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import Config, File, Set, app, read_bytes, refuse_table, settings_of, write_text

if TYPE_CHECKING:
    from pipeline.document import Document, Segments
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

    text = _text(file, lines)
    choice = choose_models(settings_of(config, set_))
    for notice in choice.notices[:1]:
        print(f"note: {notice}", file=sys.stderr)
    for lead, document in _translated(_documents(text, lines, choice.settings), choice.settings):
        pairs = document.translation.pairs if document.translation else ()
        items = document.segments.items if document.segments else ()
        targets = {p.segment: " ".join(p.target.split()) for p in pairs}
        write_text(lead + "".join(targets[s.id] + (s.after or " ") for s in items))


def _text(file: str, lines: bool) -> str:
    """The file's text, its lines as they are. Raises UsageError for what is no text, and for pages and tables if it is to be one."""
    from pipeline.errors import UsageError
    from pipeline.inputs.decoding import decode
    from pipeline.inputs.reading import is_page

    if not lines:
        refuse_table(file)
    decoded = decode(read_bytes(file))
    if decoded is None:
        raise UsageError(f"{file}: is not text", "translate takes plain text; `it2en run` also reads HTML")
    if not lines and is_page(decoded.text):
        raise UsageError(
            f"{file}: is an HTML page",
            "`it2en clean` takes the article out of it: it2en clean FILE | it2en translate -",
        )
    return decoded.text.replace("\r\n", "\n")


def _documents(text: str, lines: bool, settings: Settings) -> Iterator[tuple[str, Document]]:
    """The text in portions that carry segments: each line one segment, or sentences. With the blank lines before each."""
    from pipeline.document import CleanText, Document
    from pipeline.stages.segment import SegmentStage

    rows = text.removesuffix("\n").split("\n") if text else []
    splitter = SegmentStage(settings.segment, settings.run)
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        document = Document(str(start), "-")
        if lines:
            yield "", document.plus(_one_each(portion))
            continue
        whole = "\n".join(portion) + "\n"
        clean = CleanText.verbatim(whole)
        for _, segments in splitter.make([document.plus(clean)]):
            yield whole[: len(whole) - len(clean.text)], document.plus(segments)


def _one_each(rows: Sequence[str]) -> Segments:
    from pipeline.document import Segment, Segments

    return Segments(tuple(Segment(i, i, 0, len(row), "paragraph", row, "\n") for i, row in enumerate(rows, 1)))


def _translated(documents: Iterable[tuple[str, Document]], settings: Settings) -> Iterator[tuple[str, Document]]:
    from pipeline.document import Failure, Skip
    from pipeline.engines.engine import Forgetful
    from pipeline.errors import DocumentError
    from pipeline.stages.translate import TranslateStage

    stage = TranslateStage(settings.translate, settings.run)
    stage.open(Forgetful())
    for lead, document in documents:
        for _, made in stage.attempt([document]):
            if isinstance(made, Failure | Skip):
                raise DocumentError(f"lines from {int(document.id) + 1}: {made.message}")
            yield lead, document.plus(made)
