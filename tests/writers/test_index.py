"""The index of a run."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from urllib.parse import unquote

import pytest
from writers.documents import HOSTILE_RUN, RUN, hostile, partial, rich

from pipeline.writers.index import IndexRow, badness, row, totals, write_index


def made(id: str, **changes: object) -> IndexRow:
    return replace(row(rich()), **{"id": id, "path": f"{id}.txt", **changes})


def order(page: str) -> list[str]:
    return re.findall(r'<tr data-row><td[^>]*><a href="([^"]*)/review.html"', page)


def test_a_row_says_what_the_document_is():
    found = row(rich())
    assert (found.title_it[:8], found.title_en[:10]) == ("Il ponte", "Valdimonte")
    assert (found.state, found.reason, found.date) == ("done", "", "2023-03-14T18:05")
    assert (found.errors, found.warnings, found.infos) == (3, 2, 2)
    assert (found.segments, found.words) == (21, 265)
    assert found.summary.endswith("…")


@pytest.mark.parametrize("which", partial())
def test_every_document_has_a_row(which):
    assert row(partial()[which]).id == rich().id


def test_failures_come_first_with_their_reason_and_then_documents_worst_first():
    rows = [
        made("good", errors=0, warnings=0, mean_score=-0.1),
        made("unsure", errors=0, warnings=0, mean_score=-0.9),
        made("warned", errors=0, warnings=5),
        made("wrong", errors=1, warnings=0),
        made("broken", state="failed", reason="translate: EngineError: out of memory"),
        made("german", state="skipped", reason="clean: wrong language: it is German"),
        made("unscored", errors=0, warnings=0, mean_score=None),
    ]
    page = write_index(rows, RUN)
    assert order(page) == ["broken", "german", "wrong", "warned", "unsure", "good", "unscored"]
    assert "translate: EngineError: out of memory" in page
    assert write_index(rows[::-1], RUN) == page


def test_worse_means_more_errors_then_more_warnings_then_a_lower_score():
    rows = [made("a", errors=1, warnings=0), made("b", errors=0, warnings=9), made("c", errors=1, warnings=1)]
    assert [r.id for r in sorted(rows, key=badness)] == ["c", "a", "b"]
    assert made("a", errors=1, warnings=0).weight > made("b", errors=0, warnings=500).weight


def test_totals_are_sums():
    found = totals([made("a"), made("b", state="failed"), made("c", state="skipped")])
    assert (found.done, found.skipped, found.failed) == (1, 1, 1)
    assert (found.segments, found.words, found.errors, found.warnings, found.infos) == (63, 795, 9, 6, 6)


def test_what_reviewers_settled_is_counted_for_each_document_and_for_all():
    page = write_index([made("a", approved=3), made("b", approved=4)], RUN)
    assert re.findall(r'title="(\d) approved"', page) == ["3", "4"]
    assert re.search(r">approved</dt><dd>7</dd>", page)
    assert "approved" not in write_index([made("a", approved=0)], RUN)


@pytest.mark.parametrize("id", ["con spazio", "a#b", "a?b=c", "100%", "perché/è", "a&b", 'a"b', "javascript:alert(1)"])
def test_links_lead_to_the_folder_whatever_its_name(id):
    (href,) = re.findall(r'<td class="ui"[^>]*><a href="([^"]*)"', write_index([made(id)], RUN))
    assert not set("#?&\"' :") & set(href)
    assert unquote(href) == f"{id}/review.html"


def test_a_document_without_a_page_has_no_link():
    assert "<a " not in write_index([row(rich(), page=""), row(partial()["unread"])], RUN)
    assert "<a " in write_index([row(rich())], RUN)


def test_hostile_rows_are_text():
    rows = [replace(row(hostile()), state=state) for state in ("done", "skipped", "failed")]
    page = write_index(rows, HOSTILE_RUN)
    assert page.count("<script>") == 1
    assert "<img" not in page


def test_no_documents_make_a_page_all_the_same():
    assert "0 documents" in write_index([], RUN)


def test_ten_thousand_documents_are_written_in_seconds():
    rows = [made(f"d{i}", errors=i % 7) for i in range(10_000)]
    start = time.perf_counter()
    page = write_index(rows, RUN)
    assert time.perf_counter() - start < 20
    assert len(page) < 12_000_000
    assert page.count("<tr data-row>") == 10_000
