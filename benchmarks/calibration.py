"""What the flags mean on machine output: are flagged translations worse? `python benchmarks/calibration.py --shared DIR`.

    python benchmarks/calibration.py --shared DIR [--sets NAME...] [--lines N] [--no-ladder] [--json FILE] [--sample N]

The Italian of evaluation sets goes through the program's own stages (segment, translate with the embedded checkpoint, check; default
settings, `translate.probe` on; `--no-ladder` shows the plain decodings, before what detectors object to is decoded again). A line is what is measured, as a reference is of a line: it has the flags of all its segments. Quality is sentence
chrF (Popović 2015), `agreement.py` says what is made of it. The sets have no documents, so twenty lines in a row count as one.
chrF is no judgement: `--sample` prints flagged sentences to read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import isnan
from pathlib import Path
from random import Random
from statistics import mean

from agreement import DoubtRow, FlagRow, doubt_row, flag_row
from sacrebleu import CHRF

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.document import Checks, CleanText, Document, Flag, Segments, Translation
from pipeline.engines.choice import choose_models
from pipeline.engines.engine import Forgetful
from pipeline.risk import risk, sentence_risk
from pipeline.settings import Ladder, Settings
from pipeline.stages import make_stages
from pipeline.stages.flagging.flags import FLAGS
from pipeline.stages.stage import Stage

SETTINGS = Settings.model_validate(
    {"translate": {"model": "embedded/it-en", "probe": True}, "summarise": {"enabled": False}}
)
PLAIN = SETTINGS.model_copy(update={"translate": SETTINGS.translate.model_copy(update={"ladder": Ladder(rungs=[])})})
TOGETHER = 20  # lines of a document
FIFTHS = 5
LOUD = ("warning", "error")


@dataclass(frozen=True)
class Line:
    """A line of an evaluation set as a run translates it. `quality` is chrF, 0 to 100; `score` the lowest of its segments, in nats a token."""

    source: str
    target: str
    reference: str
    flags: tuple[Flag, ...]
    quality: float
    score: float

    @property
    def risk(self) -> float:
        """The program's risk of a sentence with these flags and this score, 0 to 1."""
        return sentence_risk((flag.severity for flag in self.flags), self.score)

    @property
    def by_flags(self) -> float:
        """The same without the score."""
        return sentence_risk(flag.severity for flag in self.flags)


@dataclass(frozen=True)
class Article:
    """Lines that make a document, and the program's risk of it, 0 to 100."""

    lines: tuple[Line, ...]
    risk: float

    @property
    def quality(self) -> float:
        """The mean over the lines."""
        return mean(line.quality for line in self.lines)


def grouped(lines: Sequence[str], size: int = TOGETHER) -> list[Sequence[str]]:
    """So many lines at a time."""
    return [lines[i : i + size] for i in range(0, len(lines), size)]


def documents(italian: Sequence[str]) -> list[Document]:
    """Every so many lines as the clean text of a document, a paragraph each. No line may be blank."""
    texts = ("\n\n".join(lines) for lines in grouped(italian))
    return [Document(f"{i}", f"{i}").plus(CleanText.verbatim(text)) for i, text in enumerate(texts)]


def staged(stages: Sequence[Stage], found: list[Document]) -> list[Document]:
    """The documents with what each stage makes of them in turn."""
    for stage in stages:
        stage.open(Forgetful())
        for i, made in stage.make(found):
            found[i] = found[i].plus(made)
        stage.close()
    return found


def stages(settings: Settings) -> list[Stage]:
    """Those of a run, from clean text to flags; without a summary there are no flags on one."""
    return [stage for stage in make_stages(choose_models(settings).settings) if stage.name != "clean"]


def article(document: Document, references: Sequence[str], quality: Callable[[str, str], float]) -> Article:
    """A checked document line by line, beside the references of its lines."""
    segments, flags = document.get(Segments).items, document.get(Checks).flags
    pairs = document.get(Translation).pairs
    lines = []
    for paragraph, reference in enumerate(references):
        own = [(s, p) for s, p in zip(segments, pairs, strict=True) if s.paragraph == paragraph]
        ids = {s.id for s, _ in own}
        source, target = " ".join(s.text for s, _ in own), " ".join(p.target for _, p in own)
        raised = tuple(flag for flag in flags if flag.segment in ids)
        score = min(p.score if p.score is not None else 0.0 for _, p in own)
        lines.append(Line(source, target, reference, raised, quality(target, reference), score))
    return Article(tuple(lines), risk(document))


def measured(italian: Sequence[str], english: Sequence[str], settings: Settings = SETTINGS) -> list[Article]:
    """An evaluation set translated, flagged and scored."""
    chrf = CHRF()
    made = staged(stages(settings), documents(italian))
    scored = lambda target, reference: float(chrf.sentence_score(target, [reference]).score)  # noqa: E731
    return [article(d, r, scored) for d, r in zip(made, grouped(english), strict=True)]


def centred(sets: Sequence[list[Article]]) -> list[float]:
    """The quality of every line of every set, less the mean of those lines of its set that are about as long (fifths by length).

    Sets differ in how good their translations are, and chrF is higher in long lines, which have more to be flagged.
    """
    return [value for articles in sets for value in _centred([line for a in articles for line in a.lines])]


def adjusted(sets: Sequence[list[Article]]) -> list[float]:
    """The quality of every line: as it is in one set, `centred` in several."""
    return centred(sets) if len(sets) > 1 else [line.quality for a in sets[0] for line in a.lines]


def _centred(lines: Sequence[Line]) -> list[float]:
    order = sorted(range(len(lines)), key=lambda i: len(lines[i].source))
    bounds = [round(k * len(lines) / FIFTHS) for k in range(FIFTHS + 1)]
    alike = [order[a:b] for a, b in pairwise(bounds)]
    means = {i: mean(lines[k].quality for k in group) for group in alike for i in group}
    return [line.quality - means[i] for i, line in enumerate(lines)]


def flag_rows(lines: Sequence[Line], quality: Sequence[float]) -> dict[str, FlagRow]:
    """Each flag that can be raised without a summary, then any warning or error."""
    names = [name for name, flag in FLAGS.items() if set(flag.reads) <= {Segments, Translation}]
    rows = {name: flag_row([any(f.id == name for f in line.flags) for line in lines], quality) for name in names}
    loud = [any(f.severity in LOUD for f in line.flags) for line in lines]
    return {**rows, "any warning or error": flag_row(loud, quality)}


def doubt_rows(sets: Sequence[list[Article]]) -> dict[str, DoubtRow]:
    """The program's risk of lines and of documents, and beside it what the flags alone and the model's score alone make of them."""
    articles = [a for found in sets for a in found]
    lines = [line for a in articles for line in a.lines]
    quality = adjusted(sets)
    whole = [a.quality - mean(b.quality for b in found) for found in sets for a in found]
    return {
        "risk of a line": doubt_row([line.risk for line in lines], quality),
        "flags of a line": doubt_row([line.by_flags for line in lines], quality),
        "model's score of a line": doubt_row([-line.score for line in lines], quality),
        "risk of a document": doubt_row([a.risk for a in articles], whole),
        "flags of a document": doubt_row([mean(x.by_flags for x in a.lines) for a in articles], whole),
        "model's score of a document": doubt_row([-mean(x.score for x in a.lines) for a in articles], whole),
    }


def figure(value: float, digits: int = 2) -> str:
    """A number for a table, a dash for none."""
    return "–" if isnan(value) else f"{value:.{digits}f}"


def flag_table(rows: dict[str, FlagRow]) -> Iterator[str]:
    """Markdown, line by line: the flags that are raised, and below the table those that are not."""
    yield "| flag | lines | % | chrF flagged | unflagged | difference (95 %) | AUC worst tenth | in worst quarter |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, r in rows.items():
        if not r.flagged:
            continue
        span = "" if isnan(r.low) else f" ({r.low:+.1f} to {r.high:+.1f})"
        cells = (100 * r.rate, 2), (r.quality_flagged, 1), (r.quality_unflagged, 1)
        told = " | ".join(figure(value, digits) for value, digits in cells)
        ends = f"{figure(r.auc, 3)} | {figure(r.precision)}"
        yield f"| `{name}` | {r.flagged} | {told} | {figure(r.difference, 1)}{span} | {ends} |"
    yield "\nNever raised: " + (", ".join(name for name, r in rows.items() if not r.flagged) or "none") + "."


def doubt_table(rows: dict[str, DoubtRow]) -> Iterator[str]:
    """Markdown, line by line."""
    yield "| doubt | n | Spearman with chrF | AUC worst tenth | worst tenth found in top tenth |"
    yield "|---|---|---|---|---|"
    for name, r in rows.items():
        yield f"| {name} | {r.count} | {figure(r.spearman)} | {figure(r.auc, 3)} | {figure(r.found)} |"


def report(name: str, sets: Sequence[list[Article]]) -> dict[str, dict[str, dict[str, float]]]:
    """Print both tables of some sets taken together; gives what they hold."""
    lines = [line for found in sets for a in found for line in a.lines]
    quality = adjusted(sets)
    flags, doubts = flag_rows(lines, quality), doubt_rows(sets)
    print("", f"{name}: {len(lines)} lines", "", *flag_table(flags), "", *doubt_table(doubts), sep="\n", flush=True)
    return {"flags": {n: asdict(r) for n, r in flags.items()}, "doubts": {n: asdict(r) for n, r in doubts.items()}}


def sample(lines: Sequence[Line], count: int) -> Iterator[str]:
    """Some lines of each flag, drawn, to be read."""
    for name in FLAGS:
        raised = [(line, f) for line in lines for f in line.flags if f.id == name]
        for line, flag in Random(1).sample(raised, min(count, len(raised))):
            yield f"\n{name}: {flag.message}\n  IT  {line.source}\n  EN  {line.target}\n  REF {line.reference}"


def main() -> None:
    """Translate, and print a table for each set and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="a folder with the sets, <set>/{it,en}.txt")
    parser.add_argument("--sets", nargs="*", default=["ntrex", "flores-dev", "authored-dev"])
    parser.add_argument("--lines", type=int, help="of each set")
    parser.add_argument("--no-ladder", action="store_true", help="nothing is decoded again")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--sample", type=int, default=0, help="print so many flagged lines of each flag")
    wanted = parser.parse_args()
    settings = PLAIN if wanted.no_ladder else SETTINGS
    sets, figures = {}, {}
    for name in wanted.sets:
        folder = next(path.parent for path in sorted(wanted.shared.rglob(f"{name}/it.txt")))
        texts = [(folder / f"{side}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n") for side in ("it", "en")]
        sets[name] = measured(*(text[: wanted.lines] for text in texts), settings)
        figures[name] = report(name, [sets[name]])
    if len(sets) > 1:
        figures["all"] = report(
            "all, chrF less the mean of lines of its set that are about as long", list(sets.values())
        )
    print(*sample([line for s in sets.values() for a in s for line in a.lines], wanted.sample), sep="\n")
    if wanted.json:
        wanted.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
