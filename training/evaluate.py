"""Score a translator, or a reader as one, on evaluation sets through the program's own engine and stage, in float32 and int8.

What it is not: the program's own benchmark; it measures sentences alone, neither cleaning nor segmentation.

    python -m training.evaluate CHECKPOINT --eval DIR [--sets ntrex,flores-dev] [--limit N] [--json FILE] [--card README.md]

DIR holds <set>/{it,en}.txt. Prints BLEU (Papineni et al. 2002) and chrF (Popović 2015) with sacrebleu's signatures (Post
2018). --card puts the table between the scores markers of a model card; --show N prints the first N translations of a set.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

MARKED = re.compile(r"(?<=<!-- scores -->\n).*?(?=<!-- /scores -->)", re.DOTALL)
Way = Callable[[Sequence[str]], list[str]]


class Score(NamedTuple):
    """Corpus scores of one set decoded in one way, 0 to 100, with what sacrebleu needs to make them again."""

    name: str
    way: str
    sentences: int
    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str


def sides(folder: Path) -> tuple[str, str]:
    """The languages that a checkpoint goes from and to."""
    from pipeline.engines.models import resolve
    from pipeline.engines.self_test import task_of

    return ("en", "it") if task_of(resolve(str(folder.resolve()), "translate")) == "read" else ("it", "en")


def bare(folder: Path, precision: str, beams: int) -> Way:
    """The checkpoint by itself, behind the punctuation normaliser that it was trained behind."""
    from sacremoses import MosesPunctNormalizer

    from pipeline.engines import open_engine
    from pipeline.engines.models import resolve
    from pipeline.settings import Decoding, Run

    model = resolve(str(folder.resolve()), "translate")
    engine = open_engine("ctranslate2", model, Decoding(beam_size=beams), Run(device="cpu"), precision)
    normalise = MosesPunctNormalizer(sides(folder)[0]).normalize
    return lambda texts: [made.text for made in engine.generate([normalise(text) for text in texts])]


def staged(folder: Path, beams: int) -> Way:
    """As a run translates with the checkpoint that ships: int8, detectors, repairs, and the ladder with the reader that ships."""
    from pipeline.document import Document, Segment, Segments, Translation
    from pipeline.engines.engine import Forgetful
    from pipeline.settings import Decoding, Ladder, Run, Translate
    from pipeline.stages.translate import TranslateStage

    decoding, ladder = Decoding(beam_size=beams), Ladder(reader="embedded/en-it")
    config = Translate(model=str(folder.resolve()), precision="int8", decoding=decoding, ladder=ladder)
    stage = TranslateStage(config, Run(device="cpu"))
    stage.open(Forgetful())

    def translate(texts: Sequence[str]) -> list[str]:
        segments = (Segment(i, i, 0, len(text), "paragraph", text, "\n") for i, text in enumerate(texts, 1))
        [(_, made)] = stage.make([Document("set", "set").plus(Segments(tuple(segments)))])
        assert isinstance(made, Translation)
        return [pair.target for pair in made.pairs]

    return translate


def ways(folder: Path, beams: int) -> dict[str, Way]:
    """Every way the card reports, by what it is called there. A reader translates in no run."""
    found = {"float32": bare(folder, "float32", beams), "int8": bare(folder, "int8", beams)}
    return found if sides(folder)[0] == "en" else {**found, "in a run": staged(folder, beams)}


def read(path: Path, limit: int | None) -> list[str]:
    """The first lines of a text file, all of them without a limit."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")[:limit]


def measure(name: str, way: str, hypotheses: list[str], references: list[str]) -> Score:
    """BLEU and chrF of one set decoded in one way."""
    from sacrebleu import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    scores = [round(m.corpus_score(hypotheses, [references]).score, 1) for m in (bleu, chrf)]
    signatures = [str(m.get_signature()) for m in (bleu, chrf)]
    return Score(name, way, len(hypotheses), scores[0], scores[1], signatures[0], signatures[1])


def table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table, a row a set and two columns a way, signatures below it."""
    names = list(dict.fromkeys(s.way for s in scores))
    head = "".join(f" BLEU {way} | chrF {way} |" for way in names)
    lines = [f"| set | sentences |{head}", "|---|---|" + "---|---|" * len(names)]
    for name in dict.fromkeys(s.name for s in scores):
        own = [s for s in scores if s.name == name]
        lines.append(f"| {name} | {own[0].sentences:,} |" + "".join(f" {s.bleu} | {s.chrf} |" for s in own))
    return "\n".join([*lines, "", f"BLEU `{scores[0].bleu_signature}`  ", f"chrF `{scores[0].chrf_signature}`", ""])


def fill(card: Path, scores: Sequence[Score]) -> None:
    """Replace what stands between the scores markers of a model card."""
    text = card.read_text(encoding="utf-8")
    if not MARKED.search(text):
        raise SystemExit(f"{card}: no <!-- scores --> … <!-- /scores --> markers to write the table between")
    card.write_text(MARKED.sub(lambda _: table(scores), text), encoding="utf-8")


def main() -> None:
    """Command line: see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--sets", default="ntrex,flores-dev,authored-dev")
    parser.add_argument("--limit", type=int, help="sentences of each set")
    parser.add_argument("--beams", type=int, default=4)
    parser.add_argument("--ways", help="some of: float32,int8,in a run; by default all that there are")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--card", type=Path)
    args = parser.parse_args()
    known, scores = ways(args.checkpoint, args.beams), []
    for name in args.sets.split(","):
        sources, references = (read(args.eval / name / f"{side}.txt", args.limit) for side in sides(args.checkpoint))
        for way in args.ways.split(",") if args.ways else known:
            hypotheses = known[way](sources)
            scores.append(measure(name, way, hypotheses, references))
            print(scores[-1], flush=True)
        for triple in list(zip(sources, hypotheses, references, strict=True))[: args.show]:
            print("\n".join(triple), end="\n\n")
    if args.json:
        args.json.write_text(json.dumps([s._asdict() for s in scores], indent=1) + "\n", encoding="utf-8")
    if args.card:
        fill(args.card, scores)


if __name__ == "__main__":
    main()
