"""segments.tsv: a row a sentence, and reversible."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writers.documents import RUN, hostile, partial, rich, whole

from pipeline.cells import escape, unescape
from pipeline.writers import segments
from pipeline.writers.segments import COLUMNS, read

write = whole(segments.write)


@given(st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\\\t\n\rtnr'=+-@1."))))
@settings(max_examples=200, deadline=None)
def test_an_escaped_cell_has_no_tab_or_line_break_and_can_be_undone(cell):
    escaped = escape(cell)
    assert not set("\t\n\r") & set(escaped)
    assert unescape(escaped) == cell


@pytest.mark.parametrize("cell", ['"Hello," he said.', '"', '"a" b "c"'])
def test_a_cell_that_no_writer_of_ours_quoted_is_taken_as_it_stands(cell):
    assert unescape(cell) == cell


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x.example","qui")', "+39 099 123", "- Sì, certo.", "@ministero", "-2+3", "'=1+1"]
)
def test_no_cell_is_a_formula_to_a_spreadsheet(cell):
    assert escape(cell) == f"'{cell}"
    assert unescape(escape(cell)) == cell


@pytest.mark.parametrize("cell", ["-0.183", "12", "-3", "«=», dice", "L'accordo", "'Ndrangheta"])
def test_numbers_and_apostrophes_of_the_text_stay_as_they_are(cell):
    assert escape(cell) == cell


@given(st.lists(st.text(alphabet='ab"\t\n\\', max_size=8), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_spreadsheets_find_the_same_cells_on_every_line_quotation_marks_or_not(cells):
    lines = ["\t".join(map(escape, ["x", *cells])), "\t".join(map(escape, [*cells, "x"]))]
    found = list(csv.reader(lines, delimiter="\t"))
    assert [len(row) for row in found] == [len(cells) + 1] * 2
    plain = [re.sub(r"[\\\t\n]", lambda m: {"\\": "\\\\", "\t": "\\t", "\n": "\\n"}[m[0]], cell) for cell in cells]
    assert found == [["x", *plain], [*plain, "x"]]


@pytest.mark.parametrize("document", [rich(), hostile()], ids=["rich", "hostile"])
def test_the_rows_read_back_are_the_segments_and_their_pairs(document):
    rows = read(write(document, RUN)["segments.tsv"])
    for row, segment, pair in zip(rows, document.segments.items, document.translation.pairs, strict=True):
        assert (row.id, row.paragraph, row.kind) == (segment.id, segment.paragraph, segment.kind)
        assert (row.start, row.end, row.source) == (segment.start, segment.end, segment.text)
        assert (row.target, row.score, row.provenance) == (pair.target, pair.score, pair.provenance)
        assert (row.tokens_in, row.tokens_out) == (pair.tokens_in, pair.tokens_out)


def test_flags_stand_with_their_sentence_each_id_once():
    flags = {row.id: row.flags for row in read(write(rich(), RUN)["segments.tsv"]) if row.flags}
    assert flags == {4: ("numbers",), 9: ("numbers",), 15: ("copied",), 19: ("repetition", "length_ratio")}


def test_a_document_without_translation_has_empty_cells_for_it():
    row = read(write(partial()["translate off"], RUN)["segments.tsv"])[0]
    assert row.source.startswith("Il ponte")
    assert (row.target, row.score, row.tokens_in, row.provenance) == ("", None, None, None)


def test_a_document_without_segments_has_no_table():
    assert write(replace(rich(), segments=None, translation=None), RUN) == {}


def test_no_sentences_make_a_table_of_the_header_alone():
    content = write(partial()["nothing kept"], RUN)["segments.tsv"]
    assert content == "\t".join(COLUMNS) + "\n"
    assert read(content) == ()


@pytest.mark.parametrize("content", ["", "id\ttext\n1\ta\n", "\t".join(COLUMNS) + "\n1\t2\n"])
def test_another_table_is_refused(content):
    with pytest.raises(ValueError, match=r"segments\.tsv"):
        read(content)
