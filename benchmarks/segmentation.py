"""How well and how fast Italian is split into sentences, beside what else there is: `python benchmarks/segmentation.py --shared DIR`.

Two measures: the published trap cases (`tests/golden/segment_traps.txt`: all boundaries of a case right or wrong), and NTREX, whose
lines are joined by spaces and split again (precision and recall of boundaries; a line of NTREX is not always one sentence). Peers
are measured where they are installed (`pip install -r benchmarks/requirements.txt`).
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from pipeline.stages.segmentation.sentences import Sentences

Splitter = Callable[[str], Iterable[str]]
TRAPS = Path(__file__).parents[1] / "tests" / "golden" / "segment_traps.txt"
NAIVE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Þ0-9“«\"'(])")
SLOWEST = 100_000  # characters on which speed is measured at the least


def ours() -> Splitter:
    """This project's."""
    sentences = Sentences()
    return lambda text: [text[s:e] for s, e in sentences.split(text)]


def pysbd() -> Splitter:
    """pysbd, in Italian."""
    segmenter = import_module("pysbd").Segmenter(language="it", clean=False)
    return lambda text: segmenter.segment(text)


def sentencex() -> Splitter:
    """Sentencex, by Wikimedia."""
    segment = import_module("sentencex").segment
    return lambda text: segment("it", text)


def sentence_splitter() -> Splitter:
    """The Moses splitter in Python."""
    return import_module("sentence_splitter").SentenceSplitter(language="it").split


def blingfire() -> Splitter:
    """BlingFire, which has one model for all languages."""
    split = import_module("blingfire").text_to_sentences
    return lambda text: split(text).split("\n")


PEERS: dict[str, Callable[[], Splitter]] = {
    "it2en": ours,
    "pysbd": pysbd,
    "sentencex": sentencex,
    "sentence-splitter": sentence_splitter,
    "blingfire": blingfire,
    "naive expression": lambda: NAIVE.split,
}


def joined(line: str) -> str:
    """The text of a trap case."""
    return re.sub("‖", " ", line.replace("‖‖", ""))


def ends(sentences: Iterable[str]) -> set[int]:
    """Where sentences end, counted in characters that are not white space: splitters differ in the white space they keep."""
    found, total = set(), 0
    for sentence in sentences:
        size = len(re.sub(r"\s", "", sentence))
        total += size
        if size:
            found.add(total)
    return found


def cases(path: Path) -> Iterator[tuple[str, set[int]]]:
    """(text, where its sentences end) of each trap case."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield joined(line), ends(re.split("‖+", line))


def measure(split: Splitter, trap_file: Path, lines: list[str]) -> tuple[int, int, float, float, float]:
    """(trap cases right, of, precision, recall, MB a minute)."""
    known = list(cases(trap_file))
    right = sum(ends(split(text)) == wanted for text, wanted in known)
    text = " ".join(lines)
    wanted = ends(lines)
    blocks = [" ".join(lines[i : i + 20]) for i in range(0, len(lines), 20)]
    found, offset = set[int](), 0
    for block in blocks:
        found |= {offset + e for e in ends(split(block))}
        offset += len(re.sub(r"\s", "", block))
    inner = {sum(len(re.sub(r"\s", "", x)) for x in lines[:i]) for i in range(0, len(lines) + 1, 20)} | {offset}
    found, wanted = found - inner, wanted - inner
    began, size = time.perf_counter(), 0
    while size < SLOWEST or (time.perf_counter() - began < 1 and size < 20 * len(text)):
        for block in blocks:
            list(split(block))
            size += len(block.encode())
            if size > SLOWEST and time.perf_counter() - began > 5:
                break
    speed = size / 1e6 / (time.perf_counter() - began) * 60
    both = len(found & wanted)
    return right, len(known), both / len(found), both / len(wanted), speed


def marked(split: Splitter, lines: list[str]) -> tuple[int, float]:
    """How many of NTREX's lines end in a mark as sentences do, and recall among these: no rule finds the end of a headline."""
    ended = [i for i, line in enumerate(lines[:-1]) if re.search(r"[.!?…][”»\"’')]*\s*\Z", line)]
    found = sum(
        len(list(split(f"{lines[i]} {lines[i + 1]}"))) >= len(list(split(lines[i]))) + len(list(split(lines[i + 1])))
        for i in ended
    )
    return len(ended), found / len(ended)


def differences(split: Splitter, lines: list[str]) -> Iterator[str]:
    """What is split within a line of NTREX and what is not split between two."""
    for line in lines:
        parts = list(split(line))
        if len(parts) > 1:
            yield "within: " + " ‖ ".join(parts)
    for one, other in pairwise(lines):
        if len(list(split(one))) + len(list(split(other))) > len(list(split(f"{one} {other}"))):
            yield f"missed: …{one[-70:]} ‖ {other[:60]}…"


def main() -> None:
    """Print the table, or what our splitter and NTREX disagree on."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds eval/ntrex/it.txt")
    parser.add_argument("--traps", type=Path, default=TRAPS, help="another file of trap cases")
    parser.add_argument("--differences", action="store_true", help="show what it2en and NTREX disagree on")
    arguments = parser.parse_args()
    lines = (arguments.shared / "eval" / "ntrex" / "it.txt").read_text(encoding="utf-8").splitlines()
    if arguments.differences:
        print("\n".join(differences(ours(), lines)))
        return
    print(
        f"{sum(1 for _ in cases(arguments.traps))} trap cases, {len(lines)} lines of NTREX, of which {marked(ours(), lines)[0]} end in a mark"
    )
    print(f"{'splitter':20} {'traps':>9} {'precision':>10} {'recall':>7} {'of ended':>8} {'MB/minute':>10}")
    for name, peer in PEERS.items():
        try:
            split = peer()
        except ImportError:
            print(f"{name:20} not installed")
            continue
        right, of, precision, recall, speed = measure(split, arguments.traps, lines)
        _, of_marked = marked(split, lines)
        print(f"{name:20} {right:4}/{of:<4} {precision:10.4f} {recall:7.4f} {of_marked:8.4f} {speed:10.1f}")


if __name__ == "__main__":
    main()
