"""Extract, then compress: whether chosen sentences made shorter are a better summary than whole ones of the same length.

    python benchmarks/compression.py --shared DIR [--model FOLDER] [--words 55] [--show N]

Every way takes the sentences that the program would choose, one by one, as long as that brings the summary nearer to so many
words: ROUGE depends on length, so what is compared must have the same. Sentences are shortened by rules (asides, relative clauses,
attributions at the end, openings), by an encoder-decoder (training/condense.py), alone or under a guard: what adds a content word, name
or number to its sentence is refused, and the sentence stays whole. Differences are to whole sentences, by text, with a bootstrap's 95 %
interval. `strange` as in summaries.py; `added`: content words, names and numbers that the sentence behind it does not have.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parent.parent))

from rouge_score.rouge_scorer import RougeScorer
from sacremoses import MosesPunctNormalizer
from summaries import KINDS, Set, authored, best, interval, strange, written

from pipeline.engines import open_engine
from pipeline.engines.models import resolve
from pipeline.settings import Decoding, Run, Summarise
from pipeline.stages.detection.repetition import repeated
from pipeline.stages.summarisation.extractive import Pool
from training.condense import added

Shorten = Callable[[Sequence[str]], list[str]]
Offer = Callable[[Sequence[str]], list[list[str]]]
"""For each sentence shorter forms, the best first."""
MOST = 12  # sentences of a summary: no budget here takes more
SHORTEST = 6  # words; what is left of a sentence must be one

ATTRIBUTION = re.compile(
    r",[”\"’']? (?:(?:[A-Z][\w’'.-]*|the|a|an|his|her|its|of|for|in|on|to|\w+) ){0,8}(?:said|says|told [\w ]+|added|reported|according to [^,]+)"
    r"(?: (?:on|in) [A-Z]\w+)?(?=\.$)|, according to [^,;]+(?=\.$)"
)
RULES = (
    re.compile(r" \([^()]*\)| \[[^\[\]]*\]| [–—] [^–—]+ [–—](?= )"),
    re.compile(r", (?:who|which|whose|where) [^,;:\"“”]+(?:,(?= )|(?=\.$))"),
    re.compile(
        r", (?:a|an|the) [^,;:\"“”]{3,60},(?= (?:has|have|had|is|are|was|were|will|would|said|says|told|announced|\w+ed)\b)"
    ),
    ATTRIBUTION,
    re.compile(
        r"^(?:However|Moreover|Meanwhile|Furthermore|In addition|In fact|Indeed|Instead|Finally|Also|On [A-Z]\w+day(?: \w+)?), (?=\w)"
    ),
)


def by_rules(sentences: Sequence[str]) -> list[list[str]]:
    """Each sentence without what the rules take out of it; whole where too little is left."""
    return [[_pruned(sentence)] for sentence in sentences]


def _pruned(sentence: str) -> str:
    text = sentence
    for rule in RULES:
        shorter = rule.sub("", text)
        text = shorter if len(shorter.split()) >= SHORTEST and shorter.count('"') % 2 == 0 else text
    return text[:1].upper() + text[1:]


def by_model(folder: str, precision: str) -> Offer:
    """What the checkpoint makes of each sentence: all that its beam ends with, decoded once for all ways."""
    decoding = Decoding()
    engine = open_engine("auto", resolve(folder, "summarise"), decoding, Run(device="cpu"), precision)
    moses = MosesPunctNormalizer("en")
    known: dict[str, list[str]] = {}

    def offer(sentences: Sequence[str]) -> list[list[str]]:
        new = [s for s in dict.fromkeys(sentences) if s not in known]
        for s, found in zip(
            new, engine.alternatives([moses.normalize(s) for s in new], decoding.beam_size), strict=True
        ):
            known[s] = [generation.text for generation in found]
        return [known[s] for s in sentences]

    return offer


def unguarded(offer: Offer) -> Shorten:
    """The best of what is offered, whatever it is."""
    return lambda sentences: [found[0] for found in offer(sentences)]


def guarded(offer: Offer, in_order: bool = False) -> Shorten:
    """The best that adds nothing, is a sentence, does not go round and is shorter; the sentence itself where there is none.

    With `in_order` it must besides be nothing but words left out.
    """
    return lambda sentences: [
        next((s for s in found if stands(s, whole) and (not in_order or left_out(s, whole))), whole)
        for whole, found in zip(sentences, offer(sentences), strict=True)
    ]


def stands(short: str, whole: str) -> bool:
    """Whether a compression may stand for its sentence."""
    size = len(short.split())
    sound = size >= SHORTEST and short[-1:] in '.!?”"' and short.count('"') % 2 == 0 and not repeated(short)[0]
    return sound and size < len(whole.split()) and not added(short, _plain(whole))


def left_out(short: str, whole: str) -> bool:
    """Whether the words of the one are some of the words of the other, in order."""
    rest = iter(_tokens(whole))
    return all(word in rest for word in _tokens(short))


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", _plain(text).lower())


def _plain(text: str) -> str:
    """Quotation marks and apostrophes as the model knows them."""
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


@dataclass(frozen=True)
class Made:
    """A summary: the sentences of the text and what each became."""

    whole: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def words(self) -> int:
        """Its length."""
        return sum(len(s.split()) for s in self.short)


def summary(text: Sequence[str], shorten: Shorten, words: int, lead: float) -> Made:
    """Sentences in the order in which they are chosen, as many as come nearest to so many words; then in the text's order."""
    options = []
    for count in range(1, min(MOST, len(text)) + 1):
        whole = tuple(text[i] for i in Pool(text).choose(count, lead))
        options.append(Made(whole, tuple(shorten(whole))))
        if options[-1].words > words:
            break
    return min(options, key=lambda made: abs(made.words - words))


def first(text: Sequence[str], words: int) -> Made:
    """The first sentences, as many as come nearest to so many words."""
    options = [Made(tuple(text[:n]), tuple(text[:n])) for n in range(1, min(MOST, len(text)) + 1)]
    return min(options, key=lambda made: abs(made.words - words))


def report(pairs: Set, ways: dict[str, list[Made]]) -> None:
    """One row a way; the second way is what the others are held against."""
    scorer = RougeScorer(KINDS, use_stemmer=True)
    scores = {
        way: [best(scorer, m.short, references) for m, (_, references) in zip(made, pairs, strict=True)]
        for way, made in ways.items()
    }
    base = scores["whole sentences"]
    print(
        "| way | words | shortened | ROUGE-1 | ROUGE-2 | ROUGE-L | strange | added |\n|---|---|---|---|---|---|---|---|"
    )
    for way, made in ways.items():
        cells = []
        for k in range(len(KINDS)):
            low, high = interval([row[k] - other[k] for row, other in zip(scores[way], base, strict=True)])
            difference = "" if way == "whole sentences" else f" ({low:+.1f} to {high:+.1f})"
            cells.append(f"{mean(row[k] for row in scores[way]):.1f}{difference}")
        both = [(w, s) for m in made for w, s in zip(m.whole, m.short, strict=True)]
        odd = sum(
            strange([*map(_plain, m.short)], [*map(_plain, text)]) for m, (text, _) in zip(made, pairs, strict=True)
        )
        new = sum(len(added(s, _plain(w))) for w, s in both if s != w)
        share = mean(s != w for w, s in both)
        words = mean(m.words for m in made)
        print(f"| {way} | {words:.0f} | {share:.0%} | {' | '.join(cells)} | {odd} | {new} |", flush=True)


def show(made: Sequence[Made], most: int) -> None:
    """Sentences and what they became."""
    changed = [(w, s) for m in made for w, s in zip(m.whole, m.short, strict=True) if w != s]
    for whole, short in changed[:: max(1, len(changed) // most)][:most]:
        print(f"\n  {whole}\n> {short}")


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="a folder with the sets")
    parser.add_argument("--model", help="a folder with a checkpoint that shortens sentences")
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--words", type=int, default=55, help="of a summary")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="so many sentences that each way made shorter")
    wanted = parser.parse_args()
    shorten: dict[str, Shorten] = {
        "whole sentences": list,
        "rules": unguarded(by_rules),
        "rules, guarded": guarded(by_rules),
    }
    if wanted.model:
        model = by_model(wanted.model, wanted.precision)
        shorten |= {
            "model": unguarded(model),
            "model, guarded": guarded(model),
            "model, only leaving out": guarded(model, True),
        }
    lead = Summarise().lead
    for name, pairs in {"authored-dev": authored(wanted.shared), "freelance": written(wanted.shared)}.items():
        print(f"\n{name}: {len(pairs)} texts\n")
        ways = {"first sentences": [first(text, wanted.words) for text, _ in pairs]}
        for way, make in shorten.items():
            ways[way] = [summary(text, make, wanted.words, lead) for text, _ in pairs]
        report(pairs, ways)
        for way in shorten if wanted.show else ():
            print(f"\n{way}:")
            show(ways[way], wanted.show)


if __name__ == "__main__":
    main()
