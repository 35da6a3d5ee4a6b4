"""Does a model work at all? A few sentences are decoded and held against what any working model would say.

Library upgrades and conversions have turned weights into noise without an error more than once; this is how one finds out.
It is no measure of quality.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pipeline.engines import checkpoint
from pipeline.engines.engine import Engine, Generation
from pipeline.engines.models import KNOWN, Model, Task
from pipeline.errors import ModelBroken

Bar = Literal["known model", "any model", "embedded model", "echo"]

SENTENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Il primo ministro ha incontrato i giornalisti venerdì mattina a Roma.",
        ("prime minister|premier", "journalists|reporters|press", "friday", "rome"),
    ),
    (
        "La banca centrale europea ha deciso di aumentare i tassi di interesse.",
        ("central bank", "european", "interest rates", "raise|increase|hike"),
    ),
    (
        "I due paesi hanno firmato un accordo di cooperazione militare.",
        ("two countries", "signed", "agreement|accord|deal", "military"),
    ),
)
ENGLISH: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The Prime Minister met the journalists on Friday morning in Rome.",
        ("primo ministro|premier", "giornalisti|stampa", "venerdì", "roma"),
    ),
    (
        "The European Central Bank has decided to raise interest rates.",
        ("banca centrale", "europea", "tassi", "aumentare|alzare|innalzare|rialzare"),
    ),
    (
        "The two countries have signed an agreement on military cooperation.",
        ("due paesi", "firmato", "accordo|intesa", "militare"),
    ),
)
"""The same for a model that goes the other way."""
ARTICLE = (
    "The town council of a small port in the north decided on Tuesday to close the old fish market after more than a "
    "century. The building is no longer safe, engineers found in the spring, and repairing it would cost nine million "
    "euros, which the town does not have. Forty traders will move to a hall near the station until a new market opens. "
    "Several of them protested in front of the town hall, saying that customers would not follow them. The mayor promised "
    "free parking and lower rents for two years. A group of residents wants to turn the old market into a museum of "
    "the sea and has collected four thousand signatures. The council will vote on their proposal in the autumn."
)
ITALIAN = ("it", "ita")
# The share of the expected words that must be there; of the embedded model, one answer of three may besides be no sentence.
SHARES: dict[Bar, float] = {"known model": 0.75, "any model": 0.4, "embedded model": 0.05, "echo": 0.0}


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What the model was held to and what it said: (text, what became of it). `found` of `expected` words were there."""

    model: str
    task: Task
    bar: Bar
    answers: tuple[tuple[str, str], ...]
    found: int
    expected: int


def self_test(engine: Engine, model: Model, task: Task | None = None) -> SelfTest:
    """Let `engine` decode known text. Raises ModelBroken, saying what came out, where no working model would say that.

    The bar is highest for models that it2en knows by name and lowest for the embedded one, which is weak by size. The task
    is taken from the table of known models or the kind of checkpoint unless given.
    """
    task, bar = task or task_of(model), bar_of(model)
    known = {"translate": SENTENCES, "read": ENGLISH, "summarise": ()}[task]
    texts = [text for text, _ in known] or [ARTICLE]
    answers = engine.generate(texts)
    if engine.generate(texts) != answers:
        raise ModelBroken(f"'{model.name}' does not answer the same twice")
    said = tuple((text, answer.text) for text, answer in zip(texts, answers, strict=True))
    if bar == "echo":
        return SelfTest(model.name, task, bar, said, 0, 0)
    faults = [(_fault(text, answer, task), text, answer) for text, answer in zip(texts, answers, strict=True)]
    faults = [fault for fault in faults if fault[0]]
    if len(faults) > (bar == "embedded model" and task != "summarise"):
        raise _broken(model, *faults[0])
    found, expected = _expected_words(known, answers)
    if found < SHARES[bar] * expected:
        raise _broken(model, f"{found} of {expected} expected words are there", texts[0], answers[0])
    return SelfTest(model.name, task, bar, said, found, expected)


def task_of(model: Model) -> Task:
    """What a model is for: as the table of known models says; else Marian checkpoints translate, or read if they write Italian; others summarise."""
    for known in KNOWN:
        if known.name == model.name:
            return known.task
    if model.path is None:
        return "translate"
    if checkpoint.config(model.path).get("model_type") != "marian":
        return "summarise"
    return "read" if checkpoint.target_language(model.path) in ITALIAN else "translate"


def bar_of(model: Model) -> Bar:
    """What a model is held to."""
    if model.kind == "echo":
        return "echo"
    if model.kind == "embedded":
        return "embedded model"
    return "known model" if any(known.name == model.name for known in KNOWN) else "any model"


def _broken(model: Model, fault: str, text: str, answer: Generation) -> ModelBroken:
    return ModelBroken(
        f"'{model.name}' does not work: {fault}; it made '{answer.text[:80]}' of '{text[:80]}'",
        "pull or copy the model again; if it stays so, the installed transformers or ctranslate2 does not read it rightly",
    )


def _expected_words(known: Sequence[tuple[str, tuple[str, ...]]], answers: Sequence[Generation]) -> tuple[int, int]:
    """How many of the words that each answer should have are there, and how many that is of; summaries have none."""
    wanted = [(word, answer.text) for (_, words), answer in zip(known, answers, strict=False) for word in words]
    return sum(_says(text, word) for word, text in wanted), len(wanted)


def _says(text: str, alternatives: str) -> bool:
    return any(word in text.lower() for word in alternatives.split("|"))


def _fault(source: str, answer: Generation, task: Task) -> str:
    """What is wrong with an answer by its form alone, or ''."""
    said, words, before = answer.text, _words(answer.text), _words(source)
    if not words:
        return "it says nothing"
    if not math.isfinite(answer.score):
        return "its score is not a number"
    letters = [c for c in said if c.isalpha()]
    if sum("a" <= c.lower() <= "ÿ" for c in letters) < 0.9 * len(letters) or len(letters) < 0.5 * len(said):
        return "it does not write in Latin letters"
    if _is_loop(words):
        return "it repeats itself"
    if task != "summarise":
        return "it copies the text" if _shared(words, before) > 0.7 else ""
    if len(words) >= len(before):
        return "its summary is not shorter than the text"
    return "its summary has little to do with the text" if _shared(words, before) < 0.5 else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _is_loop(words: list[str]) -> bool:
    """Whether a third of a text of some length is one word, or half of its pairs of words stood there before."""
    if len(words) < 6:
        return False
    pairs = list(pairwise(words))
    return Counter(words).most_common(1)[0][1] > len(words) / 3 or len(set(pairs)) < len(pairs) / 2


def _shared(words: list[str], others: list[str]) -> float:
    """The share of `words` that are among `others`."""
    return sum(word in set(others) for word in words) / len(words)
