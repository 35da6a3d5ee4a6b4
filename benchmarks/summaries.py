"""How good the summaries are: ROUGE against references and what is not in the text, of lead, chosen sentences and a model.

    python benchmarks/summaries.py --shared DIR [--model NAME] [--texts N]

Sets: held-out articles written for this project, and news with summaries by professional writers (several for a text: the best
counts). Every way may use as many sentences as the program would. ROUGE is
rouge_score's with stemming (Lin 2004), F1; the interval is a bootstrap's over texts. `strange` counts names and numbers of a summary
that its text does not have.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

import numpy as np
from rouge_score.rouge_scorer import RougeScorer

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.document import Document, Pair, Segment, Segments, Summary, Translation
from pipeline.engines.engine import Forgetful
from pipeline.settings import Run, Summarise
from pipeline.stages.numbers.numerals import numbers, unsupported
from pipeline.stages.segmentation.sentences import Sentences
from pipeline.stages.summarise import SummariseStage

KINDS = ("rouge1", "rouge2", "rougeL")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+")
ENGLISH = Sentences(extra=("gov", "rep", "pres", "jr", "sr"))
Set = list[tuple[list[str], list[str]]]
"""Texts as sentences, with one or more references."""
Way = Callable[[Sequence[Sequence[str]]], list[list[str]]]


def authored(shared: Path) -> Set:
    """The held-out articles' English, title apart."""
    lines = next(shared.rglob("articles.dev.jsonl")).read_text(encoding="utf-8").splitlines()
    return [([en for _, en in row["sentences"]], [row["summary"]]) for row in map(json.loads, lines)]


def written(shared: Path) -> Set:
    """News in English with the writers' summaries."""
    lines = next(shared.rglob("freelance_writer_cnndm_xsum.jsonl")).read_text(encoding="utf-8").splitlines()
    references: dict[str, list[str]] = defaultdict(list)
    for row in map(json.loads, lines):
        references[row["document"]].append(row["summary"])
    return [(split(text), found) for text, found in references.items()]


def split(text: str) -> list[str]:
    """The sentences of a text, paragraph by paragraph."""
    return [p[a:b] for p in filter(str.strip, text.split("\n")) for a, b in ENGLISH.split(p)]


def staged(config: Summarise) -> Way:
    """The summarise stage with these settings."""

    def run(texts: Sequence[Sequence[str]]) -> list[list[str]]:
        stage = SummariseStage(config, Run(device="cpu"))
        stage.open(Forgetful())
        made: dict[int, list[str]] = {}
        for i, found in stage.make([document(text) for text in texts]):
            assert isinstance(found, Summary)
            made[i] = [sentence.text for sentence in found.sentences]
        return [made[i] for i in range(len(texts))]

    return run


def document(text: Sequence[str]) -> Document:
    """English sentences as a translated document."""
    segments = tuple(Segment(i, i, 0, len(s), "paragraph", s, "\n") for i, s in enumerate(text, 1))
    pairs = tuple(Pair(i, s, s, -0.2, 9, 9, "model") for i, s in enumerate(text, 1))
    return Document("d", "d").plus(Segments(segments)).plus(Translation(pairs, "human"))


def lead(config: Summarise) -> Way:
    """The first sentences, as many as the stage would choose."""
    return lambda texts: [
        list(t[: min(max(round(config.ratio * len(t)), config.min_sentences), config.max_sentences)]) for t in texts
    ]


def strange(summary: Sequence[str], text: Sequence[str]) -> int:
    """Names within sentences and numbers in digits that the text does not have."""
    whole = " ".join(text)
    known = numbers(whole, "en")
    return sum(name not in whole for s in summary for name in NAME.findall(s)) + sum(
        len(unsupported(numbers(s, "en"), known)) for s in summary
    )


def best(scorer: RougeScorer, summary: Sequence[str], references: Sequence[str]) -> list[float]:
    """F1 of each kind against the reference that fits best by ROUGE-1."""
    scores = [scorer.score(reference, " ".join(summary)) for reference in references]
    top = max(scores, key=lambda score: score["rouge1"].fmeasure)
    return [100 * top[kind].fmeasure for kind in KINDS]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % of the means of a thousand samples with replacement."""
    drawn = np.random.default_rng(1).choice(np.array(values), (1000, len(values))).mean(1)
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="a folder with the sets")
    parser.add_argument("--model", help="an installed summariser, or a folder, to measure as well")
    parser.add_argument("--texts", type=int, help="of each set")
    wanted = parser.parse_args()
    chosen = Summarise(method="extractive", min_words=0)
    ways: dict[str, Way] = {"lead": lead(chosen), "chosen sentences (default)": staged(chosen)}
    ways["chosen, position not counted"] = staged(chosen.model_copy(update={"lead": 0.0}))
    if wanted.model:
        ways[wanted.model] = staged(Summarise(method="abstractive", model=wanted.model, min_words=0))
    scorer = RougeScorer(KINDS, use_stemmer=True)
    for name, pairs in {"authored-dev": authored(wanted.shared), "freelance": written(wanted.shared)}.items():
        pairs = pairs[: wanted.texts]
        print(
            f"\n{name}: {len(pairs)} texts\n\n| way | words | ROUGE-1 | ROUGE-2 | ROUGE-L | strange |\n|---|---|---|---|---|---|"
        )
        for way, summarise in ways.items():
            made = summarise([text for text, _ in pairs])
            rows = [best(scorer, s, references) for s, (_, references) in zip(made, pairs, strict=True)]
            cells = [
                f"{mean(column):.1f} ({low:.1f}-{high:.1f})"
                for column in zip(*rows, strict=True)
                for low, high in [interval(column)]
            ]
            odd = sum(strange(s, text) for s, (text, _) in zip(made, pairs, strict=True))
            words = mean(len(" ".join(s).split()) for s in made)
            print(f"| {way} | {words:.0f} | {' | '.join(cells)} | {odd} |", flush=True)


if __name__ == "__main__":
    main()
