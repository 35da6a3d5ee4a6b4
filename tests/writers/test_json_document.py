"""document.json: everything, in a published shape, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers.documents import HOSTILE_RUN, RUN, hostile, partial, rich, whole

from pipeline.document import Edit, Metadata, Pair, TermUse, TextRepair, Translation
from pipeline.writers import json_document
from pipeline.writers.json_document import SCHEMA, read_document, record, schema

write = whole(json_document.write)

DOCUMENTS = {**partial(), "hostile": hostile()}


@pytest.mark.parametrize("which", DOCUMENTS)
def test_the_document_read_back_is_the_document(which):
    assert read_document(write(DOCUMENTS[which], HOSTILE_RUN)["document.json"]) == DOCUMENTS[which]


@pytest.mark.parametrize("which", DOCUMENTS)
def test_the_pieces_are_together_what_the_standard_library_writes_of_the_record(which):
    expected = json.dumps(asdict(record(DOCUMENTS[which], HOSTILE_RUN)), ensure_ascii=False, indent=1)
    assert write(DOCUMENTS[which], HOSTILE_RUN)["document.json"] == expected + "\n"


@given(st.text(), st.floats(-100, 0).map(lambda score: round(score, 3)))
def test_any_text_and_any_score_are_written_as_the_standard_library_writes_them(text, score):
    pairs = tuple(replace(pair, target=text, score=score) for pair in rich().translation.pairs)
    document = replace(rich(), translation=Translation(pairs, text))
    expected = json.dumps(asdict(record(document, RUN)), ensure_ascii=False, indent=1)
    assert write(document, RUN)["document.json"] == expected + "\n"


def test_what_html_and_edited_sources_carry_comes_back_too():
    source = replace(
        rich().source, format="html", bom=True, newline="\r\n", edits=(Edit(0, 1, "\u00a0"),), outside_main=((0, 4),)
    )
    document = replace(rich(), source=replace(source, page=Metadata(title="t", tags=("a",))))
    assert read_document(write(document, RUN)["document.json"]) == document


def test_a_sentence_that_was_read_in_another_form_keeps_both():
    first, *others = rich().translation.pairs
    pairs = (replace(first, source="Il ponte (normalizzato)"), *others)
    document = replace(rich(), translation=Translation(pairs, "m"))
    assert read_document(write(document, RUN)["document.json"]) == document


def test_a_missing_pair_is_null_and_stays_missing():
    document = replace(rich(), translation=Translation(rich().translation.pairs[1:], "m"))
    content = write(document, RUN)["document.json"]
    assert json.loads(content)["segments"][0]["target"] is None
    assert read_document(content) == document


def test_italian_and_english_stand_side_by_side():
    sentence = json.loads(write(rich(), RUN)["document.json"])["segments"][0]
    assert sentence["source"] == "Il ponte di Valdimonte riapre dopo due anni di lavori"
    assert sentence["target"]["text"] == "Valdimonte bridge reopens after two years of works"


def test_run_signature_models_and_notices_are_in_it():
    run = json.loads(write(rich(), replace(RUN, notices=("n",)))["document.json"])["run"]
    assert run["signature"] == RUN.signature
    assert run["models"] == [list(pair) for pair in RUN.models]
    assert run["notices"] == ["n"]


def test_accents_are_written_as_they_are():
    assert "velocità" in write(rich(), RUN)["document.json"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        write(rich(), RUN)["document.json"].replace(SCHEMA, "it2en.document/2"),
        write(rich(), RUN)["document.json"].replace('"paragraph": 0', '"paragraph": "0"'),
    ],
    ids=["empty", "list", "bare", "another version", "a number as text"],
)
def test_another_shape_is_refused(content):
    with pytest.raises(ValueError, match="not a document of the schema"):
        read_document(content)


def test_the_published_schema_is_that_of_the_writer():
    published = json.loads(files("pipeline.writers").joinpath("document.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), (
        "run: python -m pipeline.writers.json_document > pipeline/writers/document.schema.json"
    )


def test_the_schema_requires_every_part_of_a_written_file():
    written, published = json.loads(write(rich(), RUN)["document.json"]), schema()
    assert set(published["required"]) == set(published["properties"]) == set(written)
    sentence = published["$defs"]["Sentence"]
    assert set(sentence["required"]) == set(written["segments"][0])


def test_the_pair_keeps_every_field_of_its_class():
    repairs = (TextRepair("number", "1,2", "12", 0, 1),)
    terms = (TermUse("glossary", "a", "b", "repaired", 0, 1, "b"),)
    pair = Pair(1, "a", "b", -0.5, 2, 3, "split", True, "split", repairs, terms)
    document = replace(rich(), translation=Translation((pair,), "m"))
    assert read_document(write(document, RUN)["document.json"]).translation.pairs == (pair,)


def test_the_glossary_is_accounted_for_term_by_term():
    uses = [TermUse("glossary", "gas", "gas", s, 0, 1) for s in ("satisfied", "repaired", "satisfied", "unsatisfied")]
    first, second, *others = rich().translation.pairs
    pairs = (replace(first, terms=tuple(uses[:2])), replace(second, terms=tuple(uses[2:])), *others)
    written = json.loads(write(replace(rich(), translation=Translation(pairs, "m")), RUN)["document.json"])
    counts = {"satisfied": 2, "repaired": 1, "unsatisfied": 1}
    assert written["terms"] == [{"kind": "glossary", "source": "gas", "target": "gas", **counts}]
