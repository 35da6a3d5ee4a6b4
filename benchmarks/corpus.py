"""Corpora for the benchmarks: authored articles with the boilerplate of news sites added, as many as are asked for."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

HEADS = (
    "FacebookTwitterLinkedInEmailCopy Link",
    "Condividi su Facebook",
    "Pubblicato il 3 marzo 2022 alle 09:15 in Cronaca",
    "Home > Cronaca > Ultime notizie",
)
TAILS = (
    "di Redazione",
    "Questo sito utilizza i cookie di profilazione di terze parti. Chiudendo questo banner acconsenti all’uso dei cookie.",
    "Iscriviti alla newsletter per ricevere ogni mattina le notizie più importanti",
    "Leggi anche: Mensa, le iscrizioni fino al 30 aprile",
    "© Riproduzione riservata",
)


def articles(shared: Path) -> list[tuple[str, list[str]]]:
    """(title, sentences) of each authored article under `shared`."""
    file = next(shared.rglob("articles.train.jsonl"))
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(row["title"][0], [it for it, _ in row["sentences"]]) for row in rows]


def pages(shared: Path, count: int, seed: int = 7) -> Iterator[str]:
    """`count` different pages: an article, or from the second round on sentences of two mixed, and boilerplate around it."""
    draw, known = random.Random(seed), articles(shared)
    for number in range(count):
        title, sentences = known[number % len(known)]
        if number >= len(known):
            other = draw.choice(known)[1]
            sentences = [s for pair in zip(sentences, other, strict=False) for s in pair]
            sentences = draw.sample(sentences, max(4, len(sentences) // 2))
        paragraphs = [" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]
        head, tail = draw.sample(HEADS, 2), draw.sample(TAILS, 3)
        yield "\n\n".join([title, *head, *paragraphs, *tail]) + "\n"


def write_one(shared: Path, path: Path, size: int) -> None:
    """One file of `size` bytes or a page more: an article without end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for page in pages(shared, sys.maxsize):
            file.write(page + "\n")
            if file.tell() >= size:
                return


def write(shared: Path, folder: Path, count: int) -> None:
    """The pages as files in sub-folders of a thousand."""
    for number, page in enumerate(pages(shared, count)):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
