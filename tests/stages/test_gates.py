"""What is asked before a search: whether the search can find anything. A gate that is shut means that nothing is there."""

from __future__ import annotations

import re
from collections import Counter
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.stages.detection import detectors, repetition
from pipeline.stages.detection.words import ADDRESS, ByWord, spoken
from pipeline.stages.numbers import hints, lost_units, shares
from pipeline.stages.numbers.words import TABLES
from pipeline.stages.translation import addresses, casing, marks, preparation, repair, spelling, tidy

WORDS = [
    "Roma",
    "di",
    "ſei",
    "ΣΣΣΣ",
    "İo",
    "a",
    "Di",
    "MILA",
    "2",
    "1.200",
    "15.02.2023",
    "x" * 61,
    "½",
    "²",
    "non",
    "due",
    "È",
]
PIECES = [
    " ",
    "  ",
    "\n",
    "\t",
    "\u00a0",
    ".",
    ",",
    "!",
    "'",
    "’",
    '"',
    "«",
    "(",
    ")",
    "-",
    "•",
    "☀",
    "\ufe0f",
    "\u20e3",
    "1",
    "#",
    "@",
]
TAGS = ["#roma", "@anna.rossi", "www.a.it", "https://a.it/b", "x@y.it", "{a=1}", "foo()"]
UNITS = [
    "%",
    "Per Cento",
    "per mille",
    "‰",
    "punti base",
    "P.B",
    "pb",
    "€",
    "Euro",
    "dollari",
    "ſterline",
    "STERLINE",
    "° C",
    "gradi",
    "mila",
]
TEXT = st.lists(st.sampled_from(WORDS + PIECES + TAGS + UNITS) | st.text(max_size=3), max_size=25).map("".join)
SPACED = st.lists(st.sampled_from(WORDS + PIECES + TAGS + UNITS) | st.text(max_size=3), max_size=25).map(" ".join)
many = settings(max_examples=150, deadline=None)
ALWAYS = re.compile("")


@given(TEXT | SPACED)
@example("Roma è bella oggi www.a.it")
@many
def test_four_plain_words_are_words_to_translate(text: str) -> None:
    plain = preparation.UNBROKEN.sub(" ", ADDRESS.sub(" ", text))
    asked = bool(preparation.WORDLIKE.search(plain)) and not preparation.is_code(text)
    assert preparation.has_words(text) == asked


@given(TEXT | SPACED, SPACED)
@example("  ", "a")
@example("1. #a #b", "a")
@many
def test_a_text_without_their_characters_has_no_marks(text: str, target: str) -> None:
    gated = marks.held(text), marks.around_marks(text), marks.held(text).within(target)
    with patch.object(marks, "_MAY_BE_MARKS", ALWAYS):
        assert gated == (marks.held(text), marks.around_marks(text), marks.held(text).within(target))


@given(TEXT | SPACED, SPACED)
@example("il 5 ſterline", "five")
@many
def test_a_unit_that_is_lost_was_told_by_its_letters(source: str, target: str) -> None:
    open_ = {name: ([""], here, there) for name, (_, here, there) in lost_units._UNITS.items()}
    gated = lost_units.lost_units(source, target)
    with patch.object(lost_units, "_UNITS", open_):
        assert gated == lost_units.lost_units(source, target)


@given(TEXT | SPACED, TEXT | SPACED)
@many
def test_no_address_is_garbled_where_a_side_has_none(source: str, target: str) -> None:
    gated = addresses.garbled_address(source, target)
    with patch.object(addresses, "may_have_addresses", lambda text: True):
        assert gated == addresses.garbled_address(source, target)


@given(TEXT | SPACED)
@many
def test_a_word_that_counts_is_found_among_the_words_that_are_spoken(text: str) -> None:
    low, said = text.lower(), {word.lower() for word in re.findall(r"[^\W\d_]+", text)}
    for language, table in TABLES.items():
        telling = table.counting | shares.TELLING[language]
        figures = re.search(r"\d", text) or not set(shares.SIGNS).isdisjoint(text) or "mil" in low
        assert hints.may_count(text, language) == (bool(figures) or not telling.isdisjoint(said))


@given(st.lists(st.sampled_from("abc"), max_size=9).map(" ".join))
@many
def test_words_that_recur_in_their_order_are_fewer_than_all(text: str) -> None:
    said = spoken(text)
    triples = list(zip(said, said[1:], said[2:], strict=False))
    assert repetition._repeats(text) == (len(set(triples)) < len(triples))


@given(SPACED)
@many
def test_patterns_that_begin_with_what_they_look_for_find_the_same(text: str) -> None:
    line = " ".join(text.split())
    before = re.compile(r"(?<=[^\W_]) +(?=[,;:.!?](?:\s|$))(?! *\.\.\.)").sub("", line)
    assert tidy._BEFORE_MARK.sub("", line) == before
    assert tidy._IN_BRACKETS.sub("", before) == re.sub(r"(?<=[(\[]) +| +(?=[)\]])", "", before)
    capital = re.compile(r"(?<![^\W_])[^\W\d_a-zß-öø-ÿ][^\W_]{2,}(?![^\W_])")
    assert [m.span() for m in spelling._WITH_CAPITAL.finditer(text)] == [m.span() for m in capital.finditer(text)]


@given(TEXT | SPACED)
@many
def test_a_dotted_number_has_two_full_stops_and_a_title_no_long_word_in_lower_case(text: str) -> None:
    assert not repair._DOTTED.search(text) or text.count(".") >= 2
    long = [w for w in casing._WORD.findall(text) if len(w) >= 4]
    titled = len(long) >= 4 and all(w[0].isupper() for w in long)
    assert casing.style(text) == "shouted" or (casing.style(text) == "titled") == titled


@given(st.lists(st.sampled_from(["La", "casa", "gatto", "x", "3", "Anna"]), max_size=8).map(" ".join))
@many
def test_what_is_copied_has_words_of_the_source(text: str) -> None:
    assert not Counter(detectors._common_words(text)) - Counter(spoken(text))


def test_what_is_known_by_word_is_asked_once_until_it_is_too_much() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    with patch.object(ByWord, "MOST", 2):
        known = ByWord(length)
        assert [known[word] for word in ("a", "bb", "a", "ccc", "a")] == [1, 2, 1, 3, 1]
    assert asked == ["a", "bb", "ccc", "a"]
