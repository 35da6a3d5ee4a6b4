"""Texts as subwords, and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.engines.subwords import Pieces


def decode_as_0_2_0(rows: Sequence[Sequence[str]], num_threads: int) -> list[str]:
    """SentencePiece 0.2.0 takes all rows for numbers where the first is empty."""
    if not rows[0]:
        raise TypeError("list must contain strings")
    return ["".join(row) for row in rows]


def test_rows_without_a_word_are_empty_texts_wherever_they_stand(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = Pieces(marian, "</s>", ["</s>"])
    monkeypatch.setattr(pieces, "_target", SimpleNamespace(decode_pieces=decode_as_0_2_0))
    assert pieces.decode([["</s>"], ["▁Hello", "</s>"], []]) == ["", "Hello", ""]
    assert pieces.decode([["</s>"]]) == [""]
    assert pieces.decode([]) == []
