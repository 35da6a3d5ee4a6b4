"""What a reviewer corrected: the files it is read from, and which sentences it fits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers.documents import RUN, hostile, rich, whole

from pipeline.cells import escape, unescape
from pipeline.errors import ConfigError
from pipeline.stages.translation.corrections import Corrections, key, read_corrections
from pipeline.writers import segments, tmx

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="it" datatype="plaintext"/><body>
<tu><tuv xml:lang="it-IT"><seg>Ha detto <bpt i="1">&lt;b&gt;</bpt>no<ept i="1">&lt;/b&gt;</ept>.</seg></tuv><tuv xml:lang="EN"><seg>He said
 <hi>no</hi>.</seg></tuv></tu>
<tu><tuv xml:lang="it"><seg>Senza inglese.</seg></tuv><tuv xml:lang="fr"><seg>Sans anglais.</seg></tuv></tu>
</body></tmx>"""


def read(path: Path, content: str) -> dict[str, str]:
    path.write_text(content, encoding="utf-8")
    return dict(read_corrections([str(path)]).english)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.tsv", 'Ha detto "no".\tHe said "no".\n'),
        ("c.tsv", 'source\ttarget\tdocument\nHa detto "no".\tHe said "no".\ta/b\n\n'),
        ("c.tsv", '"Ha detto ""no""."\t"He said ""no""."\n'),
        ("c.csv", 'italian,english\n"Ha detto ""no"".","He said ""no""."\n'),
        ("c.CSV", '\ufeff"Ha detto ""no"".";"He said ""no""."\r\n'),
        ("c.csv", 'id;EN-gb;it_IT\n1;"He said ""no"".";"Ha detto ""no""."\n'),
        ("c.tsv", '\nTarget\tSource\nHe said "no".\tHa detto "no".\n'),
    ],
)
def test_tables_are_read_with_or_without_a_header_and_quotation_marks(tmp_path: Path, name: str, content: str) -> None:
    assert read(tmp_path / name, content) == {'Ha detto "no".': 'He said "no".'}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("name", "content"),
    [("c.csv", "italian\tenglish\r\nPerché no?\tWhy not?\r\n"), ("c.tmx", TMX.replace("UTF-8", "UTF-16"))],
)
def test_files_in_utf16_are_read_as_other_programs_save_them(
    tmp_path: Path, name: str, content: str, encoding: str
) -> None:
    path = tmp_path / name
    path.write_bytes(f"\ufeff{content}".encode(encoding))
    assert read_corrections([str(path)]).english == read(tmp_path / f"utf8-{name}", content.replace("UTF-16", "UTF-8"))


@given(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip)] * 2))
def test_what_the_segments_table_says_of_a_sentence_can_be_given_back(
    tmp_path_factory: pytest.TempPathFactory, row: tuple[str, str]
) -> None:
    path = tmp_path_factory.mktemp("corrections") / "c.tsv"
    path.write_text("source\ttarget\n" + "\t".join(map(escape, row)) + "\n", encoding="utf-8", newline="")
    assert read_corrections([str(path)]).of(row[0]) == " ".join(row[1].split())


def test_of_a_segments_table_only_the_approved_rows_are_corrections(tmp_path: Path) -> None:
    files = whole(segments.write)(rich(), RUN)
    rows = [line.split("\t") for line in files["segments.tsv"].splitlines()]
    source, target, provenance = (segments.COLUMNS.index(name) for name in ("source", "target", "provenance"))
    rows[3][target], rows[3][provenance] = "As the reviewer has it.", "approved"
    (tmp_path / "segments.tsv").write_text("\n".join(map("\t".join, rows)) + "\n", encoding="utf-8")
    approved = {row[source]: row[target] for row in rows if row[provenance] == "approved"}
    assert len(approved) == 2, "one was approved before"
    found = read_corrections([str(tmp_path / "segments.tsv")])
    assert [found.of(unescape(source)) for source in approved] == list(approved.values())
    assert len(found.english) == 2


def test_a_segments_table_that_a_spreadsheet_saved_as_csv_says_the_same(tmp_path: Path) -> None:
    content = 'ID;Source;Target;Provenance\n1;\'- Il primo\\npunto.;\'- The first.;Approved\n2;"""Sì.""";Yes.;approved\n3;No.;No.;model\n'
    assert read(tmp_path / "c.csv", content) == {"- Il primo punto.": "- The first.", '"Sì."': "Yes."}


def test_commas_of_sentences_separate_no_cells_where_semicolons_do(tmp_path: Path) -> None:
    assert read(tmp_path / "c.csv", "No, e basta, sì.;No.\n") == {"No, e basta, sì.": "No."}
    assert read(tmp_path / "c.csv", '"Sì; no, forse.","Yes, no."\n') == {"Sì; no, forse.": "Yes, no."}


def test_of_what_was_downloaded_several_times_the_last_download_counts(tmp_path: Path) -> None:
    for number, name in enumerate(["c.tsv", "c (1).tsv", "c (2).tsv", "c (10).tsv"]):
        (tmp_path / name).write_text(f"Sì.\t{number}\n", encoding="utf-8")
        assert read_corrections([str(tmp_path)]).of("Sì.") == str(number)


def test_hidden_files_of_a_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "._c.tsv").write_bytes(b"\x00\x05\x16\x07\xff")
    assert not read_corrections([str(tmp_path)]).english


def test_what_is_written_as_tmx_is_read_again(tmp_path: Path) -> None:
    for document in (rich(), hostile()):
        (tmp_path / "translation.tmx").write_text(whole(tmx.write)(document, RUN)["translation.tmx"], encoding="utf-8")
        found = read_corrections([str(tmp_path / "translation.tmx")])
        pairs = [
            p
            for p in document.translation.pairs
            if p.target.strip() and not re.search("[^\\S\n\t ]|[\x00-\x08\x0b-\x1f\ud800-\udfff]", p.source)
        ]
        assert len(pairs) > 3
        for pair in pairs:
            assert found.of(pair.source)


def test_tmx_is_read_without_the_mark_up_that_it_carries(tmp_path: Path) -> None:
    assert read(tmp_path / "memory.tmx", TMX) == {"Ha detto no.": "He said no."}


def test_white_space_and_composed_accents_make_no_other_sentence(tmp_path: Path) -> None:
    read(tmp_path / "c.tsv", "Perché  no?\tWhy not?\n")
    found = read_corrections([str(tmp_path / "c.tsv")])
    assert found.of("Perche\u0301\nno?") == "Why not?"
    assert found.of("Perché no") == ""


def test_the_last_correction_counts_within_a_file_and_from_file_to_file(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("Sì.\tYes.\nNo.\tNo.\nSì.\tYeah.\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("No.,Nope.\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("not read", encoding="utf-8")
    assert read_corrections([str(tmp_path)]).english == {"Sì.": "Yeah.", "No.": "Nope."}
    assert read_corrections([str(tmp_path / "b.csv"), str(tmp_path / "a.tsv")]).english["No."] == "No."


def test_the_digest_is_of_what_is_corrected_and_not_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("Sì.\tYes.\nNo.\tNo.\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("No.,No.\nSì.,Yes.\n", encoding="utf-8")
    one, other = (read_corrections([str(tmp_path / name)]) for name in ("a.tsv", "b.csv"))
    assert one.digest == other.digest != Corrections({"Sì.": "Yes."}).digest
    assert Corrections({}).digest == ""


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    assert len(read(tmp_path / "c.csv", "source,target\n" + "x" * 200_000 + ",y\n")) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.tsv", "Sì.\tYes.\nNo.\n", r"c\.tsv:2: a row is an Italian sentence and its English"),
        ("c.csv", "Sì.,\n", r"c\.csv:1: a row is"),
        ("c.docx", "Sì.\tYes.\n", r"c\.docx is neither a folder nor"),
        ("c.csv", 'a,b\n"Sì.,Yes.\nNo.,No.\n', r"c\.csv:2: cannot be read"),
        ("c.csv", '"Sì,\nno.","Yes,\nno."\nNo.,\n', r"c\.csv:4: a row is"),
        ("c.tmx", "<tmx>", "is not valid XML"),
        ("c.tmx", "<html/>", "is no TMX: its root is <html>"),
        ("c.tmx", '<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>', "declares entities"),
    ],
)
def test_what_is_no_correction_is_told_with_its_place(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(ConfigError, match=rf"translate\.corrections: .*{message}"):
        read(tmp_path / name, content)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"translate\.corrections: there is no file .*nowhere"):
        read_corrections([str(tmp_path / "nowhere")])


def test_an_empty_path_is_not_the_folder_that_it2en_is_started_in() -> None:
    with pytest.raises(ConfigError, match=r"translate\.corrections: a path is empty"):
        read_corrections([""])


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)
