"""The benchmark of flags on machine output in small: its arithmetic, and lines that find their flags again."""

from __future__ import annotations

import sys
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Checks, CleanText, Flag, Pair, Segment, Segments, Translation

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import agreement
import calibration

QUALITY = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]
VALUES = st.lists(st.integers(0, 9), min_size=2, max_size=30)


def test_a_flag_on_the_worst_sentence_and_on_a_good_one() -> None:
    row = agreement.flag_row([True] + 8 * [False] + [True], QUALITY)
    assert (row.flagged, row.rate) == (2, 0.2)
    assert (row.quality_flagged, row.quality_unflagged, row.difference) == (55, 55, 0)
    assert row.auc == pytest.approx((1 + 8 / 9) / 2)
    assert row.precision == 0.5


def test_a_flag_that_nothing_raises_says_nothing() -> None:
    row = agreement.flag_row(10 * [False], QUALITY)
    assert row.auc == 0.5
    assert all(isnan(value) for value in (row.quality_flagged, row.difference, row.low, row.precision))
    assert calibration.figure(row.precision) == "–"


def test_few_flagged_sentences_have_no_interval() -> None:
    assert isnan(agreement.flag_row([True] * 4 + [False] * 6, QUALITY).low)


def test_the_interval_holds_the_difference_and_is_narrow_where_all_are_alike() -> None:
    row = agreement.flag_row([True] * 5 + [False] * 5, QUALITY)
    assert row.low < row.difference == -50 < row.high < 0
    assert agreement.interval(np.full(9, 3.0), np.full(9, 5.0)) == (-2, -2)


def test_doubt_that_falls_as_quality_rises_finds_all_of_the_worst() -> None:
    assert agreement.doubt_row([-q for q in QUALITY], QUALITY) == agreement.DoubtRow(10, pytest.approx(-1), 1, 1)


def test_doubt_that_is_everywhere_the_same_finds_what_chance_does() -> None:
    row = agreement.doubt_row(10 * [0.0], QUALITY)
    assert (row.auc, row.found) == (0.5, pytest.approx(0.1))
    assert isnan(row.spearman)


def test_ties_at_the_edge_count_as_a_draw_would_have_them() -> None:
    bad = np.array([True, True, False, False, False])
    assert agreement.share_found([9, 1, 1, 1, 0], bad) == pytest.approx((1 + 1 / 3) / 2)


def test_equals_share_their_rank() -> None:
    assert agreement.ranks([5, 1, 5, 9]).tolist() == [2.5, 1, 2.5, 4]


@given(VALUES, st.data())
def test_the_area_is_the_share_of_pairs_in_order(doubts: list[int], data: st.DataObject) -> None:
    bad = np.array(data.draw(st.lists(st.booleans(), min_size=len(doubts), max_size=len(doubts))))
    pairs = [
        (a > b) + (a == b) / 2
        for a, x in zip(doubts, bad, strict=True)
        for b, y in zip(doubts, bad, strict=True)
        if x and not y
    ]
    area = agreement.auc(np.array(doubts, float), bad)
    assert area == pytest.approx(sum(pairs) / len(pairs)) if pairs else isnan(area)


@given(VALUES)
def test_what_is_found_lies_between_none_and_all(doubts: list[int]) -> None:
    found = agreement.share_found(doubts, agreement.worst([-float(d) for d in doubts], 0.1))
    assert 0 < found <= 1


def test_a_line_has_the_flags_of_all_its_sentences_and_no_others() -> None:
    [document] = calibration.documents(["È piovuto. Poi il sole.", "La neve."])
    assert document.get(CleanText).text == "È piovuto. Poi il sole.\n\nLa neve."
    texts = [(0, "È piovuto.", "It rained."), (0, "Poi il sole.", "Then sun."), (1, "La neve.", "The snow.")]
    segments = [Segment(i, paragraph, 0, 1, "paragraph", it, " ") for i, (paragraph, it, _) in enumerate(texts, 1)]
    pairs = [Pair(i, it, en, -i / 10, 3, 3, "model") for i, (_, it, en) in enumerate(texts, 1)]
    flags = (Flag("names", "warning", "", 1), Flag("numbers", "warning", "", 2), Flag("marks", "info", "", 3))
    checked = document.plus(Segments(tuple(segments))).plus(Translation(tuple(pairs), "m")).plus(Checks(flags))
    article = calibration.article(checked, ["It rained. Then sun.", "Snow."], lambda target, _: float(len(target)))
    first, second = article.lines
    assert (first.source, first.target, first.score) == ("È piovuto. Poi il sole.", "It rained. Then sun.", -0.2)
    assert [flag.id for flag in first.flags] == ["names", "numbers"]
    assert (first.by_flags, second.by_flags) == (0.75, pytest.approx(0.05))
    assert first.risk > first.by_flags  # the model doubts them as well
    assert article.risk > 35.0
    assert article.quality == (20 + 9) / 2


def test_the_embedded_checkpoint_goes_through_the_stages_and_fills_both_tables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    italian = ["Il sindaco ha aperto il ponte.", "Il treno parte alle 8. Costa 12 euro.", "La scuola resta chiusa."]
    english = ["The mayor opened the bridge.", "The train leaves at 8. It costs 12 euros.", "The school stays closed."]
    made = calibration.measured(italian, english)
    figures = calibration.report("own", [made])
    assert [line.source for article in made for line in article.lines] == italian
    assert all(0 < line.quality <= 100 for article in made for line in article.lines)
    assert figures["doubts"]["risk of a line"]["count"] == 3
    assert "Never raised: empty, " in capsys.readouterr().out


def test_a_sample_shows_flagged_lines_with_what_the_flag_says() -> None:
    flags = (Flag("names", "warning", "not found: Verdi", 1),)
    lines = [calibration.Line("Verdi canta.", "Sings.", "Verdi sings.", flags, 9.0, -1.0) for _ in range(3)]
    shown = list(calibration.sample(lines, 2))
    assert len(shown) == 2
    assert shown[0] == "\nnames: not found: Verdi\n  IT  Verdi canta.\n  EN  Sings.\n  REF Verdi sings."


def of(lines: list[tuple[int, float]]) -> list[calibration.Article]:
    """A set of one document, with lines of these lengths and qualities."""
    return [calibration.Article(tuple(calibration.Line("a" * n, "", "", (), q, -1.0) for n, q in lines), 0.0)]


def test_lines_of_several_sets_are_compared_with_lines_of_their_set_that_are_about_as_long() -> None:
    one = of([(n, 10.0 * n + odd) for n in range(5) for odd in (-1, 1)])
    other = of([(9 - n, 50 + 10.0 * n + odd) for n in range(5) for odd in (-2, 2)])
    assert calibration.centred([one, other]) == 5 * [-1, 1] + 5 * [-2, 2]
    assert calibration.adjusted([one, other]) == calibration.centred([one, other])


def test_in_a_single_set_quality_stays_as_it_is() -> None:
    assert calibration.adjusted([of([(1, 20.0), (9, 70.0)])]) == [20.0, 70.0]


def test_sets_of_fewer_lines_than_fifths_are_no_trouble() -> None:
    assert calibration.centred([of([(1, 20.0), (9, 70.0)])]) == [0.0, 0.0]
