"""Where sentences, evidence and removed matter stand on the page."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from writers.documents import compose, partial, rich

from pipeline.document import CleanText, Document, Kept, Metadata, Removed, Segment, Segments
from pipeline.writers.layout import Piece, lay_out, pieces

spans = st.lists(st.tuples(st.integers(-3, 20), st.integers(-3, 20), st.sampled_from(["info", "warning", "error"])))
cuts = st.lists(st.integers(-3, 20)).map(
    lambda offsets: [(o, Removed(0, 1, f"r{i}", "menu", "x")) for i, o in enumerate(sorted(offsets))]
)


@given(st.text(max_size=15), spans, cuts)
@settings(max_examples=150, deadline=None)
def test_pieces_joined_are_the_text_and_every_cut_is_there_once(text, spans, cuts):
    made = pieces(text, spans, cuts)
    assert "".join(piece.text for piece in made) == text
    assert [piece.cut for piece in made if piece.cut] == [cut for _, cut in cuts]


def test_where_evidence_overlaps_the_graver_flag_shows():
    assert pieces("abcdef", [(0, 4, "info"), (2, 6, "error")]) == (
        Piece("ab", "info"),
        Piece("cd", "error"),
        Piece("ef", "error"),
    )


def test_removed_lines_stand_before_the_paragraph_they_stood_before():
    layout = lay_out(rich())
    before = {p.sentences[0].id: [cut.kind for cut in p.cuts] for p in layout.paragraphs if p.cuts}
    assert before == {
        1: ["menu"],
        3: ["dateline", "share buttons"],
        8: ["newsletter"],
        16: ["related articles"],
    }
    assert [cut.kind for cut in layout.tail] == ["copyright", "cookie notice"]


def inline(
    source: str, kept: list[tuple[int, int, str]], removed: list[tuple[int, int, str]], ends: list[int]
) -> Document:
    """A document of one source with spans kept (start, end, after) and removed (start, end, kind)."""
    blocks = tuple(Kept(a, b, "paragraph", after) for a, b, after in kept)
    text = "".join(source[k.start : k.end] + k.after for k in blocks)
    cut = tuple(Removed(a, b, "rule", kind, source[a:b]) for a, b, kind in removed)
    starts = [0, *(e + 1 for e in ends[:-1])]
    items = tuple(
        Segment(i, 0, a, b, "paragraph", text[a:b], text[b : b + 1])
        for i, (a, b) in enumerate(zip(starts, ends, strict=True), 1)
    )
    return Document("d", "d.txt", clean=CleanText(text, blocks, cut, Metadata()), segments=Segments(items))


def test_a_dateline_on_the_first_line_of_a_paragraph_stands_at_its_head():
    source = "ROMA (Agenzia) - Piove da ieri. Domani sole."
    document = inline(source, [(17, 44, "")], [(0, 17, "dateline")], [14, 27])
    sentence = next(lay_out(document).paragraphs).sentences[0]
    assert [piece.cut.kind if piece.cut else piece.text for piece in sentence.source] == ["dateline", "Piove da ieri."]
    assert not next(lay_out(document).paragraphs).cuts


def test_a_note_within_a_sentence_stands_within_it():
    source = "Piove [foto] da ieri. Domani sole."
    document = inline(source, [(0, 6, ""), (13, 34, "")], [(6, 13, "caption")], [14, 27])
    first = next(lay_out(document).paragraphs).sentences[0]
    assert [piece.cut.kind if piece.cut else piece.text for piece in first.source] == ["Piove ", "caption", "da ieri."]


def test_a_note_between_two_sentences_stands_between_them():
    source = "Piove da ieri. (segue) Domani sole."
    document = inline(source, [(0, 14, " "), (23, 35, "")], [(14, 23, "note")], [14, 27])
    first, second = next(lay_out(document).paragraphs).sentences
    assert [piece.cut.kind if piece.cut else piece.text for piece in first.source + second.source] == [
        "Piove da ieri.",
        "note",
        "Domani sole.",
    ]


def test_white_space_that_was_dropped_is_not_shown():
    layout = lay_out(rich())
    shown = [cut for p in layout.paragraphs for cut in p.cuts] + list(layout.tail)
    assert "space" not in {cut.kind for cut in shown}


def test_every_removed_span_is_shown_exactly_once_whatever_the_article():
    for document in (rich(), partial()["only cleaned"], partial()["nothing kept"]):
        layout = lay_out(document)
        shown = [cut for p in layout.paragraphs for cut in p.cuts] + list(layout.tail)
        shown += [piece.cut for p in layout.paragraphs for s in p.sentences for piece in s.source if piece.cut]
        wanted = [r for r in document.clean.removed if r.kind != "space"]
        assert sorted(shown, key=lambda cut: cut.start) == wanted


def test_a_text_that_was_never_segmented_is_shown_by_its_blocks():
    layout = lay_out(partial()["only cleaned"])
    assert [p.kind for p in layout.paragraphs][:3] == ["title", "subtitle", "paragraph"]
    assert all(s.id is None for p in layout.paragraphs for s in p.sentences)


def test_a_document_without_text_has_no_layout():
    assert not list(lay_out(Document("d", "d.txt")).paragraphs)


def test_sentences_of_one_paragraph_stand_together():
    document = compose([("paragraph", [("A.", "A."), ("B.", "B.")]), ("paragraph", [("C.", "C.")])])
    assert [[s.id for s in p.sentences] for p in lay_out(document).paragraphs] == [[1, 2], [3]]
