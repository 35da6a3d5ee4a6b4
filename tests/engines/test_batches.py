from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engines.batches import bucket, caps, longest_first, next_batch
from pipeline.settings import Decoding


def test_bucket_edges_are_powers_of_two_and_one_and_a_half_of_them() -> None:
    assert sorted({bucket(n) for n in range(1, 1025)}) == [
        8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024,
    ]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10_000))
def test_a_bucket_holds_its_text_with_less_than_half_to_spare(tokens: int) -> None:
    assert tokens <= bucket(tokens)
    assert bucket(tokens) <= 8 or bucket(tokens) < 1.5 * tokens


def test_caps_follow_the_bucket_and_not_the_text() -> None:
    decoding = Decoding(max_new_ratio=1.6, max_new_extra=16, min_new_ratio=0.5)
    assert caps(decoding, 13, 512) == caps(decoding, 16, 512) == (8, math.ceil(1.6 * 16) + 16)
    assert caps(decoding, 17, 512) != caps(decoding, 16, 512)


def test_caps_stop_at_the_positions_the_decoder_has() -> None:
    assert caps(Decoding(max_new_ratio=2, min_new_ratio=2), 512, 512) == (512, 512)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.integers(1, 600), min_size=1), st.integers(16, 5000))
def test_batches_hold_every_text_once_within_the_budget_and_one_bucket(lengths: dict[str, int], budget: int) -> None:
    waiting, batches = longest_first(lengths), []
    while waiting:
        batches.append(list(next_batch(waiting, lengths, budget)))
        waiting = waiting[len(batches[-1]) :]
    assert sorted(text for batch in batches for text in batch) == sorted(lengths)
    for batch in batches:
        assert len({bucket(lengths[text]) for text in batch}) == 1
        assert len(batch) == 1 or len(batch) * max(lengths[text] for text in batch) <= budget
    longest = [max(lengths[text] for text in batch) for batch in batches]
    assert longest == sorted(longest, reverse=True)


def test_the_order_of_arrival_does_not_matter() -> None:
    lengths = {"b": 3, "a": 3, "c": 9}
    assert longest_first(lengths) == longest_first(dict(reversed(lengths.items()))) == ["c", "a", "b"]
