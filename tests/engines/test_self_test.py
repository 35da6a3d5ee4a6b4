from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engines import open_engine
from pipeline.engines.engine import Engine, Generation
from pipeline.engines.models import Model, resolve
from pipeline.engines.self_test import ARTICLE, ENGLISH, SENTENCES, bar_of, self_test, task_of
from pipeline.errors import ModelBroken
from pipeline.settings import Decoding, Run

GOOD = (
    "The Prime Minister met with reporters Friday morning in Rome.",
    "The European Central Bank has decided to raise interest rates.",
    "The two countries have signed a military cooperation agreement.",
)
FREE = (
    "The premier met the press in Rome on Friday.",
    "Europe's central bank decided that rates of interest should go up.",
    "Both nations signed a deal on military cooperation.",
)
WEAK = (
    "The first minister has met the journal of the morning.",
    "The central bank of the euro has to put the rate.",
    "The two country has a firm of the army.",
)
SUMMARY = (
    "The old fish market of a small port will close after more than a century. "
    "Repairing it would cost nine million euros. Residents want to turn it into a museum of the sea."
)
OPUS = Model("Helsinki-NLP/opus-mt-it-en", "hub", None, "c", "c")
OWN = Model("own", "local", None, None, "d")
EMBEDDED = Model("embedded/it-en", "embedded", None, None, "e")
BART = Model("facebook/bart-large-cnn", "hub", None, "c", "c")


class Says(Engine):
    """An engine that has its answers ready."""

    limit = 512

    def __init__(self, *answers: str, score: float = -0.3) -> None:
        self.answers, self.score = answers, score

    def count(self, texts: Sequence[str]) -> list[int]:
        return [1 for _ in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        for i, answer in enumerate(self.answers[: len(texts)]):
            yield i, Generation(answer, self.score, 9, 9)


@pytest.mark.parametrize(
    ("model", "answers"), [(OPUS, GOOD), (OWN, GOOD), (OWN, FREE), (EMBEDDED, WEAK), (EMBEDDED, GOOD)]
)
def test_a_working_translator_passes_its_bar(model: Model, answers: Sequence[str]) -> None:
    result = self_test(Says(*answers), model, "translate")
    assert result.bar == bar_of(model)
    assert 0 < result.found <= result.expected
    assert result.answers[0] == (SENTENCES[0][0], answers[0])


def test_a_model_that_goes_the_other_way_is_asked_in_english() -> None:
    italian = (
        "Il primo ministro ha incontrato i giornalisti venerdì mattina a Roma.",
        "La Banca centrale europea ha deciso di alzare i tassi d'interesse.",
        "I due paesi hanno firmato un'intesa militare.",
    )
    result = self_test(Says(*italian), OWN, "read")
    assert result.answers[0] == (ENGLISH[0][0], italian[0])
    assert (result.task, result.found, result.expected) == ("read", 12, 12)
    with pytest.raises(ModelBroken, match="copies"):
        self_test(Says(*(text for text, _ in ENGLISH)), OWN, "read")
    with pytest.raises(ModelBroken, match="expected words"):
        self_test(Says(*SUMMARY.split(". ")), OWN, "read")


@pytest.mark.parametrize("model", [OPUS, OWN])
def test_what_is_enough_for_the_embedded_model_is_not_for_others(model: Model) -> None:
    with pytest.raises(ModelBroken, match="expected words"):
        self_test(Says(*WEAK), model, "translate")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "says nothing"),
        ("… --- !", "says nothing"),
        ("Премьер-министр встретился с журналистами в пятницу.", "Latin"),
        ("9 8 7 6 5 4 3 a 2 1", "Latin"),
        ("the the the the the the the the", "repeats itself"),
        ("prime minister of prime minister of prime minister of prime minister", "repeats itself"),
        (SENTENCES[0][0], "copies"),
        ("Il primo ministro ha incontrato giornalisti Friday a Roma.", "copies"),
    ],
)
@pytest.mark.parametrize("model", [OPUS, EMBEDDED])
def test_gibberish_is_told_whatever_the_model(answer: str, fault: str, model: Model) -> None:
    with pytest.raises(ModelBroken, match=fault):
        self_test(Says(answer, SENTENCES[1][0] if fault == "copies" else answer, GOOD[2]), model, "translate")


def test_one_answer_of_the_embedded_model_may_be_no_sentence() -> None:
    loop = "the of the of the of the of the of"
    assert self_test(Says(loop, *GOOD[1:]), EMBEDDED).bar == "embedded model"
    for model in (OPUS, OWN):
        with pytest.raises(ModelBroken, match="repeats"):
            self_test(Says(loop, *GOOD[1:]), model, "translate")


def test_a_score_that_is_no_number_is_told() -> None:
    with pytest.raises(ModelBroken, match="score"):
        self_test(Says(*GOOD, score=float("-inf")), OPUS)


def test_english_about_something_else_is_told() -> None:
    other = ("I don't know what that is.", "We are going there now.", "This is a very nice garden.")
    for model in (OPUS, OWN, EMBEDDED):
        with pytest.raises(ModelBroken, match="expected words"):
            self_test(Says(*other), model, "translate")


def test_a_model_that_changes_its_mind_is_told() -> None:
    class Fickle(Says):
        def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
            self.score -= 0.1
            return super().stream(texts)

    with pytest.raises(ModelBroken, match="twice"):
        self_test(Fickle(*GOOD), OPUS)


def test_a_working_summariser_passes() -> None:
    result = self_test(Says(SUMMARY), BART)
    assert result.task == "summarise"
    assert result.answers == ((ARTICLE, SUMMARY),)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "says nothing"),
        (ARTICLE, "not shorter"),
        ("market market market market market market market", "repeats itself"),
        ("Yesterday our team won every game it played abroad, fans celebrated wildly.", "little to do"),
    ],
)
def test_a_broken_summariser_is_told(answer: str, fault: str) -> None:
    with pytest.raises(ModelBroken, match=fault):
        self_test(Says(answer), BART)


def test_the_task_follows_from_the_name_or_the_checkpoint(marian: Path, bart: Path, tmp_path: Path) -> None:
    assert task_of(BART) == "summarise"
    assert task_of(replace(OPUS, name="Helsinki-NLP/opus-mt-tc-big-it-en")) == "translate"
    assert task_of(resolve(str(marian), "translate")) == "translate"
    assert task_of(resolve(str(bart), "summarise")) == "summarise"
    assert task_of(resolve("embedded/en-it", "read")) == "read"
    reader = shutil.copytree(marian, tmp_path / "reader") / "tokenizer_config.json"
    reader.write_text('{"source_lang": "eng", "target_lang": "ita"}', encoding="utf-8")
    assert task_of(resolve(str(reader.parent), "read")) == "read"
    reader.unlink()
    assert task_of(resolve(str(reader.parent), "translate")) == "translate", "it does not say what it writes"


def test_a_checkpoint_that_knows_sixteen_sentences_fails(marian: Path) -> None:
    model = resolve(str(marian), "translate")
    engine = open_engine("transformers", model, Decoding(), Run(device="cpu"))
    with pytest.raises(ModelBroken, match="marian"):
        self_test(engine, model)


def test_the_echo_is_tested_for_steadiness_only() -> None:
    model = resolve("echo", "translate")
    result = self_test(open_engine("echo", model, Decoding(), Run()), model)
    assert (result.bar, result.expected) == ("echo", 0)
