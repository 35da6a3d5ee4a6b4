from __future__ import annotations

import io

import pytest

from pipeline.document import Generation
from pipeline.passes import Meter
from pipeline.progress import Lines, Live, Progress, Silent
from pipeline.result import StageCount
from pipeline.store import Store

GENERATION = Generation("x", -0.1, 1, 1)


class Total(Silent):
    """Adds up how far the bar is."""

    def __init__(self) -> None:
        self.documents, self.sentences = 0.0, 0

    def advance(self, documents: float) -> None:
        self.documents += documents

    def decoded(self, sentences: int) -> None:
        self.sentences += sentences


def test_sentences_move_the_bar_between_documents_and_never_past_them() -> None:
    shown, count = Total(), StageCount()
    with Store(":memory:") as store:
        meter = Meter(store, shown, count)
        meter.expect(2, 4)
        meter.keep("s", {"a": GENERATION})
        assert shown.documents == pytest.approx(0.5)
        for text in "bcdefg":
            meter.keep("s", {text: GENERATION})
        assert shown.documents == pytest.approx(2)
        meter.finish(5)
    assert shown.documents == pytest.approx(5)
    assert (count.decoded, shown.sentences) == (7, 7)


def test_documents_that_need_no_decoding_move_the_bar_as_they_are_made() -> None:
    shown = Total()
    with Store(":memory:") as store:
        meter = Meter(store, shown, StageCount())
        meter.expect(3, 30)
        meter.made(2)
        assert shown.documents == pytest.approx(2)
        meter.finish(3)
    assert shown.documents == pytest.approx(3)


def test_plain_lines_tell_rate_and_time_left() -> None:
    stream = io.StringIO()
    lines = Lines(stream, every=0.0)
    lines.begin("translate", 10)
    lines.decoded(20)
    lines.advance(2)
    lines.end("2 made")
    said = stream.getvalue().splitlines()
    assert "2 of 10 documents, 20 sentences (" in said[1]
    assert "left" in said[1]
    assert said[-1] == "translate  2 made"


@pytest.mark.parametrize("make", [Silent, Lines, Live])
def test_every_kind_of_progress_takes_a_whole_run(make: type[Progress]) -> None:
    progress = make()
    for documents in (0, 3):
        progress.begin("clean", documents)
        progress.advance(0.5)
        progress.decoded(3)
        progress.end("done")
