"""Putting a sentence to the model with another ending, and what is told where it says something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from pipeline.document import Document, Generation, Pair, Segment, Segments, Translation
from pipeline.engines.engine import Engine, Forgetful
from pipeline.settings import Check, Run, Translate
from pipeline.stages.flagging.consistency import unstable
from pipeline.stages.translate import TranslateStage
from pipeline.stages.translation.probing import likeness

SOUND = "Il ponte è chiuso da ieri."
SHAKY = "La nave resta in porto."
TEXTS = {
    SOUND: "The bridge has been closed since yesterday.",
    SOUND[:-1]: "The bridge has been closed since yesterday",
    SHAKY: "The ship stays in port.",
    SHAKY[:-1]: "Commission of the European Communities",
}


class Scripted(Engine):
    """Says what the script says, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    limit = 100

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 1 for text in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        self.asked += texts
        yield from ((i, Generation(TEXTS[t], -0.2, 6, 6)) for i, t in enumerate(texts))


def translated(monkeypatch: pytest.MonkeyPatch, probe: bool, *texts: str) -> tuple[list[Translation], Scripted]:
    engine = Scripted()
    monkeypatch.setattr("pipeline.stages.translate.open_engine", lambda *_: engine)
    stage = TranslateStage(Translate(model="embedded/it-en", engine="transformers", probe=probe), Run())
    stage.open(Forgetful())
    documents = [
        Document(f"d{k}", "d").plus(Segments((Segment(1, 1, 0, len(text), "paragraph", text, ""),)))
        for k, text in enumerate(texts)
    ]
    made = dict(stage.make(documents))
    return [made[i] for i in range(len(texts))], engine  # type: ignore[misc]


def test_what_changes_with_the_full_stop_is_kept_beside_the_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    (sound, shaky), _ = translated(monkeypatch, True, SOUND, SHAKY)
    assert sound.pairs[0].variant == ""
    assert (shaky.pairs[0].target, shaky.pairs[0].variant) == (TEXTS[SHAKY], TEXTS[SHAKY[:-1]])


def test_nothing_is_decoded_twice_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    _, engine = translated(monkeypatch, False, SOUND, SHAKY)
    assert sorted(engine.asked) == sorted([SOUND, SHAKY])


def test_the_translations_are_those_of_a_run_without(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, _ = translated(monkeypatch, False, SOUND, SHAKY)
    asked, _ = translated(monkeypatch, True, SOUND, SHAKY)
    assert [replace(t.pairs[0], variant="") for t in asked] == [t.pairs[0] for t in plain]


def document(variant: str) -> Document:
    return Document("d", "d").plus(
        Translation((Pair(1, SHAKY, TEXTS[SHAKY], -0.2, 6, 6, "model", variant=variant),), "m")
    )


def test_another_text_is_flagged_with_it() -> None:
    (found,) = unstable(document(TEXTS[SHAKY[:-1]]), Check())
    assert (found.segment, found.message) == (1, "with another ending: Commission of the European Communities")


@pytest.mark.parametrize("variant", ["", "The ship remains in port"])
def test_a_synonym_is_no_other_text(variant: str) -> None:
    assert not list(unstable(document(variant), Check()))


def test_likeness_goes_by_words_whatever_their_case_and_marks() -> None:
    assert likeness("The port, closed!", "the port closed") == 1
    assert likeness("The port is closed", "A ship") == 0
