"""How well pages are cleaned, beside trafilatura, jusText, readability-lxml, resiliparse and no cleaning, in one run.

    python benchmarks/cleaning.py --data DIR --score DIR/score.py [--leave-one-out] [--rules] [--mended-gold]

DIR holds splits such as `dev` and `dev_light`, each with `in/*.txt`, perhaps `in/*.html`, and `gold/*.json`; `score.py` has
`run(cleaned, golds, only)` and `summary(results)`. With --mended-gold labels that hold mojibake are right in their repaired form
as well, which the scoring program knows as `alt_lines`. Peers that are not installed are left out (requirements-cleaning.txt).
"""

from __future__ import annotations

import argparse
import html
import importlib.util
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import ablation

from pipeline.census import Tally, lines_of, recurrence
from pipeline.cleaning import clean
from pipeline.cleaning.cleaner import clean_by
from pipeline.cleaning.judge import NOTHING
from pipeline.cleaning.lines import key
from pipeline.cleaning.loading import load
from pipeline.document import Recurrence, Source
from pipeline.inputs import read
from pipeline.inputs.hygiene import clean_unicode
from pipeline.settings import Inputs, Settings

SETTINGS = Settings()
AS_WRITTEN = SETTINGS.inputs.model_copy(update={"repair_mojibake": False})
GROUPS = {"share, cookie, dateline, copyright, newsletter": 0.97, "byline, related, comment, paywall, nav": 0.85}
Cleaner = Callable[[bytes, str], str]


def source_of(data: bytes, suffix: str, inputs: Inputs = SETTINGS.inputs) -> Source | None:
    """The file as the program reads it, or None where it would skip it."""
    made = read(data, "html" if suffix == ".html" else "txt", inputs)
    return made if isinstance(made, Source) else None


def ours(data: bytes, suffix: str) -> str:
    """it2en with its default settings."""
    source = source_of(data, suffix)
    return clean(source, SETTINGS.clean).text if source else ""


def as_written(data: bytes, suffix: str) -> str:
    """it2en without repairing mojibake, which the labels of two documents keep as it is."""
    source = source_of(data, suffix, AS_WRITTEN)
    return clean(source, SETTINGS.clean).text if source else ""


def recurrences(split: Path, suffix: str) -> dict[bytes, Recurrence]:
    """For each file of a split, which of its lines recur among the split's files of the same site, as in a run over them all."""
    tally, known = Tally(), {}
    for path in sorted((split / "in").glob(f"*{suffix}")):
        data = path.read_bytes()
        source = source_of(data, suffix, AS_WRITTEN)
        if source:
            site = json.loads((split / "gold" / f"{path.stem}.json").read_text(encoding="utf-8"))["site"]
            known[data] = site, lines_of(source)
            tally.add([(site, source.sha256, lines_of(source))])
    least = SETTINGS.clean.recurring
    return {
        data: recurrence(tally.recurring(site, own, least), tally.articles(site)) for data, (site, own) in known.items()
    }


def in_batch(split: Path, suffix: str) -> Cleaner:
    """it2en in a run over the whole split, with a folder for each site, mojibake kept."""
    told = recurrences(split, suffix)
    return lambda data, suffix: _by(data, suffix, load(SETTINGS.clean), told.get(data, NOTHING))


def nothing(data: bytes, suffix: str) -> str:
    """The text as it is; of HTML, all that is visible."""
    source = source_of(data, suffix, AS_WRITTEN)
    return source.text if source else ""


def page_of(data: bytes, suffix: str) -> str:
    """The page as HTML; of plain text, each line as a paragraph, which is what these tools want."""
    if suffix == ".html":
        return data.decode("utf-8", "replace")
    lines = (html.escape(line) for line in nothing(data, suffix).split("\n") if line.strip())
    return "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"


def trafilatura(precision: bool) -> Cleaner:
    """trafilatura, with its defaults or favouring precision."""
    from trafilatura import extract

    return lambda data, suffix: extract(page_of(data, suffix), favor_precision=precision) or ""


def justext() -> Cleaner:
    """jusText with its Italian stop words."""
    import justext as peer

    words = peer.get_stoplist("Italian")

    def run(data: bytes, suffix: str) -> str:
        page = page_of(data, suffix)
        return "\n".join(p.text for p in peer.justext(page, words) if not p.is_boilerplate) if page else ""

    return run


def readability() -> Cleaner:
    """readability-lxml: title and summary."""
    from lxml import html as tree
    from readability import Document

    def run(data: bytes, suffix: str) -> str:
        document = Document(page_of(data, suffix))
        body = tree.fromstring(document.summary())
        return document.short_title() + "\n" + "\n".join(t.strip() for t in body.itertext() if t.strip())

    return run


def resiliparse() -> Cleaner:
    """resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda data, suffix: extract_plain_text(page_of(data, suffix), main_content=True)


def systems(split: Path, suffix: str) -> Iterator[tuple[str, Cleaner]]:
    """Every system that is installed."""
    yield "it2en", ours
    yield "it2en, mojibake kept", as_written
    yield "... and a folder a site", in_batch(split, suffix)
    yield "no cleaning", nothing
    peers: list[tuple[str, Callable[[], Cleaner]]] = [
        ("trafilatura", lambda: trafilatura(False)),
        ("trafilatura, precision", lambda: trafilatura(True)),
        ("jusText", justext),
        ("readability-lxml", readability),
        ("resiliparse", resiliparse),
    ]
    for name, make in peers:
        try:
            yield name, make()
        except ImportError as error:
            print(f"{name}: left out ({error})")


def results(score: ModuleType, split: Path, suffix: str, cleaner: Cleaner) -> list[dict[str, Any]]:
    """The scores of all documents of a split, degenerate ones apart; what raises counts as empty."""
    with TemporaryDirectory() as folder:
        for path in sorted((split / "in").glob(f"*{suffix}")):
            try:
                text = cleaner(path.read_bytes(), suffix)
            except Exception as error:  # peers break on odd pages; that is part of the comparison
                print(f"  {path.name}: {type(error).__name__}")
                text = ""
            (Path(folder) / f"{path.stem}.txt").write_text(text, encoding="utf-8", newline="\n")
        found = score.run(folder, [str(split / "gold")], "html" if suffix == ".html" else None)
    return [r for r in found if not r["deg"]]


def table(score: ModuleType, splits: list[Path]) -> None:
    """F1 and losses of each system on each split, as text and where there is HTML."""
    for split in splits:
        for suffix in (".txt", ".html"):
            if not any((split / "in").glob(f"*{suffix}")):
                continue
            print(
                f"\n{split.name} {suffix}\n{'':24}  word F1   P      R    docs that lost  hard negatives lost  boilerplate"
            )
            for name, cleaner in systems(split, suffix):
                print(f"{name:24}  {row(score.summary(results(score, split, suffix, cleaner)))}", flush=True)


def row(s: dict[str, Any]) -> str:
    """One line of the table."""
    precision, recall, f1 = s["macro"]
    lost, docs = s["docs_with_lost_sentence_not_standfirst"], s["docs"]
    gone, all_ = s["drop"]
    hard = f"{s['hn'][0]:3} of {s['hn'][1]:3}"
    return (
        f"{f1:.4f}  {precision:.3f}  {recall:.3f}   {lost:3} of {docs:3}     {hard:>14}      {gone / max(1, all_):7.1%}"
    )


def kinds(score: ModuleType, split: Path) -> None:
    """The share of lines removed of each kind of boilerplate."""
    found = score.summary(results(score, split, ".txt", ours))["kinds"]
    for group, target in GROUPS.items():
        shares = "  ".join(f"{k} {found[k][0] / found[k][1]:.1%}" for k in group.split(", ") if k in found)
        print(f"{split.name}, at least {target:.0%}: {shares}")


def throughput(split: Path) -> None:
    """Megabytes of plain text cleaned in a second of one core's time, reading and degenerate files apart; best of five.

    Each round begins with no line remembered; RE2's automaton, which grows with the first hundred kilobytes, is there.
    """
    rules = load(SETTINGS.clean)
    paths = (p for p in sorted((split / "in").glob("*.txt")) if not p.stem.startswith("deg-"))
    sources = [s for p in paths if (s := source_of(p.read_bytes(), ".txt"))]
    size = sum(len(s.text.encode()) for s in sources)
    seconds = []
    for _ in range(5):
        rules.forget()
        key.cache_clear()
        began = time.process_time()
        for source in sources:
            clean_by(source, rules)
        seconds.append(time.process_time() - began)
    print(f"{split.name}: {size / min(seconds) / 1e6:.1f} MB/s on one core ({size / 1e6:.2f} MB)")


def leave_one_out(score: ModuleType, split: Path) -> None:
    """For each site: the scores with all rules, and without the wording that nothing but this site supports.

    Mojibake is left alone, so that the difference is that of the rules. The last columns are those of a run over a folder for
    each site, which knows what recurs there.
    """
    told = recurrences(split, ".txt")
    labelled = ablation.labelled_lines(split)
    rules = load(SETTINGS.clean)
    by_site: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for result in results(score, split, ".txt", as_written):
        by_site[result["site"]].append(result)
    print(
        f"\n{split.name}, leave one site out\n{'site':32} docs  wording off   F1 fitted  left out  lost  left out, in folders  lost"
    )
    every: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for site, with_all in sorted(by_site.items()):
        fewer, cuts = ablation.without_site(rules, labelled, site)
        alone = results(score, split, ".txt", lambda data, suffix, r=fewer: _by(data, suffix, r, NOTHING))
        among = results(
            score, split, ".txt", lambda data, suffix, r=fewer: _by(data, suffix, r, told.get(data, NOTHING))
        )
        columns = [with_all, *([r for r in found if r["site"] == site] for found in (alone, among))]
        for name, column in zip(("fitted", "alone", "among"), columns, strict=True):
            every[name] += column
        _left_out_row(site, cuts, columns)
    _left_out_row("all", "", list(every.values()))


def _left_out_row(site: str, cuts: int | str, columns: list[list[dict[str, Any]]]) -> None:
    fitted, alone, among = (_mean([r["F1"] for r in column]) for column in columns)
    lost, lost_among = (sum(len(r["sent_lost"]) > r["sf_lost"] for r in column) for column in columns[1:])
    print(
        f"{site[:32]:32} {len(columns[0]):4}  {cuts:11}   {fitted:9.3f}  {alone:8.3f}  {lost:4}  {among:20.3f}  {lost_among:4}",
        flush=True,
    )


def _by(data: bytes, suffix: str, rules: Any, told: Recurrence) -> str:
    source = source_of(data, suffix, AS_WRITTEN)
    return clean_by(source, rules, told).text if source else ""


def mended(split: Path, folder: Path) -> Path:
    """A split with the same inputs, whose labels are right in their repaired form too where they hold mojibake."""
    copy = folder / split.name
    (copy / "gold").mkdir(parents=True)
    (copy / "in").symlink_to((split / "in").resolve())
    for path in sorted((split / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        texts = [line["text"] for line in gold["lines"]]
        repaired = [clean_unicode(text)[0].text for text in texts]
        if any(clean_unicode(text)[1]["mojibake"] for text in texts):
            gold.setdefault("alt_lines", repaired)
            print(f"{split.name}/{path.stem}: labels hold mojibake")
        (copy / "gold" / path.name).write_text(json.dumps(gold), encoding="utf-8")
    return copy


def _mean(values: list[float]) -> float:
    return sum(values) / max(1, len(values))


def rules_report(splits: list[Path]) -> None:
    """On how many sites each rule speaks to a line."""
    sites: dict[str, set[str]] = defaultdict(set)
    for split in splits:
        for rule, found in ablation.sites_by_rule(load(SETTINGS.clean), ablation.labelled_lines(split)).items():
            sites[rule] |= found
    every = [rule.id for rule in load(SETTINGS.clean).rules]
    groups: dict[str, list[str]] = {"no site": [], "one site": [], "two sites": [], "more sites": []}
    for rule in every:
        groups[list(groups)[min(3, len(sites[rule]))]].append(rule)
    for name, members in groups.items():
        print(f"\nrules that speak on {name}: {len(members)} of {len(every)}")
        print("  " + ", ".join(f"{m} ({min(sites[m])})" if name == "one site" else m for m in members))


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of splits")
    parser.add_argument("--score", type=Path, required=True, help="the scoring program")
    parser.add_argument("--leave-one-out", action="store_true", help="score each site without what only it supports")
    parser.add_argument("--rules", action="store_true", help="on how many sites each rule speaks")
    parser.add_argument("--mended-gold", action="store_true", help="labels with mojibake are right when repaired, too")
    options = parser.parse_args()
    spec = importlib.util.spec_from_file_location("score", options.score)
    if spec is None or spec.loader is None:
        parser.error(f"{options.score} is no Python module")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    splits = sorted(p.parent for p in options.data.glob("*/gold"))
    with TemporaryDirectory() as folder:
        report(score, [mended(s, Path(folder)) for s in splits] if options.mended_gold else splits, options)


def report(score: ModuleType, splits: list[Path], options: argparse.Namespace) -> None:
    """Print the tables that were asked for."""
    if options.leave_one_out or options.rules:
        for split in splits if options.leave_one_out else []:
            leave_one_out(score, split)
        if options.rules:
            rules_report(splits)
        return
    table(score, splits)
    print()
    for split in splits:
        kinds(score, split)
    for split in splits:
        throughput(split)


if __name__ == "__main__":
    main()
