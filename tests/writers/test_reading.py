"""What writers ask of a document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from writers.documents import partial, rich

from pipeline.document import Translation
from pipeline.errors import DocumentError
from pipeline.writers.reading import mean_score, reason, sides, state, titles


def test_every_sentence_stands_beside_its_own_translation_whatever_the_order_of_the_pairs():
    document = rich()
    turned = replace(document, translation=Translation(document.translation.pairs[::-1], "m"))
    assert [side.pair.source for side in sides(turned)] == [s.text for s in document.segments.items]


def test_pairs_that_belong_to_no_sentence_are_refused():
    document = rich()
    lost = replace(document.translation.pairs[0], segment=999)
    with pytest.raises(DocumentError, match="do not match"):
        sides(replace(document, translation=Translation((lost,), "m")))


def test_two_pairs_for_one_sentence_are_refused():
    document = rich()
    with pytest.raises(DocumentError, match="do not match"):
        sides(replace(document, translation=Translation(document.translation.pairs[:1] * 2, "m")))


def test_the_english_title_is_the_translation_of_the_title_block():
    assert titles(rich()) == (
        "Il ponte di Valdimonte riapre dopo due anni di lavori",
        "Valdimonte bridge reopens after two years of works",
    )


def test_a_declared_title_is_found_among_sentences_of_any_kind():
    document = rich()
    items = tuple(replace(s, kind="paragraph") for s in document.segments.items)
    plain = replace(document, segments=replace(document.segments, items=items))
    assert titles(plain)[1] == "Valdimonte bridge reopens after two years of works"


def test_a_document_that_was_not_read_has_no_titles_and_no_score():
    assert titles(partial()["unread"]) == ("", "")
    assert mean_score(partial()["unread"]) is None


def test_approved_sentences_do_not_count_in_the_mean_score():
    scores = [p.score for p in rich().translation.pairs if p.score is not None]
    assert len(scores) == len(rich().translation.pairs) - 1
    assert mean_score(rich()) == round(sum(scores) / len(scores), 3)


def test_an_ending_is_told_in_one_line():
    documents = partial()
    assert (state(documents["unread"]), reason(documents["unread"])) == (
        "failed",
        "inputs: DocumentError: the file is not readable",
    )
    assert (state(documents["another language"]), reason(documents["another language"])) == (
        "skipped",
        "clean: wrong language: The text is in German.",
    )
    assert (state(rich()), reason(rich())) == ("done", "")
