"""English sentences to shorter English sentences: makes a bundle that teaches a translator's checkpoint to compress.

What it is not: the training, which is train.py's (`--from` the same checkpoint, so that the pieces are known), or a summariser.

    python -m training.condense BUNDLE OUT --authored DIR

BUNDLE is a translation bundle of prepare.py, of whose corpora the English side is read; DIR holds compress.train.tsv and
articles.train.jsonl. OUT gets two corpora: `noised`, sentences with clauses of other sentences put in, to be taken out again
(Fevry & Phang 2018) or as they are, to be copied; and `compressed`, sentences and what a writer made of them, as far as
he added next to nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from nltk.stem.porter import PorterStemmer

from pipeline.stages.numbers.numerals import numbers, unsupported
from pipeline.stages.summarisation.extractive import Pool, words
from training.prepare import Pair, read_pairs, write_bundle, write_mix

PROSE = ("authored", "europarl")  # whole sentences; phrases and documentation are none
CLAUSE = re.compile(r", ((?:[^\s,;:()\"“”]+ ){2,11}[^\s,;:()\"“”]+)(?=,|\.$)")
CAPITAL = re.compile(r"(?<![^\s\"“‘'(])[A-Z][\w’'-]*")
SMALL = ("The", "A", "An", "In")  # words that have a capital only where a sentence begins
CORPORA = {"noised": {"weight": 1.0, "late": 0.2}, "compressed": {"weight": 8.0, "late": 8.0}}
_stem = PorterStemmer().stem


def added(text: str, source: str) -> set[str]:
    """What `text` says and `source` does not: stems of content words, capitalised words but the first, numbers in digits."""
    known = {_stem(word) for word in words(source)}
    new = {stem for stem in map(_stem, words(text)) if stem not in known}
    names = (name.removesuffix("'s") for name in CAPITAL.findall(text)[text[:1].isupper() :])
    new |= {name for name in names if name not in source and name not in SMALL}
    return new | {text[n.start : n.end] for n in unsupported(numbers(text, "en"), numbers(source, "en"))}


def noised(sentences: Sequence[str], pick: random.Random) -> Iterator[Pair]:
    """Each sentence as a target, a third of the time of itself, else of itself with clauses or a sentence of others around it."""
    clauses = [found for sentence in sentences for found in CLAUSE.findall(sentence)]
    for i, sentence in enumerate(sentences):
        source = sentence
        for _ in range(pick.choice((0, 1, 2))):
            source = inserted(source, pick.choice(clauses), pick)
        if pick.random() < 0.25:
            source = f"{source} {sentences[(i + 1) % len(sentences)]}"
        yield source, sentence


def inserted(sentence: str, clause: str, pick: random.Random) -> str:
    """The sentence with the clause between commas: after one of its own commas, else after a word, at the end or in front."""
    place = pick.random()
    if place < 0.15:
        opening = sentence[0].lower() if sentence.split()[0] in SMALL else sentence[0]
        return f"{clause[0].upper()}{clause[1:]}, {opening}{sentence[1:]}"
    if place < 0.4 and sentence.endswith("."):
        return f"{sentence[:-1]}, {clause}."
    gaps = [m.start() for m in re.finditer(r"(?<=\w)(?=,? )", sentence)][1:]
    commas = [gap for gap in gaps if sentence[gap] == ","]
    if not gaps:
        return sentence
    gap = pick.choice(commas if commas and place < 0.7 else gaps)
    rest = sentence[gap:].lstrip(",")
    return f"{sentence[:gap]}, {clause},{rest}"


def compressed(folder: Path, most: int = 1) -> list[Pair]:
    """Pairs whose shorter side adds at most `most` things: the written compressions, and summaries' sentences with their like."""
    rows = (folder / "compress.train.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [(a.strip(), b.strip()) for a, b in (row.split("\t") for row in rows)]
    for line in (folder / "articles.train.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        texts = [english for _, english in article["sentences"]]
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", article["summary"]):
            for count in (1, 2):
                chosen = sorted(Pool(texts).support(sentence, count))
                pairs.append((" ".join(texts[i] for i in chosen), sentence))
    return [(a, b) for a, b in dict.fromkeys(pairs) if len(b) < 0.9 * len(a) and len(added(b, a)) <= most]


def english(bundle: Path, name: str) -> list[str]:
    """Whole English sentences of a translation bundle's corpus, in the order of the bundle."""
    texts = [b for _, b in read_pairs(bundle / f"{name}.tsv.xz")]
    return [text for text in dict.fromkeys(texts) if 40 <= len(text) <= 260 and text[0].isupper() and text[-1] == "."]


def make(bundle: Path, out: Path, authored: Path) -> None:
    """Write the bundle to `out`, with the pieces of the translation bundle."""
    out.mkdir(parents=True, exist_ok=True)
    sentences = [text for name in PROSE for text in english(bundle, name)]
    pick = random.Random(1)
    pick.shuffle(sentences)
    data = {"noised": list(noised(sentences, pick)), "compressed": compressed(authored)}
    for name in ("spm.model", "vocab.json"):
        shutil.copyfile(bundle / name, out / name)
    write_bundle(data, out)
    write_mix({"corpora": CORPORA}, out)


def main() -> None:
    """Command line: see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--authored", type=Path, required=True)
    args = parser.parse_args()
    make(args.bundle, args.out, args.authored)


if __name__ == "__main__":
    main()
