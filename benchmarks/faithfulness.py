"""How many spoilt translations the flags find, and how many good ones they flag: `python benchmarks/faithfulness.py --shared DIR`.

Good translations (articles written for this project; NTREX) are spoilt in eleven ways, at least 300 times each. Thresholds were
set on one half of the sentences; the table is of the other. The lexicon for the articles is made from other articles than those
it is measured on; the reader has learned from them, but not from the new articles. `--fit` makes the weights in
`pipeline/stages/detection/weights.json` anew from the first half; `--no-reader` reports without a second reading; `--show` prints the good pairs that are flagged, to be read.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
from corruptions import KINDS
from lexicon import articles, made, phrases

from pipeline.document import Document, Pair, Reread, Rereading, Translation
from pipeline.settings import Check, Run
from pipeline.settings import Reread as RereadSettings
from pipeline.stages.detection import coverage as coverage_module
from pipeline.stages.detection import names as names_module
from pipeline.stages.detection import negation as negation_module
from pipeline.stages.detection import opposites as opposites_module
from pipeline.stages.detection import surroundings as surroundings_module
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.lexicon import Lexicon, read, shipped
from pipeline.stages.detection.surroundings import Question, Standing, heard, standings
from pipeline.stages.flagging.clauses import log_odds
from pipeline.stages.flagging.flags import FLAGS
from pipeline.stages.reread import QUESTIONS, RereadStage

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
NTREX_DOCUMENT = 16  # lines; its documents are about as long, and not marked
LEAST, MOST = 300, 600  # corruptions of a kind and set
FEATURES = {
    "missing_clause": "one source_stretch target_stretch source_length length source_evidence target_evidence source_covered "
    "target_covered source_lost source_unknown target_unknown",
    "extra_text": "one source_stretch target_stretch target_length length source_evidence target_evidence source_covered "
    "target_covered target_lost source_unknown target_unknown",
    "unrelated": "one source_stretch target_stretch source_evidence target_evidence source_covered target_covered length_off "
    "source_unknown target_unknown",
}
HEARD = {"missing_clause": "untold told likely", "extra_text": "gain likely"}
"""What of a second reading is weighed."""
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
    ends: list[int]  # where each document ends, in pairs

    def document(self, i: int) -> range:
        """The places of the document that pair number `i` stands in."""
        k = bisect_right(self.ends, i)
        return range(self.ends[k - 1] if k else 0, self.ends[k])

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
    """Articles: lexicon from every other, thresholds from every fourth, report on the remaining fourth. New articles: by article. NTREX: by index."""
    groups = articles(shared, "train")
    lines = [(shared / "eval" / "ntrex" / f"{x}.txt").read_text(encoding="utf-8").splitlines() for x in ("it", "en")]
    ntrex = list(zip(*lines, strict=True))
    places = list(range(len(ntrex)))
    ends = [*range(NTREX_DOCUMENT, len(ntrex), NTREX_DOCUMENT), len(ntrex)]
    return [
        _bench("articles", groups[1::2], read(made(groups[::2], phrases(shared)))),
        _bench("new articles", articles(shared, "dev"), shipped()),
        Bench("NTREX", ntrex, shipped(), places[::2], places[1::2], ends),
    ]


def _bench(name: str, groups: Sequence[Sequence[tuple[str, str]]], lexicon: Lexicon) -> Bench:
    """Articles, of which every other is for thresholds."""
    bench = Bench(name, [], lexicon, [], [], [])
    for k, group in enumerate(groups):
        places = range(len(bench.pairs), len(bench.pairs) + len(group))
        (bench.second if k % 2 else bench.first).extend(places)
        bench.pairs.extend(group)
        bench.ends.append(places.stop)
    return bench


def use(lexicon: Lexicon) -> None:
    """Look at pairs with this lexicon from now on."""
    for module in (coverage_module, names_module, negation_module, opposites_module):
        module.shipped = lambda: lexicon  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Case:
    """Pair number `i` of a set with this English, in its document; `kind` says how it was spoilt, '' where it was not."""

    bench: Bench
    i: int
    target: str
    kind: str = ""

    def pairs(self, near: bool = False) -> list[Pair]:
        """The document with the pair spoilt, numbered as in the set; or the pair with its neighbours."""
        low, high = self.bench.document(self.i).start, self.bench.document(self.i).stop
        places = range(max(0, self.i - 1), min(len(self.bench.pairs), self.i + 2)) if near else range(low, high)
        changed = {self.i: self.target}
        if self.kind == "sentences swapped":
            changed[self.i + 1] = self.bench.pairs[self.i][1]
        pairs = ((k, *self.bench.pairs[k]) for k in places)
        return [Pair(k, a, changed.get(k, b), -0.3, 10, 10, "model") for k, a, b in pairs]


def alarms(case: Case, reread: Reread | None, config: Check) -> set[tuple[str, str]]:
    """(flag, severity) of everything raised on the pair: by its words and its neighbours', and for clauses by its document's."""
    near = Document("d", "d").plus(Translation(tuple(case.pairs(near=True)), "m"))
    whole = Document("d", "d").plus(Translation(tuple(case.pairs()), "m"))
    whole = whole.plus(Rereading((reread,) if reread else (), "r"))
    levels = config.flags.model_dump()
    return {
        (name, levels[name])
        for name, flag in FLAGS.items()
        if flag.reads == (Translation,) and levels[name] != "off"
        for found in flag.find(whole if name in QUESTIONS else near, config)
        if found.segment == case.i
    }


def reread(cases: Sequence[Case], reader: RereadStage | None) -> list[Reread | None]:
    """What the reader says of each case; None where it is in no doubt, or without a reader."""
    if reader is None:
        return [None] * len(cases)
    found: list[Reread | None] = [None] * len(cases)
    for start in range(0, len(cases), 500):
        part = cases[start : start + 500]
        trials = [
            (start + k, one) for k, c in enumerate(part) for one in reader.trials(c.pairs()) if one.pair.segment == c.i
        ]
        for (k, _), answer in zip(trials, reader.read([one for _, one in trials]), strict=True):
            found[k] = answer
    return found


def loud(found: set[tuple[str, str]]) -> set[str]:
    """The flags that are warnings or errors."""
    return {name for name, severity in found if severity in ("warning", "error")}


def report(
    bench: Bench, config: Check, reader: RereadStage | None, kinds: Sequence[str], show: bool = False
) -> dict[str, float]:
    """Print the table of one set, of these corruptions; gives the rate of false alarms of each flag. `show` prints what they are raised on."""
    use(bench.lexicon)

    def flagged(cases: Sequence[Case]) -> list[set[tuple[str, str]]]:
        return [alarms(case, answer, config) for case, answer in zip(cases, reread(cases, reader), strict=True)]

    good = [Case(bench, i, bench.pairs[i][1]) for i in bench.second]
    doubted = sum(one is not None for one in reread(good, reader))
    untouched = flagged(good)
    print(f"\n{bench.name}: {len(untouched)} untouched pairs, of which {doubted / len(good):.3f} were read again")
    print(f"{'what was done':20} {'n':>5} {'own flag':>9} {'any flag':>9}")
    for kind in kinds:
        own = KINDS[kind][1]
        seen = [loud(found) for found in flagged(spoilt(bench, kind, bench.second))]
        own_share, share = (np.mean([bool(f & own) for f in seen]), np.mean([bool(f) for f in seen]))
        print(f"{kind:20} {len(seen):5} {own_share:9.3f} {share:9.3f}")
    print(f"false alarms (warnings and errors): {np.mean([bool(loud(f)) for f in untouched]):.4f}")
    for case, found in zip(good if show else (), untouched, strict=False):
        if named := sorted(loud(found)):
            print(f"\n{', '.join(named)}\n  IT {bench.pairs[case.i][0]}\n  EN {case.target}")
    rates = Counter(name for found in untouched for name, _ in found)
    print("by flag: " + ", ".join(f"{n} {c / len(untouched):.4f}" for n, c in rates.most_common()))
    for question, (kind, *_) in POSITIVE.items():
        if kind not in kinds:
            continue
        print(f"{question}: " + trade_off(bench, question, good, spoilt(bench, kind, bench.second), reader))
    return {name: count / len(untouched) for name, count in rates.items()}


def spoilt(bench: Bench, kind: str, places: Sequence[int]) -> list[Case]:
    """The cases of one kind."""
    return [Case(bench, i, target, kind) for i, target in bench.spoilt(kind, places)]


def trade_off(
    bench: Bench, question: str, good: Sequence[Case], bad: Sequence[Case], reader: RereadStage | None
) -> str:
    """What the score alone finds of this kind at one and at two per cent of false alarms of its own, and the thresholds for it."""
    fine, wrong = (np.array(scores(question, cases, reader)) for cases in (good, bad))
    limits = [(share, float(np.quantile(fine, 1 - share))) for share in (0.005, 0.01, 0.02)]
    return ", ".join(f"{np.mean(wrong > limit):.3f} at {share:.1%} (above {limit:.2f})" for share, limit in limits)


def scores(question: str, cases: Sequence[Case], reader: RereadStage | None) -> list[float]:
    """The log-odds of each case; far below any threshold where the question cannot be asked."""
    if question not in QUESTIONS:
        return [coverage(c.bench.pairs[c.i][0], c.target).score(question) for c in cases]
    found = []
    for case, answer in zip(cases, reread(cases, reader), strict=True):
        standing = standing_of(case, question)
        found.append(log_odds(question, standing, answer) if standing else -99.0)
    return found


def standing_of(case: Case, question: Question) -> Standing | None:
    """How the pair stands in its document; None where the question cannot be asked."""
    return next((standing for pair, standing in standings(case.pairs(), question) if pair.segment == case.i), None)


def fit(sets: Sequence[Bench], path: Path) -> None:
    """Logistic regressions of each question on the first halves: of a pair alone, in its surroundings, and read again.

    The reader has learned from the articles, so what it says is weighed on the other sets.
    """
    found: dict[str, dict[str, float]] = {}
    for question in FEATURES:
        found[question] = _fit_alone(question, sets)
    _write(found, path)
    for question in QUESTIONS:
        rows = [_rows(question, bench, None) for bench in sets]
        around = [np.median([r[k] for good, _ in rows for r in good]) for k in ("usual", "upper")]
        print(question, "usual median and upper end:", *(f"{value:.2f}" for value in around))
        found[f"{question}, in its surroundings"] = _regressed(rows, "one score usual upper")
    _write(found, path)
    with_reader = RereadStage(RereadSettings(), Run())
    for question in QUESTIONS:
        rows = [_rows(question, bench, with_reader) for bench in sets[1:]]
        found[f"{question}, read again"] = _regressed(rows, f"one score usual upper {HEARD[question]}")
    _write(found, path)


Rows = tuple[list[dict[str, float]], list[dict[str, float]]]


def _rows(question: Question, bench: Bench, reader: RereadStage | None) -> Rows:
    """(good, spoilt) of the first half, as features; with a reader only those that were read again, and no sentences broken off, which it does not mind."""
    use(bench.lexicon)
    kinds = {"": [Case(bench, i, bench.pairs[i][1]) for i in bench.first]}
    kinds |= {kind: spoilt(bench, kind, bench.first) for kind in POSITIVE[question][: 1 if reader else None]}
    made = {kind: [] for kind in kinds}
    for kind, cases in kinds.items():
        for case, answer in zip(cases, reread(cases, reader), strict=True):
            standing = standing_of(case, question)
            if standing and (answer or not reader):
                made[kind].append({**standing.features(), **(heard(question, answer) if answer else {})})
    return made[""], [row for kind, rows in made.items() if kind for row in rows]


def _fit_alone(question: str, sets: Sequence[Bench]) -> dict[str, float]:
    """From the articles and NTREX, as the ladder sees pairs."""
    rows = []
    for bench in (sets[0], sets[-1]):
        use(bench.lexicon)
        good = [dict(coverage(*bench.pairs[i]).features) for i in bench.first]
        bad = [
            dict(coverage(bench.pairs[i][0], t).features)
            for kind in POSITIVE[question]
            for i, t in bench.spoilt(kind, bench.first)
        ]
        rows.append((good, bad))
    return _regressed(rows, FEATURES[question])


def _regressed(rows: Sequence[Rows], named: str) -> dict[str, float]:
    features = named.split()
    good, bad = ([r for part in rows for r in part[side]] for side in (0, 1))
    x = np.array([[r[f] for f in features] for r in good + bad])
    y = np.r_[np.zeros(len(good)), np.ones(len(bad))]
    return dict(zip(features, _logistic(x, y).round(4).tolist(), strict=True))


def _write(found: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """To the file, and into use: what is fitted next builds on it."""
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    for module in (coverage_module, surroundings_module):
        module.weights = lambda: found


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
    parser.add_argument("--no-reader", action="store_true", help="without a second reading")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="only these ways to spoil")
    parser.add_argument("--show", action="store_true", help="print the untouched pairs that warnings are raised on")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another threshold of `check`")
    arguments = parser.parse_args()
    sets = benches(arguments.shared)
    if arguments.fit:
        fit(sets, arguments.fit)
        return
    config = Check(**{name: float(value) for name, value in (one.split("=") for one in arguments.set)})
    reader = None if arguments.no_reader else RereadStage(RereadSettings(), Run())
    rates = [report(bench, config, reader, arguments.kinds, arguments.show) for bench in sets]
    if arguments.rates:
        write_rates([rates[0], rates[-1]], arguments.rates)


if __name__ == "__main__":
    main()
