from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.translation.tidy import tidy

TEXT = st.lists(st.text("ab1.,;:!?\"'“”’()[] ", max_size=5), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("source", "target", "tidied"),
    [
        ("Sì, certo.", "Yes , of course .", "Yes, of course."),
        ("Roma (Italia)", "Rome ( Italy )", "Rome (Italy)"),
        ("«Piove», disse.", 'It rains," he said.', '"It rains," he said.'),
        ("Disse: «Piove».", 'He said: "It rains.', 'He said: "It rains".'),
        ("Piove…", "It rains ...", "It rains ..."),
        ("Il .NET", "The .NET", "The .NET"),
        ("È alto 5' 7\"", "He is 5' 7\" tall", "He is 5' 7\" tall"),
    ],
)
def test_marks_stand_where_they_belong(source: str, target: str, tidied: str) -> None:
    assert tidy(source, target) == tidied


@pytest.mark.parametrize(
    ("quotes", "styled"),
    [
        ("straight", "\"It's the '90s,\" he said."),
        ("typographic", "“It’s the ’90s,” he said."),
        ("keep", "“It’s the '90s,\" he said."),
    ],
)
def test_quotes_go_out_in_the_style_that_is_asked_for(quotes: str, styled: str) -> None:
    assert tidy("«…», disse.", "“It’s the '90s,\" he said.", quotes) == styled  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, st.sampled_from(["keep", "straight", "typographic"]))
def test_no_word_is_changed_and_twice_is_once(source: str, target: str, quotes: str) -> None:
    once = tidy(source, target, quotes)  # type: ignore[arg-type]
    assert re.findall(r"\w+", once) == re.findall(r"\w+", target)
    assert tidy(source, once, quotes) == once  # type: ignore[arg-type]
