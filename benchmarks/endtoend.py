"""A corpus from raw pages to written outputs: documents a second and each stage's share; cold, warm, with one setting changed.

    python benchmarks/endtoend.py --shared DIR [--documents 1000] [--slice 20] [--rounds 3] [--set KEY=VALUE]...

Beside it, on a slice of the corpus, what one would write without it2en: read, cut boilerplate by regular expressions, split at
full stops, one `generate` a sentence, write. Medians of alternating rounds, as a ratio; every run is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

CHANGED = "summarise.max_sentences=3"
BOILERPLATE = re.compile(
    r"(?im)^.*(facebook|cookie|newsletter|condividi|leggi anche|pubblicato il|redazione|riproduzione).*$"
)


def plain(source: Path, out: Path, model: str) -> None:
    """The script that one would otherwise write."""
    from transformers import MarianMTModel, MarianTokenizer

    tokenizer, translator = MarianTokenizer.from_pretrained(model), MarianMTModel.from_pretrained(model)
    out.mkdir(parents=True)
    for path in sorted(source.rglob("*.txt")):
        text = BOILERPLATE.sub("", path.read_text(encoding="utf-8"))
        paragraphs = []
        for paragraph in filter(str.strip, text.split("\n")):
            sentences = re.split(r"(?<=[.!?]) +", paragraph.strip())
            english = []
            for sentence in sentences:
                tokens = tokenizer(sentence, return_tensors="pt", truncation=True)
                made = translator.generate(**tokens, num_beams=4, max_length=200)
                english.append(tokenizer.decode(made[0], skip_special_tokens=True))
            paragraphs.append(" ".join(english))
        (out / path.name).write_text("\n\n".join(paragraphs), encoding="utf-8")


def ours(source: Path, out: Path, overrides: list[str]) -> tuple[float, dict[str, float]]:
    """Seconds of a run in a process of its own, and the seconds of each stage in it."""
    options = [part for value in overrides for part in ("--set", value)]
    began = time.monotonic()
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-q", "--out", str(out), "--name", "r", *options]
    if subprocess.run(command, check=False).returncode > 1:
        sys.exit("it2en did not get through")
    seconds = time.monotonic() - began
    timings = json.loads((out / "r/run.json").read_text(encoding="utf-8"))["timings"]
    return seconds, {name: value for name, value in timings.items() if name != "total"}


def show(name: str, documents: int, seconds: float, stages: dict[str, float]) -> None:
    """One line of the table."""
    shares = "  ".join(f"{stage} {100 * value / seconds:.0f}%" for stage, value in stages.items())
    print(f"{name:<16} {seconds:>8.1f} s {documents / seconds:>9.2f} documents/s   {shares}", flush=True)


def main() -> None:
    """Run, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the authored articles")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--slice", type=int, default=20, help="documents that both are timed on")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", help="folder of the MarianMT checkpoint; by default the embedded one")
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--plain", nargs=2, type=Path, metavar=("IN", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    model = options.model or str(Path(__file__).parent.parent / "pipeline/engines/embedded/it-en")
    if options.plain:
        plain(*options.plain, model)
        return
    overrides = [f"translate.model={options.model or 'embedded/it-en'}", *options.overrides]
    work = Path(tempfile.mkdtemp(prefix="it2en-endtoend-"))
    corpus.write(options.shared, work / "all", options.documents)
    corpus.write(options.shared, work / "slice", options.slice)
    if options.documents:
        for name, more in (("cold", []), ("warm", []), ("changed setting", [CHANGED])):
            show(name, options.documents, *ours(work / "all", work / "out", overrides + more))
    times: dict[str, list[float]] = {"plain script": [], "it2en": []}
    for n in range(options.rounds):
        began = time.monotonic()
        script = [sys.executable, __file__, "--shared", ".", "--model", model, "--plain"]
        subprocess.run([*script, str(work / "slice"), str(work / f"plain{n}")], check=True)
        times["plain script"].append(time.monotonic() - began)
        times["it2en"].append(ours(work / "slice", work / f"ours{n}", overrides)[0])
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, seconds in medians.items():
        ratio = medians["plain script"] / seconds
        print(f"{name:<16} {seconds:>8.1f} s {options.slice / seconds:>9.2f} documents/s   ratio {ratio:.2f}")
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
