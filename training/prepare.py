"""Turn parallel corpora into a training bundle: normalised, filtered, disjoint from the evaluation sets.

What it is not: it neither downloads corpora nor ships any; their folder is an argument.

    python -m training.prepare BUNDLE --corpora DIR --eval DIR [--profile cpu|gpu] [--mix FILE]

DIR of the corpora holds <name>.tsv.xz (source<TAB>target, a pair a line) for the names in mix.json, but for those that are `own`: these
lie as .tsv files in a folder of that name beside this module. DIR of the evaluation sets holds <set>/{it,en}.txt, read only to keep its texts out. BUNDLE receives spm.model, vocab.json, mix.json, lexicon.npz
and a <name>.tsv.xz a corpus; it is all that training needs, so that it can travel to another machine.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import lzma
import os
import random
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from training import names, numerals
from training.numerals import Pair

HERE = Path(__file__).parent
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
STRAY_APOSTROPHE = re.compile(r"(?<=\w)' (?=s\b)|(?<=\w) '(?=s\b)")
ELISION = re.compile(r"\b(l|un|d|all|dell|nell|sull|dall|coll|quell|quest|c)' (?=\w)", re.IGNORECASE)
STRAY_SPACE = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")


class Corpus(NamedTuple):
    """One corpus to read: where it lies, how it is drawn, and the texts that must not be in it."""

    name: str
    path: Path
    options: dict[str, Any]
    banned: frozenset[str]


def key(text: str) -> str:
    """Text reduced to lower-case letters and digits, so that overlap is found whatever the punctuation."""
    return re.sub(r"[\W_]+", "", text.lower())


def is_good(source: str, target: str, trusted: bool = False) -> bool:
    """Whether lengths, length ratio, script and digits of a normalised pair are those of a translation.

    Digits may differ in what is `trusted`: who writes *the 1990s* for `gli anni Novanta` or *the 16th century* for `il XVI secolo` is right.
    """
    a, b = len(source), len(target)
    if not (2 <= a <= 700 and 2 <= b <= 700) or a > 2.2 * b + 30 or b > 2.2 * a + 30:
        return False
    if len(LETTER.findall(source)) < 0.5 * a or key(source) == key(target):
        return False
    return trusted or sorted(re.findall(r"\d+", source)) == sorted(re.findall(r"\d+", target))


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a .tsv.xz file, or of a folder's .tsv files; lines without exactly one tab are dropped."""
    texts = (
        [file.read_text(encoding="utf-8") for file in sorted(path.glob("*.tsv"))]
        if path.is_dir()
        else [lzma.decompress(path.read_bytes()).decode("utf-8")]
    )
    cells = [line.split("\t") for text in texts for line in text.split("\n")]
    return [(c[0], c[1]) for c in cells if len(c) == 2]


def choose(pairs: list[Pair], options: dict[str, Any]) -> list[Pair]:
    """At most `keep` pairs; with `prose`, only those that look like whole sentences of moderate length."""
    if options.get("prose"):
        pairs = [
            p
            for p in pairs
            if 40 <= len(p[0]) <= 260 and p[0][0].isupper() and p[0].endswith(".") and p[1].endswith(".")
        ]
    keep = options.get("keep")
    return pairs if keep is None or keep >= len(pairs) else random.Random(1).sample(pairs, keep)


def normalise(corpus: Corpus) -> tuple[str, list[Pair]]:
    """Read, normalise (as Moses does before OPUS-MT), filter and deduplicate one corpus."""
    from sacremoses import MosesPunctNormalizer

    italian, english = MosesPunctNormalizer("it"), MosesPunctNormalizer("en")
    kept: dict[str, Pair] = {}
    made = corpus.options.get("made")
    raws = numerals.pairs(made) if made else choose(read_pairs(corpus.path), corpus.options)
    for raw in raws:
        source, target = (" ".join(n.normalize(c).split()) for n, c in zip((italian, english), raw, strict=True))
        a, b = key(source), key(target)
        if (
            is_good(source, target, corpus.options.get("trusted", False))
            and a not in corpus.banned
            and b not in corpus.banned
        ):
            kept.setdefault(f"{a}|{b}", (source, target))
    return corpus.name, list(kept.values())


def learn_casing(texts: Iterable[str]) -> dict[str, str]:
    """The usual form of words that are capitalised inside sentences: {"europa": "Europa", "onu": "ONU"}."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in list(WORD.finditer(text))[1:]:
            forms[match[0].lower()][match[0]] += 1
    best = {low: seen.most_common(1)[0] for low, seen in forms.items()}
    return {low: form for low, (form, n) in best.items() if form != low and n >= 2 and n >= 0.7 * forms[low].total()}


def restore_case(text: str, casing: dict[str, str]) -> str:
    """Give lower-cased text its capitals back (sentence start and known names) and mend its tokenised apostrophes."""
    text = STRAY_SPACE.sub("", ELISION.sub(r"\1'", STRAY_APOSTROPHE.sub("'", text)))
    text = WORD.sub(lambda m: casing.get(m[0], m[0]), text)
    return text[:1].upper() + text[1:]


def truecase(pairs: list[Pair], cased: Sequence[Pair]) -> list[Pair]:
    """Truecase both sides of lower-cased pairs after the words of cased ones."""
    casing = [learn_casing(p[side] for p in cased) for side in (0, 1)]
    casing[1]["i"] = "I"
    return [(restore_case(s, casing[0]), restore_case(t, casing[1])) for s, t in pairs]


def banned_texts(folder: Path) -> frozenset[str]:
    """Keys of every line of the evaluation sets: none of them may be trained on."""
    return frozenset(key(x) for f in folder.glob("*/*.txt") for x in f.read_text(encoding="utf-8").split("\n")) - {""}


def gather(mix: dict[str, Any], corpora: Path, banned: frozenset[str]) -> dict[str, list[Pair]]:
    """All corpora of the mix, cleaned; lower-cased ones take their capitals from the first corpus of the mix, and `renamed` ones are made of others."""
    jobs = [
        Corpus(name, HERE / name if options.get("own") else corpora / f"{name}.tsv.xz", options, banned)
        for name, options in mix.items()
        if options["weight"] and not options.get("renamed")
    ]
    with ProcessPoolExecutor() as pool:
        data = dict(map(normalise, jobs) if len(jobs) == 1 else pool.map(normalise, jobs))
    cased = data[jobs[0].name]
    data = {n: truecase(p, cased) if mix[n].get("lowercased") else p for n, p in data.items()}
    made = {n: [p for other in o["renamed"] for p in data[other]] for n, o in mix.items() if o.get("renamed")}
    return data | {n: names.renamed(originals, mix[n]["made"]) for n, originals in made.items()}


def reuse_pieces(checkpoint: Path, bundle: Path) -> None:
    """Take the pieces of a trained checkpoint, so that training can go on from it."""
    shutil.copyfile(checkpoint / "source.spm", bundle / "spm.model")
    shutil.copyfile(checkpoint / "vocab.json", bundle / "vocab.json")


def learn_pieces(data: dict[str, list[Pair]], mix: dict[str, Any], size: int, bundle: Path) -> None:
    """Train the joint SentencePiece model (unigram, byte fallback; Kudo 2018) and write the Marian vocabulary."""
    import sentencepiece

    pick, model = (
        random.Random(1),
        io.BytesIO(),
    )  # written to memory: SentencePiece would put the folder's name into the file
    chosen = [p for n, pairs in data.items() for p in pick.sample(pairs, min(len(pairs), mix[n].get("spm", 100_000)))]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in chosen for text in pair]),
        model_writer=model,
        vocab_size=size - 1,
        model_type="unigram",
        character_coverage=0.9998,
        byte_fallback=True,
        split_digits=True,
        num_threads=os.cpu_count(),
        bos_id=-1,
        eos_id=0,
        unk_id=1,
        pad_id=-1,
        max_sentence_length=8000,
        hard_vocab_limit=False,
        minloglevel=1,
    )
    (bundle / "spm.model").write_bytes(model.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(bundle / "spm.model"))
    # Marian counts its padding token as the last of the vocabulary; SentencePiece does not know it.
    vocab = {pieces.id_to_piece(i): i for i in range(len(pieces))} | {"<pad>": len(pieces)}
    (bundle / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False), encoding="utf-8")


def write_bundle(data: dict[str, list[Pair]], bundle: Path) -> None:
    """Write the shuffled pairs, compressed, and say how many there are."""
    for name, pairs in data.items():
        random.Random(2).shuffle(pairs)
        (bundle / f"{name}.tsv.xz").write_bytes(lzma.compress("\n".join(map("\t".join, pairs)).encode(), preset=6))
        print(f"{name}: {len(pairs)} pairs", flush=True)


def write_mix(profile: dict[str, Any], bundle: Path) -> None:
    """Keep with the data how it is to be drawn."""
    (bundle / "mix.json").write_text(json.dumps(profile, indent=1) + "\n", encoding="utf-8")


def count_translations(bundle: Path, batches: int = 600, longest: int = 48) -> None:
    """Align a sample of the bundle's shorter pairs and keep the counts; long sentences cost much and teach little here."""
    from training import data, lexicon

    vocab = len(json.loads((bundle / "vocab.json").read_text(encoding="utf-8")))
    feed = data.batches(data.load(bundle, longest), 4_000, vocab - 1, 1, lambda: False)
    lexicon.save(lexicon.align(list(itertools.islice(feed, batches)), vocab), bundle / "lexicon.npz")


def main() -> None:
    """Command line: see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--mix", type=Path, default=Path(__file__).with_name("mix.json"))
    parser.add_argument("--profile", default="gpu", help="which section of the mix")
    parser.add_argument("--pieces", type=Path, metavar="CHECKPOINT", help="use its pieces, to train it further")
    args = parser.parse_args()
    profile = json.loads(args.mix.read_text(encoding="utf-8"))[args.profile]
    args.bundle.mkdir(parents=True, exist_ok=True)
    data = gather(profile["corpora"], args.corpora, banned_texts(args.eval))
    if args.pieces:
        reuse_pieces(args.pieces, args.bundle)
    else:
        learn_pieces(data, profile["corpora"], profile["vocabulary"], args.bundle)
    write_bundle(data, args.bundle)
    write_mix(profile, args.bundle)
    count_translations(args.bundle)


if __name__ == "__main__":
    main()
