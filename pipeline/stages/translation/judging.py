"""From decoded parts to a candidate for a segment's pair, and what is to be said against it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Generation, Pair, Provenance
from pipeline.settings import Check, Translate
from pipeline.stages.detection.detectors import findings, is_compared
from pipeline.stages.detection.finding import Finding
from pipeline.stages.detection.surroundings import QUESTIONS, score_of
from pipeline.stages.detection.words import spoken
from pipeline.stages.translation.addresses import lost_addresses
from pipeline.stages.translation.casing import begun, restore
from pipeline.stages.translation.edits import Edits
from pipeline.stages.translation.glossary import Glossary
from pipeline.stages.translation.leaks import leak
from pipeline.stages.translation.planning import Plan
from pipeline.stages.translation.preparation import are_figures, join_parts
from pipeline.stages.translation.repair import Repaired, repair
from pipeline.stages.translation.terms import check
from pipeline.stages.translation.tidy import tidy

MARK = "[untranslated] "

# How much each finding weighs when candidates are compared; what is not listed weighs 1.
WEIGHTS = {
    "empty": 100.0,
    "wrong_language": 8.0,
    "copied": 8.0,
    "repetition": 8.0,
    "unrelated": 8.0,
    "hit_limit": 6.0,
    "garbled": 4.0,
    "broken_off": 4.0,
    "missing_clause": 4.0,
    "numbers": 3.0,
    "addresses": 3.0,
    "glossary": 3.0,
    "length_ratio": 3.0,
    "extra_text": 3.0,
    "negation": 3.0,
    "opposite": 3.0,
    "names": 2.0,
    "leak": 2.0,
    "low_score": 0.5,
    "marks": 0.5,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair as it might stand, with the findings against it, and the log-odds in nats that a clause of it is missing or invented."""

    pair: Pair
    found: tuple[Finding, ...]
    doubt: float = -math.inf

    @property
    def weight(self) -> float:
        """How bad it is: the findings' weights, a little more for each number that differs and each repair that it took."""
        spans = sum(len(f.source_spans) + len(f.target_spans) for f in self.found if f.id == "numbers")
        repairs = sum(r.kind in ("number", "address", "name") for r in self.pair.repairs)
        return sum(WEIGHTS.get(f.id, 1.0) for f in self.found) + 0.5 * spans + 0.4 * repairs

    def objections(self, triggers: Collection[str]) -> list[str]:
        """The ids of the findings that call for another decoding."""
        return [f.id for f in self.found if f.id in triggers]


class Judge:
    """Puts candidates together and looks at them, with the thresholds that the checks have by default.

    A threshold that a user sets for the reader's flags does not send sentences up the ladder: it would retranslate.
    """

    def __init__(self, config: Translate, glossary: Glossary) -> None:
        self._config, self._glossary, self._check = config, glossary, Check()
        self._edits = Edits(config.edits)
        targets = [target for term in glossary.terms for target in term.targets]
        self._renderings = frozenset(word for target in targets for word in spoken(target))

    def candidate(
        self,
        plan: Plan,
        parts: Sequence[str],
        generations: Sequence[Generation],
        provenance: Provenance,
        rung: str = "",
    ) -> Candidate:
        """The parts' translations as the segment's, cased, tidied and repaired, and what is wrong with it."""
        pair = self._pair(plan, parts, generations, provenance, rung)
        if pair.provenance in ("copied", "approved", "source"):
            return Candidate(pair, ())
        return Candidate(pair, tuple(self._findings(pair)), _doubt(pair))

    def _pair(
        self, plan: Plan, parts: Sequence[str], generations: Sequence[Generation], provenance: Provenance, rung: str
    ) -> Pair:
        segment = plan.segment
        if plan.correction:
            terms = check(segment.text, plan.correction, self._glossary)
            return Pair(segment.id, segment.text, plan.correction, None, 0, 0, "approved", terms=terms)
        if plan.foreign:
            return passed_through(Pair(segment.id, segment.text, "", None, 0, 0, "source"))
        if not generations:
            return self._copied(plan)
        target = begun(segment.text, join_parts(parts, [g.text for g in generations]))
        tokens_in, tokens_out = sum(g.tokens_in for g in generations), sum(g.tokens_out for g in generations)
        score = round(sum(g.score * g.tokens_out for g in generations) / max(tokens_out, 1), 3)
        truncated = any(g.truncated for g in generations)
        target = plan.held.within(tidy(plan.held.text, restore(target, plan.style), self._config.quotes))
        better = repair(segment.text, target, self._renderings) if self._config.repair and target else Repaired(target)
        better = self._edits.english(better)
        return Pair(
            segment.id,
            segment.text,
            better.target,
            score,
            tokens_in,
            tokens_out,
            provenance,
            truncated,
            rung,
            better.repairs,
            check(segment.text, better.target, self._glossary),
            plan.reading,
        )

    def _copied(self, plan: Plan) -> Pair:
        """What has nothing to translate; figures alone are written as English writes them."""
        segment = plan.segment
        mends = self._config.repair and are_figures(segment.text, plan.held.text)
        made = repair(segment.text, segment.text) if mends else Repaired(segment.text)
        return Pair(segment.id, segment.text, made.target, None, 0, 0, "copied", repairs=made.repairs)

    def _findings(self, pair: Pair) -> list[Finding]:
        found = findings(pair, self._check)
        if lost := lost_addresses(pair.source, pair.target):
            found.append(Finding("addresses", f"not in the English: {', '.join(lost)}"))
        if place := leak(pair.source, pair.target):
            found.append(Finding("leak", "a phrase of the training data", (), (place,)))
        return found + [Finding("glossary", u.target) for u in pair.terms if u.status == "unsatisfied"]


def _doubt(pair: Pair) -> float:
    if not is_compared(pair):
        return -math.inf
    scored = [score_of(pair, question) for question in QUESTIONS]
    return max((score for score, askable, _ in scored if askable), default=-math.inf)


def passed_through(pair: Pair) -> Pair:
    """The source in place of an English that does not exist, behind a mark."""
    target = MARK + pair.source
    terms = tuple(replace(u, status="unsatisfied", rendering="") for u in pair.terms)
    return Pair(pair.segment, pair.source, target, None, 0, 0, "source", False, "source", (), terms, pair.reading)
