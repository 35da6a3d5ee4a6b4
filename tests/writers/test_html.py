"""Pages: what they may load (nothing) and how they show text."""

from __future__ import annotations

import re

import pytest
from writers.documents import HOSTILE_RUN, PLACEHOLDER, RUN, hostile, rich, whole

from pipeline.writers import html, review
from pipeline.writers.index import row, write_index

PAGES = {
    "review": whole(review.write)(rich(), RUN)["review.html"],
    "hostile review": whole(review.write)(hostile(), HOSTILE_RUN)["review.html"],
    "index": write_index([row(rich())], RUN),
    "hostile index": write_index([row(hostile())], HOSTILE_RUN),
}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def policy(page: str) -> str:
    return re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")


@every_page
def test_style_and_script_are_allowed_by_their_hash_and_nothing_else_is(page):
    style, script = re.findall(r"<style>(.*?)</style>", page, re.S), re.findall(r"<script>(.*?)</script>", page, re.S)
    assert len(style) == len(script) == 1
    assert policy(page) == (
        f"default-src 'none'; style-src '{html.digest(style[0])}'; script-src '{html.digest(script[0])}'; "
        "base-uri 'none'; form-action 'none'"
    )


@every_page
def test_a_page_asks_for_nothing_from_elsewhere_and_has_no_inline_handlers_or_styles(page):
    markup = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S)
    tags = re.findall(r"<[a-z][^>]*>", markup)
    assert not [tag for tag in tags if re.search(r"\s(src|srcset|style|on\w+|action)=", re.sub(r'"[^"]*"', '""', tag))]
    assert not re.findall(r"<(link|img|iframe|object|base|svg)\b", markup)
    assert "://" not in "".join(re.findall(r'href="([^"]*)"', markup))


@every_page
def test_style_and_script_name_no_address(page):
    for element in re.findall(r"<(?:style|script)>(.*?)</", page, re.S):
        assert not re.search(r"url\(|@import|https?:|fetch\(|innerHTML|eval\(", element)


def test_a_digest_is_what_the_standard_says():
    # the example of CSP level 2, section 7.17.2
    assert html.digest("alert('Hello, world.');") == "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="


def test_characters_that_reorder_text_are_spelled_out():
    assert html.spelled("a\u202eb\x00") == "a⟦U+202E⟧b⟦U+0000⟧"
    assert html.spelled("perché 👩‍👩‍👧 \n\t") == "perché 👩‍👩‍👧 \n\t"
    assert "\u202e" not in PAGES["hostile review"] + PAGES["hostile index"]


def test_numbers_have_a_true_minus_and_thousands_apart():
    assert html.number(-0.314) == "−0.31"
    assert html.number(12345, 0) == "12\u202f345"
    assert html.number(None) == "–"


def test_an_excerpt_ends_between_words():
    assert html.excerpt("uno due  tre", 12) == "uno due tre"
    assert html.excerpt("uno due tre", 9) == "uno due\u00a0…"
    assert html.excerpt("x" * 50, 5) == "xxxxx\u00a0…"


@pytest.mark.parametrize(
    "page", [whole(review.write)(rich(), PLACEHOLDER)["review.html"], write_index([], PLACEHOLDER)]
)
def test_notices_are_a_banner_and_the_signature_is_in_the_footer(page):
    banner = re.search(r'<p class="banner warning" role="note">(.*?)</p>', page)[1]
    assert banner == PLACEHOLDER.notices[0]
    assert RUN.signature in page.split("<footer>")[1]
