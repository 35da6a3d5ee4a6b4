"""Bytes to text and back: encodings, mojibake, Unicode hygiene, and what is no text."""

from __future__ import annotations

import codecs
import time
import unicodedata
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.document import Skip, Source
from pipeline.errors import DocumentError
from pipeline.inputs import original, original_bytes, read
from pipeline.settings import Inputs

TEXT = "La città è più bella: «perché no?», chiese l’università di Forlì.\nCosì fu.\n"
ENCODINGS = ["utf-8", "cp1252", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "mac_roman"]


def source(data: bytes, settings: Inputs | None = None) -> Source:
    made = read(data, "txt", settings or Inputs())
    assert isinstance(made, Source)
    return made


def reason(data: bytes) -> str:
    made = read(data, "txt", Inputs())
    assert isinstance(made, Skip)
    return made.reason


def kinds(made: Source) -> dict[str, int]:
    return {repair.kind: repair.count for repair in made.repairs}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_text_and_its_own_bytes_back(encoding: str) -> None:
    data = TEXT.encode(encoding)
    made = source(data)
    assert made.text == TEXT
    assert made.encoding == encoding
    assert original_bytes(made) == data


def test_a_dos_file_of_the_nineties_is_read() -> None:
    assert source("La città è più bella, perché no?".encode("cp850")).text == "La città è più bella, perché no?"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_marks_decide_and_are_given_back(mark: bytes, encoding: str) -> None:
    data = mark + TEXT.encode(encoding)
    made = source(data)
    assert (made.text, made.encoding, made.bom) == (TEXT, encoding, True)
    assert original_bytes(made) == data


def test_mojibake_is_repaired_only_on_the_lines_that_have_it() -> None:
    broken = "“Perché” è giusto.\nPerchÃ© no, piÃ¹ lâ€™Aquila.\nSÃO PAULO\n"
    made = source(broken.encode())
    assert made.text == "“Perché” è giusto.\nPerché no, più l’Aquila.\nSÃO PAULO\n"
    assert kinds(made) == {"mojibake": 1}
    assert original(made) == broken


def test_mojibake_is_left_alone_on_request() -> None:
    broken = "PerchÃ© no, piÃ¹ lâ€™Aquila.\n"
    assert source(broken.encode(), Inputs(repair_mojibake=False)).text == broken


def test_line_ends_become_line_feeds_and_mixed_ones_are_remembered() -> None:
    data = "uno\r\ndue\r\ntre\nquattro\rcinque\u2028sei".encode()
    made = source(data)
    assert made.text == "uno\ndue\ntre\nquattro\ncinque\nsei"
    assert made.newline == "\r\n"
    assert original_bytes(made) == data


def test_odd_spaces_and_invisible_characters_are_cleaned_and_counted() -> None:
    dirty = "a\u00a0b\u202fc\u2009d\te\u00adf\u200bg\ufeffh\u200ei\x07l\x00m" + " e altre parole" * 10
    made = source(dirty.encode())
    assert made.text == "a b c d efghil m" + " e altre parole" * 10
    assert kinds(made) == {
        "no-break space": 2,
        "odd space": 1,
        "tab": 1,
        "soft hyphen": 1,
        "zero-width character": 2,
        "direction mark": 1,
        "control character": 2,
    }
    assert original(made) == dirty


def test_decomposed_accents_are_composed() -> None:
    data = unicodedata.normalize("NFD", TEXT).encode()
    made = source(data)
    assert made.text == TEXT
    assert kinds(made) == {"decomposed accent": 7}
    assert original_bytes(made) == data


def test_a_family_of_emoji_stays_together() -> None:
    assert source("Auguri 👨\u200d👩\u200d👧 a tutti".encode()).text == "Auguri 👨\u200d👩\u200d👧 a tutti"


def test_a_file_cut_off_within_a_letter_is_read_and_says_so() -> None:
    made = source(TEXT.encode() + "così".encode()[:-1])
    assert made.encoding == "utf-8"
    assert kinds(made) == {"undecodable bytes": 1}
    with pytest.raises(DocumentError):
        original_bytes(made)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff\u200b \u00a0".encode()])
def test_a_file_without_text_is_empty(data: bytes) -> None:
    assert reason(data) == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 e altro testo",
        b"PK\x03\x04" + b"docx" * 20,
        b"\x89PNG\r\n\x1a\n" + b"x" * 50,
        b"\xff\xd8\xff\xe0" + b"JFIF" * 20,
        bytes(range(256)) * 8,
        b"\0" * 500,
        b"testo \x00\x01\x02\x03\x04\x05" * 20,
    ],
)
def test_a_file_that_is_no_text_is_binary(data: bytes) -> None:
    assert reason(data) == "binary"


def test_a_stray_null_does_not_make_a_text_binary() -> None:
    assert source(b"Una riga lunga abbastanza\x00con un nullo dentro e altre parole intorno.").text.count(" ") == 11


def test_a_single_line_of_twenty_megabytes_is_read_within_seconds() -> None:
    data = ("La giunta ha deciso, così è. " * 700_000).encode()
    assert len(data) > 20_000_000
    began = time.monotonic()
    made = source(data)
    assert time.monotonic() - began < 30
    assert len(made.text) == 700_000 * 29


def test_a_letter_under_a_million_accents_is_no_danger() -> None:
    began = time.monotonic()
    made = source(("a" + "\u0301\u0323" * 500_000 + " e basta").encode())
    assert time.monotonic() - began < 20
    assert len(made.text) < 60


TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("aàèé’“\r\n\u00a0\u00ad\u200b\u0301\u0323\u2028\t Ã©â€™\x85\u0085"),
    ),
    max_size=60,
)


@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
@hypothesis_settings(max_examples=400, deadline=None)
def test_any_text_leads_back_to_its_bytes(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    made = read(data, "txt", Inputs())
    if isinstance(made, Source) and "undecodable bytes" not in kinds(made):
        assert original_bytes(made) == data


@given(st.binary(max_size=80))
@hypothesis_settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_skipped_and_lead_back_where_nothing_was_lost(data: bytes) -> None:
    made = read(data, "txt", Inputs())
    if isinstance(made, Source) and "undecodable bytes" not in kinds(made):
        assert original_bytes(made) == data


@given(TEXTS)
@hypothesis_settings(max_examples=400, deadline=None)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    made = read(text.encode(), "txt", Inputs())
    if isinstance(made, Source):
        again = read(made.text.encode(), "txt", Inputs())
        assert isinstance(again, Source)
        assert again.text == made.text
        assert again.edits == ()


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.txt")), ids=lambda p: p.name)
def test_the_bytes_of_each_seed_come_back(path: Path) -> None:
    data = path.read_bytes()
    assert original_bytes(source(data)) == data


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>\n<html>", "\ufeff \n<html lang='it'>", '<?xml version="1.0"?>\n<!doctype html>']
)
def test_a_text_file_that_begins_as_a_page_is_read_as_one(start: str) -> None:
    made = source(f"{start}<body><p>La citt&agrave; dorme.<br>Il fiume no.</p></body></html>".encode())
    assert made.format == "html"
    assert made.text.split() == ["La", "città", "dorme.", "Il", "fiume", "no."]


def test_a_text_about_a_page_is_a_text() -> None:
    assert source(b"Il marcatore <html> apre la pagina.").format == "txt"
