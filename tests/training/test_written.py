"""The project's own training text: every row is a pair, none comes twice, and nearly all of it is fit for training."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # the recipe is no part of the installed package
pytest.importorskip("sentencepiece")

FILES = sorted((ROOT / "training" / "written").glob("*.tsv"))


def rows() -> Iterator[tuple[Path, int, list[str]]]:
    for file in FILES:
        for number, line in enumerate(file.read_text(encoding="utf-8").removesuffix("\n").split("\n"), 1):
            yield file, number, line.split("\t")


def test_every_row_is_an_italian_text_and_its_english() -> None:
    wrong = [
        f"{file.name}:{number}"
        for file, number, cells in rows()
        if len(cells) != 2 or any(c != unicodedata.normalize("NFC", " ".join(c.split())) or not c for c in cells)
    ]
    assert FILES
    assert wrong == []


def test_no_italian_text_comes_twice() -> None:
    from training.prepare import key

    seen: dict[str, str] = {}
    twice = []
    for file, number, (italian, _) in rows():
        place = f"{file.name}:{number}"
        if seen.setdefault(key(italian), place) != place:
            twice.append(place)
    assert twice == []


def test_nearly_all_rows_pass_the_filter_of_the_recipe() -> None:
    from training.prepare import is_good

    good = [is_good(*cells, trusted=True) for _, _, cells in rows()]
    assert sum(good) > 0.999 * len(good)
