from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.document import Segments, Skip, Source
from pipeline.inputs import Found
from pipeline.roll import IN_ORDER, WORST_FIRST, Roll


def found(name: str, mark: str = "", size: int = 1, problem: Skip | None = None) -> Found:
    return Found(name, f"{name}.txt", Path(f"in/{name}.txt"), problem, mark=mark, size=size)


def ids(roll: Roll, documents: int = 10, weight: int = 100, ended: bool = False) -> list[list[str]]:
    return [[entry.found.id for entry in window] for window in roll.windows(documents, weight, ended)]


def test_windows_are_bounded_by_count_and_by_weight_and_a_heavy_document_comes_alone() -> None:
    roll = Roll([found("a"), found("b"), found("c"), found("d", size=500), found("e", size=60), found("f", size=60)])
    assert ids(roll, documents=2) == [["a", "b"], ["c"], ["d"], ["e"], ["f"]]
    assert ids(roll, documents=9, weight=1000) == [["a", "b", "c", "d", "e", "f"]]


def test_what_a_pass_has_done_is_there_in_the_next() -> None:
    roll = Roll([found("a"), found("b")])
    (window,) = roll.windows(10, 100)
    window[0].keys[Source], window[0].digests[Source] = "k", "d"
    window[1].ending = Skip("clean", "no_text", "nothing")
    roll.save(window)
    (again,) = roll.windows(10, 100, ended=True)
    assert again == window
    assert ids(roll) == [["a"]]
    assert (len(roll), roll.live) == (2, 1)
    assert Segments not in again[0].keys


def test_an_input_with_a_problem_has_ended_before_it_began() -> None:
    roll = Roll([found("a", problem=Skip("inputs", "symlink_loop", "goes round")), found("b")])
    assert ids(roll) == [["b"]]
    (window,) = roll.windows(10, 100, ended=True)
    assert window[0].ending == Skip("inputs", "symlink_loop", "goes round")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_shared_id_is_told_apart_by_its_mark_whatever_the_order(order: tuple[int, ...]) -> None:
    rows = [found("x", mark="1111"), found("X", mark="2222"), found("y", mark="3333")]
    assert {i for window in ids(Roll([rows[n] for n in order])) for i in window} == {"x-1111", "X-2222", "y"}


def test_ids_that_differ_in_composed_accents_only_are_told_apart() -> None:
    rows = [found("perch\u00e9", mark="1"), found("perche\u0301", mark="2")]
    assert ids(Roll(rows)) == [["perch\u00e9-1", "perche\u0301-2"]]


def test_rows_that_are_equal_in_all_things_are_numbered() -> None:
    assert ids(Roll([found("x", mark="1"), found("x", mark="1"), found("x", mark="1")])) == [["x-1", "x-1-2", "x-1-3"]]


def test_results_come_in_the_order_asked_for() -> None:
    roll = Roll([found(name) for name in "abcd"])
    (window,) = roll.windows(10, 100)
    counts = [(0, 1, -0.5), (2, 0, None), (0, 1, -0.9), (0, 0, -0.1)]
    roll.conclude(
        window,
        [
            {"index": {"state": "done", "risk": 0.0, "errors": e, "warnings": w, "mean_score": s}, "n": i}
            for i, (e, w, s) in enumerate(counts)
        ],
    )
    assert [r["n"] for r in roll.results(IN_ORDER, "done")] == [0, 1, 2, 3]
    assert [r["n"] for r in roll.results(WORST_FIRST, "done")] == [1, 2, 0, 3]
    assert list(roll.results(IN_ORDER, "failed")) == []


def test_what_comes_along_is_kept_for_the_end() -> None:
    roll = Roll([found("a"), found("b")])
    roll.carry({1: {"n": 1, "deep": {"x": [1]}}, 2: {}})
    assert roll.carried([1, 2]) == {1: {"n": 1, "deep": {"x": [1]}}}
