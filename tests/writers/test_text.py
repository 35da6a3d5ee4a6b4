"""Plain text: nothing but the text, paragraph for paragraph."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writers.documents import RUN, compose, rich

from pipeline.document import Translation
from pipeline.writers.text import MISSING, write

sentences = st.lists(
    st.tuples(st.text(alphabet="aè .", min_size=1).filter(str.strip), st.text(alphabet="b \n.")), min_size=1
)
blocks = st.lists(
    st.tuples(st.sampled_from(["title", "heading", "paragraph", "list"]), sentences), min_size=1, max_size=6
)


def paragraphs(text: str) -> list[str]:
    return [block for block in text.split("\n") if block]


def test_the_clean_text_is_written_as_it_is():
    assert write(rich(), RUN)["clean.it.txt"] == rich().clean.text + "\n"


def test_the_english_has_the_paragraphs_and_blank_lines_of_the_italian():
    files = write(rich(), RUN)
    italian, english = files["clean.it.txt"].splitlines(), files["translation.en.txt"].splitlines()
    assert [bool(line) for line in italian] == [bool(line) for line in english]
    assert english[0] == "Valdimonte bridge reopens after two years of works"
    assert "early. The structure" in english[4]


@given(blocks)
@settings(max_examples=60, deadline=None)
def test_every_translation_has_as_many_paragraphs_as_its_original(parts):
    files = write(compose(parts), RUN)
    assert len(paragraphs(files["translation.en.txt"])) == len(paragraphs(files["clean.it.txt"]))


@pytest.mark.parametrize("target", ["", " \n"])
def test_a_sentence_without_english_leaves_a_visible_gap(target):
    document = rich()
    pairs = document.translation.pairs
    emptied = replace(document, translation=Translation((replace(pairs[0], target=target), *pairs[1:]), "m"))
    assert write(emptied, RUN)["translation.en.txt"].startswith(MISSING + "\n\nFinal cost")


def test_the_summary_is_one_paragraph_without_a_label():
    summary = write(rich(), RUN)["summary.en.txt"]
    assert summary == rich().summary.text + "\n"
    assert summary.count("\n") == 1


def test_what_was_not_made_is_not_written():
    assert list(write(replace(rich(), translation=None, summary=None), RUN)) == ["clean.it.txt"]
    assert write(replace(rich(), clean=None, translation=None, summary=None), RUN) == {}
