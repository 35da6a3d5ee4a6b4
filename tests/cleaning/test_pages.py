"""Whole pages in the manner of sites that the rules were not written with; `unseen/` holds them, a verdict a line.

A line is `+ block|text` where it belongs to the article and `- kind|text` where it does not. The pages and texts are made up.
The first nine were scored before rules were written for such sites, the last five (amp-videonews to sport) after. `kinds/` holds
pages of kinds rather than of sites: agencies, live reports, letters, recipes, newsletters, horoscopes, whose rules were written with them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cleaning import clean
from pipeline.cleaning.guard import lost_share
from pipeline.document import CleanText, Source
from pipeline.inputs import read
from pipeline.settings import Check, Clean, Inputs

PAGES = sorted((Path(__file__).parent / "unseen").glob("*.page"))
KINDS = sorted((Path(__file__).parent / "kinds").glob("*.page"))
KNOWN_LOST = {"La rinascita"}  # a heading that follows a teaser without a blank line
MAY_STAY = 1  # lines of boilerplate on a page


def page(path: Path) -> list[tuple[bool, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [(line.startswith("+"), line.partition("|")[2]) for line in lines]


def cleaned(rows: list[tuple[bool, str]]) -> tuple[Source, CleanText]:
    source = read("\n".join(text for _, text in rows).encode(), "txt", Inputs())
    assert isinstance(source, Source)
    return source, clean(source, Clean())


@pytest.mark.parametrize("path", [*PAGES, *KINDS], ids=lambda p: p.stem)
def test_a_page_of_an_unknown_site_loses_its_boilerplate_and_nothing_else(path: Path) -> None:
    rows = page(path)
    source, found = cleaned(rows)
    left = found.text.split("\n")
    assert [text for keep, text in rows if keep and text not in left and text not in KNOWN_LOST] == []
    wanted = [text for keep, text in rows if keep]
    assert len([line for line in left if line.strip() and line not in wanted]) <= MAY_STAY
    assert found.restore() == source.text


def test_hardly_any_page_raises_the_alarm() -> None:
    assert sum(lost_share(cleaned(page(path))[1]) > Check().max_lost_share for path in PAGES) <= 1


def test_there_are_pages_of_many_kinds() -> None:
    assert len(PAGES) >= 14
    assert len(KINDS) >= 30
