"""Sentences, their offsets, and what ends them."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline import settings
from pipeline.document import BlockKind, CleanText, Document, Failure, Kept, Metadata, Segments
from pipeline.errors import DocumentError
from pipeline.stages.segment import SegmentStage, segments
from pipeline.stages.segmentation.sentences import Sentences

TRAPS = [
    line
    for line in (Path(__file__).parents[1] / "golden/segment_traps.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def clean(*blocks: tuple[str, BlockKind, str]) -> CleanText:
    """A clean text of blocks (text, kind, what comes after)."""
    kept, position = [], 0
    for text, kind, after in blocks:
        kept.append(Kept(position, position + len(text), kind, after))
        position += len(text) + len(after)
    return CleanText("".join(t + a for t, _, a in blocks), tuple(kept), (), Metadata())


def paragraph(text: str) -> CleanText:
    return clean((text, "paragraph", ""))


def texts(found: Segments) -> list[str]:
    return [s.text for s in found.items]


@pytest.mark.parametrize("case", TRAPS)
def test_a_trap_is_split_where_its_author_split_it(case: str) -> None:
    text = case.replace("‖‖", "").replace("‖", " ")
    expected = [part for part in case.split("‖") if part]
    assert texts(segments(paragraph(text), Sentences())) == expected


def test_the_trap_list_is_long_enough_to_mean_something() -> None:
    assert len(TRAPS) >= 150


def test_the_number_of_a_clause_stays_with_its_clause() -> None:
    said = [
        "2.1. Ai sensi della legge il termine è di dodici mesi.",
        "La porta apre alle 10.30.",
        "Il pubblico attende.",
    ]
    assert texts(segments(paragraph(" ".join(said)), Sentences())) == said


def test_a_title_is_one_segment_and_its_kind_is_kept() -> None:
    found = segments(
        clean(
            ("Vince Rossi. Perde Bianchi", "title", "\n\n"),
            ("Il voto. Le liste.", "paragraph", "\n\n"),
            ("Che cosa cambia? Tutto", "heading", "\n\n"),
            ("Il primo. Il secondo.", "list", "\n"),
            ("Il terzo.", "list", ""),
        ),
        Sentences(),
    )
    assert [(s.id, s.paragraph, s.kind, s.text, s.after) for s in found.items] == [
        (1, 0, "title", "Vince Rossi. Perde Bianchi", "\n\n"),
        (2, 1, "paragraph", "Il voto.", " "),
        (3, 1, "paragraph", "Le liste.", "\n\n"),
        (4, 2, "heading", "Che cosa cambia? Tutto", "\n\n"),
        (5, 3, "list", "Il primo.", " "),
        (6, 3, "list", "Il secondo.", "\n"),
        (7, 4, "list", "Il terzo.", ""),
    ]


def test_a_sentence_runs_across_kept_spans_that_no_line_break_separates() -> None:
    found = segments(clean(("Il ministro ha", "paragraph", " "), ("parlato. Poi tace.", "paragraph", "")), Sentences())
    assert texts(found) == ["Il ministro ha parlato.", "Poi tace."]


def test_a_block_ends_a_segment_even_without_a_full_stop() -> None:
    found = segments(clean(("Senza punto", "paragraph", "\n"), ("e poi altro", "paragraph", "\n")), Sentences())
    assert texts(found) == ["Senza punto", "e poi altro"]
    assert [s.paragraph for s in found.items] == [0, 1]


def test_an_empty_text_has_no_segments() -> None:
    assert segments(CleanText("", (), (), Metadata()), Sentences()) == Segments(())


def test_a_clean_text_that_begins_with_white_space_is_refused_not_changed() -> None:
    with pytest.raises(DocumentError, match="begins with white space"):
        segments(paragraph(" Il governo."), Sentences())
    stage = SegmentStage(settings.Segment(), settings.Run())
    good, bad = Document("a", "a", clean=paragraph("Bene.")), Document("b", "b", clean=paragraph("\nMale."))
    made = dict(stage.attempt([bad, good]))
    assert isinstance(made[0], Failure)
    assert isinstance(made[1], Segments)


def test_a_users_abbreviation_never_ends_a_sentence() -> None:
    text = "Il cap.sq. Rossi ha segnato. Il Rep.Mob. Il Nero no."
    stage = SegmentStage(settings.Segment(abbreviations=["cap.sq.", "rep.mob"]), settings.Run())
    ((_, found),) = stage.make([Document("a", "a", clean=paragraph(text))])
    assert texts(found) == ["Il cap.sq. Rossi ha segnato.", "Il Rep.Mob. Il Nero no."]
    assert stage.key({CleanText: "x"}) != SegmentStage(settings.Segment(), settings.Run()).key({CleanText: "x"})


GOLDEN: list[tuple[str, BlockKind, str]] = [
    ("PORTO DI TRIESTE, SÌ AL NUOVO TERMINAL", "title", "\n\n"),
    ("L’autorità portuale ha approvato il piano dopo un lungo dibattito. Cosa cambia?", "subtitle", "\n\n"),
    (
        "Il comitato di gestione dell’A.S.P. ha dato il via libera al nuovo molo, che costerà 1.200.000 euro al mese. “È una "
        "giornata storica”, ha detto il presidente, “e non ci fermeremo qui”. Secondo l’ing. De Marchi, ai sensi dell’art. 5 "
        "del d.lgs. n. 231/2001, i lavori partono il 3 ott. 2027.",
        "paragraph",
        " ",
    ),
    ("I sindacati frenano… «Quali garanzie ci sono?» Il confronto riprende alle 10.30.", "paragraph", "\n\n"),
    ("I numeri", "heading", "\n"),
    ("1. Quattro anni di cantiere.", "list", "\n"),
    ("2. Il 30% della spesa alla Costruzioni Adriatiche S.p.A. Il resto a gara.", "list", ""),
]


def test_segments_are_those_of_this_version() -> None:
    """When this fails on purpose, raise `SegmentStage.version` and write the next golden file."""
    found = segments(clean(*GOLDEN), Sentences())
    path = Path(__file__).parents[1] / f"golden/segment.v{SegmentStage.version}.json"
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert [[s.paragraph, s.kind, s.start, s.end, s.text] for s in found.items] == expected


PIECES = st.sampled_from(
    [
        ". ",
        "... ",
        "”",
        "“",
        " ",
        "\u00a0",
        "\u2009",
        "\t",
        "? ",
        "!",
        "art.",
        " S.p.A. ",
        "Il ",
        "1. ",
        "\n",
        "\n\n",
        " – ",
        "😀",
        "«",
        " »",
        "’",
        '"',
        "parola",
        "X.",
    ]
)
KINDS = st.sampled_from(["title", "heading", "paragraph", "list"])
BLOCKS = st.lists(
    st.tuples(
        st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=12).map("".join)),
        KINDS,
        st.sampled_from(["", " ", "\n", "\n\n", " \n"]),
    ),
    min_size=1,
    max_size=6,
)


@given(BLOCKS)
@hypothesis_settings(max_examples=300, deadline=None)
def test_segments_join_to_the_clean_text_and_say_where_they_stand(blocks: list[tuple[str, BlockKind, str]]) -> None:
    made = clean(*blocks)
    if made.text[:1].isspace():
        with pytest.raises(DocumentError):
            segments(made, Sentences())
        return
    found = segments(made, Sentences())
    assert found.join() == made.text
    for number, s in enumerate(found.items, 1):
        assert s.id == number
        assert s.text == made.text[s.start : s.end]
        assert s.text
        assert s.text == s.text.strip()
        assert "\n" not in s.text
        assert not s.after or s.after.isspace()
    assert [s.paragraph for s in found.items] == sorted(s.paragraph for s in found.items)


@pytest.mark.parametrize(
    "text", ["." * 300_000, ". " * 150_000, "a.b" * 100_000, "”." * 150_000, "“" * 300_000, " " * 300_000]
)
def test_odd_text_takes_linear_time(text: str) -> None:
    begin = time.perf_counter()
    Sentences().split("x" + text)
    assert time.perf_counter() - begin < 5
