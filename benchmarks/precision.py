"""What a precision costs in quality: BLEU and chrF of the embedded checkpoint in float32 and in int8 on evaluation sets.

    python benchmarks/precision.py --shared DIR [--sets NAME...] [--sentences N]

A set is a folder under DIR with `it.txt` and `en.txt`, line by line each other's translation. Sentences go through the translation stage,
as in a run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import sacrebleu

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.document import Document, Segment, Segments
from pipeline.engines.engine import Forgetful
from pipeline.settings import Decoding, Run, Translate
from pipeline.stages.translate import TranslateStage

WAYS = {
    "float32": Translate(model="embedded/it-en", engine="ctranslate2", precision="float32"),
    "float32, early_stopping off": Translate(
        model="embedded/it-en", engine="ctranslate2", precision="float32", decoding=Decoding(early_stopping=False)
    ),
    "int8": Translate(model="embedded/it-en", engine="ctranslate2", precision="int8"),
}


def lines(path: Path, most: int) -> list[str]:
    """The first lines of a file."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")[:most]


def translated(config: Translate, texts: list[str]) -> list[str]:
    """Each text as one segment through the stage."""
    segments = (Segment(i, i, 0, len(text), "paragraph", text, "\n") for i, text in enumerate(texts, 1))
    stage = TranslateStage(config, Run(device="cpu"))
    stage.open(Forgetful())
    [(_, made)] = stage.make([Document("set", "set").plus(Segments(tuple(segments)))])
    return [pair.target for pair in made.pairs]  # type: ignore[union-attr]


def main() -> None:
    """Translate each set in each way and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=["authored-dev", "flores-dev", "ntrex"])
    parser.add_argument("--sentences", type=int, default=10_000, help="at most so many of each set")
    wanted = parser.parse_args()
    print("| set | sentences | way | BLEU | chrF | other than float32 |\n|---|---|---|---|---|---|")
    for name in wanted.sets:
        folder = next(path.parent for path in sorted(wanted.shared.rglob(f"{name}/it.txt")))
        italian, english = (lines(folder / file, wanted.sentences) for file in ("it.txt", "en.txt"))
        exact: list[str] = []
        for way, config in WAYS.items():
            said = translated(config, italian)
            exact = exact or said
            bleu, chrf = sacrebleu.corpus_bleu(said, [english]).score, sacrebleu.corpus_chrf(said, [english]).score
            other = sum(one != two for one, two in zip(said, exact, strict=True))
            print(f"| {name} | {len(said)} | {way} | {bleu:.2f} | {chrf:.2f} | {other} |", flush=True)


if __name__ == "__main__":
    main()
