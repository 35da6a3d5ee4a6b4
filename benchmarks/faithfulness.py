"""How many spoilt translations the flags find, and how many good ones they flag: `python benchmarks/faithfulness.py --shared DIR`.

Good translations (articles written for this project; NTREX) are spoilt in eight ways, at least 300 times each. Thresholds were
set on one half of the sentences; the table is of the other. The lexicon for the articles is made from other articles than those
it is measured on. `--fit` makes the weights in `pipeline/stages/detection/weights.json` anew from the first half.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
from corruptions import KINDS
from lexicon import articles, made, phrases

from pipeline.document import Document, Pair, Translation
from pipeline.settings import Check
from pipeline.stages.detection import coverage as coverage_module
from pipeline.stages.detection import names as names_module
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.lexicon import Lexicon, read, shipped
from pipeline.stages.flagging.flags import FLAGS

NEVER = {
    "hit_limit",
    "low_score",
    "untranslated",
    "leak",
    "glossary",
    "inconsistent",
    "repaired",
    "edited",
    "unstable",
    "empty",
}
"""Flags on what a decoder did, or on settings: human translations have nothing of it."""
LEAST, MOST = 300, 600  # corruptions of a kind and set
FEATURES = {
    "missing_clause": "one source_stretch target_stretch source_length length source_evidence target_evidence source_covered "
    "target_covered source_lost source_unknown target_unknown",
    "extra_text": "one source_stretch target_stretch target_length length source_evidence target_evidence source_covered "
    "target_covered target_lost source_unknown target_unknown",
    "unrelated": "one source_stretch target_stretch source_evidence target_evidence source_covered target_covered length_off "
    "source_unknown target_unknown",
}
POSITIVE = {
    "missing_clause": ("a clause dropped", "broken off"),
    "extra_text": ("a clause invented",),
    "unrelated": ("sentences swapped",),
}


@dataclass(frozen=True)
class Bench:
    """Sentence pairs in document order, the lexicon to look at them with, and which of them are reported on."""

    name: str
    pairs: list[tuple[str, str]]
    lexicon: Lexicon
    first: list[int]
    second: list[int]

    def spoilt(self, kind: str, places: Sequence[int]) -> Iterator[tuple[int, str]]:
        """(place, spoilt English) of up to MOST sentences that lend themselves to it; some twice where there are few."""
        found = 0
        for turn in range(2):
            for i in places if not turn or found < LEAST else ():
                target = KINDS[kind][0](self.pairs, i, Random(i + 100_003 * turn))
                if target is not None and target != self.pairs[i][1] and found < MOST:
                    found += 1
                    yield i, target


def benches(shared: Path) -> list[Bench]:
    """Articles: lexicon from every other, thresholds from every fourth, report on the remaining fourth. NTREX: by index."""
    groups = articles(shared, "train")
    half = read(made(groups[::2], phrases(shared)))
    pairs, first, second = [], [], []
    for k, group in enumerate(groups[1::2]):
        (second if k % 2 else first).extend(range(len(pairs), len(pairs) + len(group)))
        pairs += group
    lines = [(shared / "eval" / "ntrex" / f"{x}.txt").read_text(encoding="utf-8").splitlines() for x in ("it", "en")]
    ntrex = list(zip(*lines, strict=True))
    places = list(range(len(ntrex)))
    return [Bench("articles", pairs, half, first, second), Bench("NTREX", ntrex, shipped(), places[::2], places[1::2])]


def use(lexicon: Lexicon) -> None:
    """Look at pairs with this lexicon from now on."""
    for module in (coverage_module, names_module):
        module.shipped = lambda: lexicon  # type: ignore[attr-defined]


def alarms(pairs: Sequence[tuple[str, str]], config: Check, at: int | None = None) -> set[tuple[str, str]]:
    """(flag, severity) of everything raised on pair number `at`, or on any, of a document of these pairs."""
    made_pairs = tuple(Pair(i, a, b, -0.3, 10, 10, "model") for i, (a, b) in enumerate(pairs))
    document = Document("d", "d").plus(Translation(made_pairs, "m"))
    levels = config.flags.model_dump()
    return {
        (name, levels[name])
        for name, flag in FLAGS.items()
        if flag.reads == (Translation,) and levels[name] != "off"
        for found in flag.find(document, config)
        if at is None or found.segment == at
    }


def around(bench: Bench, i: int, target: str, kind: str) -> tuple[list[tuple[str, str]], int]:
    """The sentence with its neighbours, spoilt."""
    low = max(0, i - 1)
    window = [list(p) for p in bench.pairs[low : i + 2]]
    window[i - low][1] = target
    if kind == "sentences swapped":
        window[i - low + 1][1] = bench.pairs[i][1]
    return [(a, b) for a, b in window], i - low


def loud(found: set[tuple[str, str]]) -> set[str]:
    """The flags that are warnings or errors."""
    return {name for name, severity in found if severity in ("warning", "error")}


def report(bench: Bench, config: Check) -> dict[str, float]:
    """Print the table of one set; gives the rate of false alarms of each flag."""
    use(bench.lexicon)
    began = time.perf_counter()
    untouched = [alarms(*_window(bench, i, bench.pairs[i][1], "", config)) for i in bench.second]
    cost = (time.perf_counter() - began) / len(untouched)
    print(f"\n{bench.name}: {len(untouched)} untouched pairs, {cost * 1000:.2f} ms each with its neighbours")
    print(f"{'what was done':20} {'n':>5} {'own flag':>9} {'any flag':>9}")
    for kind, (_, own) in KINDS.items():
        seen = [loud(alarms(*_window(bench, i, t, kind, config))) for i, t in bench.spoilt(kind, bench.second)]
        own_share, share = (np.mean([bool(f & own) for f in seen]), np.mean([bool(f) for f in seen]))
        print(f"{kind:20} {len(seen):5} {own_share:9.3f} {share:9.3f}")
    print(f"false alarms (warnings and errors): {np.mean([bool(loud(f)) for f in untouched]):.4f}")
    rates = Counter(name for found in untouched for name, _ in found)
    print("by flag: " + ", ".join(f"{n} {c / len(untouched):.4f}" for n, c in rates.most_common()))
    for question, kinds in POSITIVE.items():
        print(f"{question}: " + trade_off(bench, question, kinds[0]))
    return {name: count / len(untouched) for name, count in rates.items()}


def trade_off(bench: Bench, question: str, kind: str) -> str:
    """What the score alone finds of this kind at one and at two per cent of false alarms of its own, and the thresholds for it."""
    good = [coverage(*bench.pairs[i]).score(question) for i in bench.second]
    bad = np.array([coverage(bench.pairs[i][0], t).score(question) for i, t in bench.spoilt(kind, bench.second)])
    limits = [(share, float(np.quantile(good, 1 - share))) for share in (0.01, 0.02)]
    return ", ".join(f"{np.mean(bad > limit):.3f} at {share:.0%} (above {limit:.2f})" for share, limit in limits)


def _window(bench: Bench, i: int, target: str, kind: str, config: Check) -> tuple[list[tuple[str, str]], Check, int]:
    window, at = around(bench, i, target, kind)
    return window, config, at


def fit(sets: Sequence[Bench], path: Path) -> None:
    """Logistic regressions of each question on the first halves, and the quantiles that thresholds are chosen from."""
    rows: dict[tuple[str, str], list[dict[str, float]]] = {}
    for bench in sets:
        use(bench.lexicon)
        rows[bench.name, ""] = [dict(coverage(*bench.pairs[i]).features) for i in bench.first]
        for kind in {k for kinds in POSITIVE.values() for k in kinds}:
            spoilt = bench.spoilt(kind, bench.first)
            rows[bench.name, kind] = [dict(coverage(bench.pairs[i][0], t).features) for i, t in spoilt]
    weights = {}
    for question, named in FEATURES.items():
        features = named.split()
        good = [r for b in sets for r in rows[b.name, ""]]
        bad = [r for b in sets for k in POSITIVE[question] for r in rows[b.name, k]]
        x = np.array([[r[f] for f in features] for r in good + bad])
        y = np.r_[np.zeros(len(good)), np.ones(len(bad))]
        weights[question] = dict(zip(features, _logistic(x, y).round(4).tolist(), strict=True))
        for bench in sets:
            scores = [sum(w * r[f] for f, w in weights[question].items()) for r in rows[bench.name, ""]]
            print(
                question,
                bench.name,
                {q: round(float(np.quantile(scores, 1 - q)), 2) for q in (0.003, 0.006, 0.01, 0.02)},
            )
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8", newline="\n")


def _logistic(x: np.ndarray, y: np.ndarray, ridge: float = 0.5) -> np.ndarray:
    """Weights by Newton's method, good pairs counting four times; the first column is 1."""
    scale = np.r_[1.0, x[:, 1:].std(0) + 1e-9]
    z, count, found = x / scale, np.where(y > 0, 1.0, 4.0), np.zeros(x.shape[1])
    penalty = ridge * np.r_[0.0, np.ones(x.shape[1] - 1)]
    for _ in range(60):
        p = 1 / (1 + np.exp(-z @ found))
        slope = z.T @ (count * (p - y)) + penalty * found
        curve = (z * (count * p * (1 - p))[:, None]).T @ z + np.diag(penalty) + 1e-9 * np.eye(len(found))
        found -= np.linalg.solve(curve, slope)
    return found / scale


def write_rates(rates: Sequence[dict[str, float]], path: Path) -> None:
    """The file that `it2en list flags` shows: flags on pairs with their rate of false alarms in each set, in per cent."""
    names = [n for n, f in FLAGS.items() if f.reads == (Translation,) and n not in NEVER]
    lines = [f"{n} " + " ".join(f"{100 * r.get(n, 0.0):.2f}" for r in rates) for n in names]
    head = f"# Flag, per cent of good translations that raise it: articles, NTREX. By benchmarks/faithfulness.py, {date.today()}."
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Print the table, or fit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder with training/authored and eval/ntrex")
    parser.add_argument("--fit", type=Path, metavar="FILE", help="write the weights to FILE instead of reporting")
    parser.add_argument("--rates", type=Path, metavar="FILE", help="write the rates of false alarms to FILE as well")
    arguments = parser.parse_args()
    sets = benches(arguments.shared)
    if arguments.fit:
        fit(sets, arguments.fit)
        return
    rates = [report(bench, Check()) for bench in sets]
    if arguments.rates:
        write_rates(rates, arguments.rates)


if __name__ == "__main__":
    main()
