"""Whether a translation hangs by its sentence's full stop: the same sentence with another ending should say the same.

Models trained on sentences answer a missing or a strange full stop with another text where they are unsure (Lee et al. 2018
call it hallucination under perturbation). Asked for by `translate.probe`; it decodes every sentence once more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from pipeline.document import Generation, Pair
from pipeline.engines.engine import Remembered
from pipeline.stages.translation.judging import Judge
from pipeline.stages.translation.planning import Plan
from pipeline.stages.translation.preparation import has_words, other_ending

PROBED = ("model", "split", "redecoded", "alternative")
_WORD = re.compile(r"[^\W_]+")


def probed(plans: Sequence[Plan], pairs: Sequence[Pair], engine: Remembered, judge: Judge) -> list[Pair]:
    """The pairs, with `variant` where the sentence with another ending became other words."""
    asked = {
        i: flipped
        for i, (plan, pair) in enumerate(zip(plans, pairs, strict=True))
        if pair.provenance in PROBED and (flipped := (*plan.parts[:-1], other_ending(plan.parts[-1]))) != plan.parts
    }
    decoded = _decoded([text for parts in asked.values() for text in parts if has_words(text)], engine)
    made = list(pairs)
    for i, parts in asked.items():
        generations = [decoded.get(text) or Generation(text, 0.0, 0, 0) for text in parts]
        variant = judge.candidate(plans[i], parts, generations, "model").pair.target
        if words(variant) != words(pairs[i].target):
            made[i] = replace(pairs[i], variant=variant)
    return made


def words(text: str) -> list[str]:
    """What of a translation must not change: its words and figures, upper and lower case alike."""
    return [word.casefold() for word in _WORD.findall(text)]


def likeness(one: str, other: str) -> float:
    """How much two translations have in common, by their words in order: 0 to 1."""
    return SequenceMatcher(None, words(one), words(other), autojunk=False).ratio()


def _decoded(texts: Sequence[str], engine: Remembered) -> dict[str, Generation]:
    """What the texts become; those over the model's limit are left out, as an added full stop may take one there."""
    known = engine.recall(list(dict.fromkeys(texts)))
    unknown = [text for text in dict.fromkeys(texts) if text not in known]
    counts = engine.count(unknown) if unknown else []
    within = [text for text, n in zip(unknown, counts, strict=True) if n <= engine.limit]
    return {**known, **dict(zip(within, engine.generate(within), strict=True))}
