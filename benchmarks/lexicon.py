"""Makes `pipeline/stages/detection/lexicon.txt` from the articles and phrases written for this project (MIT, as the code).

`python benchmarks/lexicon.py --shared DIR --out FILE`. Stems are aligned with a model of word translation in both directions
(IBM model 1 with a preference for the diagonal: Dyer, Chahuneau and Smith, 2013, 'fast_align'); pairs that either direction
finds likely are kept. How often a stem goes without support is measured on the half that a lexicon was not made from.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.stages.detection.coverage import supported, units
from pipeline.stages.detection.lexicon import Lexicon, as_name, read

ROUNDS = 6
DIAGONAL = 4.0  # how steeply the preference falls with the distance from the diagonal
LIKELY, SEEN = 0.1, 2
PRIOR = 3  # uses that the mean counts for
HEAD = """# Italian stems, how often (per cent) each goes without support in a good translation, and English stems that support it;
# then English stems with the same figure. Names, with a capital, apart. Made by benchmarks/lexicon.py from texts written for this project (MIT).
"""
Sentences = list[tuple[str, str]]


class Pairs(NamedTuple):
    """Sentence pairs as stems."""

    italian: list[list[str]]
    english: list[list[str]]


def articles(folder: Path, name: str) -> list[Sentences]:
    """The sentence pairs of each article, its title first."""
    lines = (folder / "training" / "authored" / f"articles.{name}.jsonl").read_text(encoding="utf-8").splitlines()
    read_lines = [json.loads(line) for line in lines]
    return [[tuple(a["title"]), *map(tuple, a["sentences"])] for a in read_lines]


def phrases(folder: Path) -> Sentences:
    """The phrases with their translations."""
    lines = (folder / "training" / "authored" / "phrases.tsv").read_text(encoding="utf-8").splitlines()
    return [(italian, english) for italian, english in (line.split("\t") for line in lines)]


def likelihoods(source: Sequence[Sequence[str]], target: Sequence[Sequence[str]]) -> dict[tuple[str, str], float]:
    """t(target stem | source stem) of every pair of stems seen together."""
    s_ids = {w: i for i, w in enumerate(sorted({w for s in source for w in s}), 1)}
    t_ids = {w: i for i, w in enumerate(sorted({w for t in target for w in t}))}
    size = len(t_ids)
    grids, priors = [], []
    for s, t in zip(source, target, strict=True):
        rows = np.array([0, *(s_ids[w] for w in s)], dtype=np.int64)
        columns = np.array([t_ids[w] for w in t], dtype=np.int64)
        grids.append((rows[:, None] * size + columns[None, :]).ravel())
        place_s, place_t = (np.arange(len(s)) + 0.5) / max(1, len(s)), (np.arange(len(t)) + 0.5) / max(1, len(t))
        prior = np.exp(-DIAGONAL * np.abs(place_s[:, None] - place_t[None, :]))
        prior = prior / np.maximum(prior.sum(0, keepdims=True), 1e-9) * 0.92
        priors.append(np.vstack([np.full((1, len(t)), 0.08), prior]))
    cells, index = np.unique(np.concatenate(grids), return_inverse=True)
    owner = cells // size
    values = np.ones(len(cells))
    for _ in range(ROUNDS):
        counts, at = np.zeros(len(cells)), 0
        for grid, prior in zip(grids, priors, strict=True):
            ids = index[at : at + len(grid)]
            at += len(grid)
            posterior = values[ids].reshape(prior.shape) * prior
            posterior /= np.maximum(posterior.sum(0, keepdims=True), 1e-12)
            np.add.at(counts, ids, posterior.ravel())
        totals = np.bincount(owner, counts)
        values = counts / np.maximum(totals[owner], 1e-12)
        values[counts < 0.5] *= 0.2
    s_words, t_words = ["", *s_ids], list(t_ids)
    return {
        (s_words[c // size], t_words[c % size]): float(v)
        for c, v in zip(cells.tolist(), values.tolist(), strict=True)
        if v >= LIKELY and c >= size
    }


def stems(sentences: Sentences) -> Pairs:
    """The content stems of each pair."""
    return Pairs(
        [[u.stem for u in units(it, "it")] for it, _ in sentences],
        [[u.stem for u in units(en, "en")] for _, en in sentences],
    )


def relation(sentences: Sentences) -> dict[str, set[str]]:
    """For each Italian stem its English ones."""
    pairs = stems(sentences)
    seen_it, seen_en = (Counter(w for s in side for w in s) for side in pairs)
    forward = likelihoods(pairs.italian, pairs.english)
    back = likelihoods(pairs.english, pairs.italian)
    both = set(forward) | {(i, e) for e, i in back}
    found: dict[str, set[str]] = {}
    for i, e in sorted(both):
        one, other = forward.get((i, e), 0.0), back.get((e, i), 0.0)
        rare = min(seen_it[i], seen_en[e]) < SEEN
        if (one * other >= 0.25 if rare else max(one, other) >= 0.2 or one * other >= LIKELY**2) and i != e:
            found.setdefault(i, set()).add(e)
    return found


class Usage(NamedTuple):
    """How often each stem is used, and how often without support; as a name and as another word apart (`as_name`)."""

    uses: Counter[str]
    lost: Counter[str]

    def rates(self) -> dict[str, int]:
        """Per cent without support of what is used four times or more; what is rare leans towards the mean of names, or of other words."""
        means = {is_name: self._mean(is_name) for is_name in (True, False)}
        return {
            stem: round(100 * (self.lost[stem] + PRIOR * means[stem[0].isupper()]) / (count + PRIOR))
            for stem, count in self.uses.items()
            if count >= 4
        }

    def _mean(self, is_name: bool) -> float:
        stems = [stem for stem in self.uses if stem[0].isupper() == is_name]
        return sum(self.lost[stem] for stem in stems) / max(1, sum(self.uses[stem] for stem in stems))


def usages(sentences: Sentences, pairs: dict[str, set[str]], found: tuple[Usage, Usage]) -> None:
    """Count the Italian and the English stems of some sentences into `found`, against a lexicon made elsewhere."""
    lexicon = as_lexicon(pairs, {}, {})
    for it, en in sentences:
        a, b = units(it, "it"), units(en, "en")
        for words, others, known, usage in ((a, b, lexicon.english, found[0]), (b, a, lexicon.italian, found[1])):
            for unit, fine in zip(words, supported(words, others, known), strict=True):
                stem = as_name(unit.stem) if unit.kind == "name" else unit.stem
                usage.uses[stem] += 1
                usage.lost[stem] += not fine


def as_lexicon(pairs: dict[str, set[str]], doubt_it: dict[str, int], doubt_en: dict[str, int]) -> Lexicon:
    """The lexicon as the program would read it."""
    return read(rendered(pairs, doubt_it, doubt_en))


def rendered(pairs: dict[str, set[str]], doubt_it: dict[str, int], doubt_en: dict[str, int]) -> str:
    """The content of the file."""
    known = sorted(set(pairs) | set(doubt_it))
    lines = [" ".join([i, str(doubt_it.get(i, "-")), *sorted(pairs.get(i, ()))]) for i in known]
    return (
        HEAD
        + "[pairs]\n"
        + "\n".join(lines)
        + "\n[english]\n"
        + "".join(f"{e} {d}\n" for e, d in sorted(doubt_en.items()))
    )


def made(groups: Sequence[Sentences], extra: Sentences) -> str:
    """A lexicon file from articles (halved for the doubts) and phrases."""
    halves = [[p for g in groups[k::2] for p in g] for k in (0, 1)]
    found = Usage(Counter(), Counter()), Usage(Counter(), Counter())
    for k in (0, 1):
        usages(halves[1 - k], relation(halves[k] + extra), found)
    pairs = relation(halves[0] + halves[1] + extra)
    return rendered(pairs, found[0].rates(), found[1].rates())


def main() -> None:
    """Make the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds training/authored")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--half", action="store_true", help="from every other article, to measure on the rest")
    arguments = parser.parse_args()
    groups = articles(arguments.shared, "train")
    text = made(groups[::2] if arguments.half else groups, phrases(arguments.shared))
    arguments.out.write_text(text, encoding="utf-8", newline="\n")
    print(f"{arguments.out}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines")


if __name__ == "__main__":
    main()
