"""The review page, read as markup; how it behaves is tested in a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from writers.documents import RUN, hostile, long, partial, rich, whole

from pipeline.document import Document
from pipeline.writers import review
from pipeline.writers.review import RAW_LIMIT

write = whole(review.write)


def page(document: Document) -> str:
    return write(document, RUN)["review.html"]


def plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def element(markup: str, opening: str, tag: str) -> str:
    """The first `tag` element with `opening` in its start tag, from there on; elements of the same name are counted."""
    rest = markup[markup.index(opening) :]
    depth = 0 if opening.startswith("<") else 1
    for found in re.finditer(rf"<(/?){tag}\b", rest):
        depth += -1 if found[1] else 1
        if depth == 0:
            return rest[: found.start()]
    raise AssertionError(f"{opening} has no end")


def test_each_sentence_stands_once_in_each_language_with_the_same_number():
    document = rich()
    markup = page(document)
    for pair in document.translation.pairs:
        assert plain(element(markup, f'id="i{pair.segment}"', "span").partition(">")[2]) == pair.source
        english = element(markup, f'id="s{pair.segment}"', "span").partition(">")[2]
        assert plain(re.sub(r'<a class="b.*?</a>', "", english)) == pair.target


def test_both_columns_say_their_language():
    markup = page(rich())
    assert markup.count('<p lang="it"><span class="s') == markup.count('<p lang="en"><span class="s')
    assert ">Italiano<" in markup.replace("</p>", "<")
    assert ">English<" in markup.replace("</p>", "<")


def test_titles_metadata_file_and_repairs_head_the_page():
    head = plain(page(rich()).split("<main")[0])
    for fact in (
        "Valdimonte bridge reopens",
        "Il ponte di Valdimonte riapre",
        "Cronaca",
        "Elena Rinaldi",
        "Il Corriere della Serla",
        "14 marzo 2023 alle 18:05",
        "2023-03-14 18:05",
        "articoli/2023/ponte di Valdimonte.txt",
        "windows-1252, repaired: 14 × mojibake, 1 × no-break space",
    ):
        assert fact in head


def test_the_summary_says_its_method_and_links_each_sentence_to_its_evidence():
    markup = page(rich())
    section = element(markup, '<section class="summary"', "section")
    assert ">abstractive<" in section
    assert 'data-e="4 3"' in section
    assert re.findall(r'class="e" href="#s(\d+)"', section) == ["4", "3", "4", "9", "14"]
    assert "read the whole text in 2 parts" in section


@pytest.mark.parametrize(
    ("method", "said"),
    [("extractive", ">extractive<"), ("whole", "too short to summarise")],
    ids=["extractive", "whole"],
)
def test_other_methods_are_labelled_as_such(method, said):
    assert said in page(replace(rich(), summary=replace(rich().summary, method=method)))


def test_a_summary_of_a_part_says_how_much_was_read():
    partly = replace(rich().summary, tokens_read=200, tokens_total=412, note="The model’s answer was refused.")
    markup = page(replace(rich(), summary=partly))
    assert "read 48 % of the text" in markup
    assert "answer was refused" in markup


def test_every_flag_is_listed_with_its_severity_and_leads_to_its_place_and_back():
    markup = page(rich())
    section = element(markup, '<section class="flags"', "section")
    assert re.findall(r'<li id="f(\d)" class="(\w+)"', section) == [
        ("1", "info"),
        ("2", "error"),
        ("3", "warning"),
        ("4", "warning"),
        ("5", "error"),
        ("6", "info"),
        ("7", "error"),
    ]
    assert re.findall(r'href="#([sy]\d+)"', section) == ["s4", "s9", "s15", "s19", "s19", "y2"]
    assert sorted(re.findall(r'class="b \w+" id="m(\d)" href="#f\1"', markup)) == ["2", "3", "4", "5", "6", "7"]
    assert re.findall(r'class="dot (\w+)">(\d)', section) == [("error", "3"), ("warning", "2"), ("info", "2")]


def test_every_link_within_the_page_leads_somewhere():
    for markup in (page(rich()), page(partial()["only segmented"]), page(partial()["translate off"])):
        ids = re.findall(r'\sid="([^"]+)"', markup)
        assert len(set(ids)) == len(ids)
        assert set(re.findall(r'href="#([^"]+)"', markup)) <= set(ids)


def test_evidence_of_a_flag_is_marked_on_both_sides():
    markup = page(rich())
    assert '<mark class="error">2021</mark>' in element(markup, 'id="i4"', "span")
    assert '<mark class="error">2012</mark>' in element(markup, 'id="s4"', "span")


def test_removed_lines_are_in_place_with_rule_and_kind_but_hidden():
    markup = page(rich())
    cuts = re.findall(r'<div class="row cut" data-x hidden>(.*?)</div>', markup, re.S)
    assert len(cuts) == 7
    assert "<del>Facebook Twitter WhatsApp" in cuts[2]
    assert "share buttons · social-share.buttons" in cuts[2]
    assert markup.index("Iscriviti alla newsletter") < markup.index('id="i8"')


def test_score_tokens_and_provenance_are_with_each_sentence():
    markup = page(rich())
    assert 'id="s4" data-d="model · score −0.40 · 34 → 33 tokens"' in markup
    assert 'id="s8" data-d="approved"' in markup
    assert "cut off at the length limit" in element(markup, 'id="s19"', "span")


def test_a_document_that_was_not_translated_is_shown_in_italian_alone():
    markup = page(partial()["translate off"])
    assert "not translated" in markup
    assert '<p lang="en">' not in markup
    assert 'id="s4"' in markup
    assert 'href="#f2"' in element(markup, 'id="s4"', "span")


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("unread", "Failed – inputs: DocumentError: the file is not readable"),
        ("skipped when read", "Skipped – inputs: empty: The file has no text."),
        ("another language", "Skipped – clean: wrong language"),
        ("only read", "as read, not cleaned"),
    ],
)
def test_a_document_that_went_no_further_says_so(which, said):
    assert said in plain(page(partial()[which]))


def test_a_source_that_was_never_cleaned_is_shown_up_to_a_limit():
    document = partial()["only read"]
    huge = replace(document, source=replace(document.source, text="a" * (RAW_LIMIT + 5)))
    assert "5 more characters" in page(huge)
    assert "a" * (RAW_LIMIT + 1) not in page(huge)


def test_the_way_back_to_the_index_is_as_long_as_the_id_is_deep():
    assert 'href="../../index.html"' in page(rich())
    assert 'href="../index.html"' in page(replace(rich(), id="ponte"))


def test_a_thousand_sentences_stay_under_two_megabytes():
    document = long(250)
    assert len(document.segments.items) == 1000
    assert len(page(document).encode()) < 2_000_000


def test_hostile_content_can_be_read_as_what_it_is():
    markup = page(hostile())
    assert "<script>alert(1)</script>" in plain(markup)
    assert "{{ 7 * 7 }}" in plain(markup)
    assert markup.count("<script>") == 1
    assert "x" * 100_000 in markup
