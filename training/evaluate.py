"""Score a translator on evaluation sets, through the tokenizer and model as users load them.

What it is not: the program's own benchmark; it measures sentences alone, neither cleaning nor segmentation.

    python -m training.evaluate CHECKPOINT --eval DIR [--sets ntrex,flores-dev] [--limit N] [--json FILE] [--card README.md]

DIR holds <set>/{it,en}.txt. Prints BLEU (Papineni et al. 2002) and chrF (Popović 2015) with sacrebleu's signatures (Post
2018). --card puts the table between the scores markers of a model card; --show N prints the first N translations of a set.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

MARKED = re.compile(r"(?<=<!-- scores -->\n).*?(?=<!-- /scores -->)", re.DOTALL)
LONGEST_OUTPUT = 220  # pieces; the longest reference of the sets is shorter


class Score(NamedTuple):
    """Corpus scores of one set, 0 to 100, with what sacrebleu needs to make them again."""

    name: str
    sentences: int
    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str


class Translator:
    """A checkpoint folder that translates lists of sentences; decoding parameters are the checkpoint's own."""

    def __init__(self, folder: Path, beams: int | None = None) -> None:
        import torch
        from sacremoses import MosesPunctNormalizer
        from transformers import MarianMTModel, MarianTokenizer

        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer: Any = MarianTokenizer.from_pretrained(folder)
        model: Any = MarianMTModel.from_pretrained(folder, dtype=torch.float32)
        self.model = model.to(self.device).eval()
        self.options = {"num_beams": beams} if beams else {}
        self.normalise = MosesPunctNormalizer("it").normalize

    def batch(self, texts: Sequence[str]) -> list[str]:
        """Translations of one batch, same order."""
        import torch

        with torch.inference_mode():
            inputs = self.tokenizer(
                [self.normalise(t) for t in texts], return_tensors="pt", padding=True, truncation=True
            )
            ids = self.model.generate(**inputs.to(self.device), max_length=LONGEST_OUTPUT, **self.options)
        decoded: list[str] = self.tokenizer.batch_decode(ids, skip_special_tokens=True)
        return decoded

    def __call__(self, texts: Sequence[str], size: int = 32) -> list[str]:
        """Translations in the order of the texts; batches are made of similar lengths."""
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        done = [""] * len(texts)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            for row, text in zip(rows, self.batch([texts[r] for r in rows]), strict=True):
                done[row] = text
        return done


def read(path: Path, limit: int | None) -> list[str]:
    """The first lines of a text file, all of them without a limit."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")[:limit]


def measure(name: str, hypotheses: list[str], references: list[str]) -> Score:
    """BLEU and chrF of one set."""
    from sacrebleu import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    scores = [m.corpus_score(hypotheses, [references]).score for m in (bleu, chrf)]
    return Score(
        name,
        len(hypotheses),
        round(scores[0], 1),
        round(scores[1], 1),
        str(bleu.get_signature()),
        str(chrf.get_signature()),
    )


def table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table, signatures below it."""
    lines = ["| set | sentences | BLEU | chrF |", "|---|---|---|---|"]
    lines += [f"| {s.name} | {s.sentences:,} | {s.bleu} | {s.chrf} |" for s in scores]
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
    parser.add_argument("--beams", type=int, help="instead of the checkpoint's own")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--card", type=Path)
    args = parser.parse_args()
    translate, scores = Translator(args.checkpoint, args.beams), []
    for name in args.sets.split(","):
        sources, references = (read(args.eval / name / f"{side}.txt", args.limit) for side in ("it", "en"))
        hypotheses = translate(sources)
        scores.append(measure(name, hypotheses, references))
        for triple in list(zip(sources, hypotheses, references, strict=True))[: args.show]:
            print("\n".join(triple), end="\n\n")
        print(scores[-1], flush=True)
    if args.json:
        args.json.write_text(json.dumps([s._asdict() for s in scores], indent=1) + "\n", encoding="utf-8")
    if args.card:
        fill(args.card, scores)


if __name__ == "__main__":
    main()
