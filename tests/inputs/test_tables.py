from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import Failure, Metadata, Skip
from pipeline.errors import DocumentError, UsageError
from pipeline.inputs import Found, Rows, expand, find
from pipeline.roll import Roll
from pipeline.settings import Inputs

SETTINGS = Inputs(text_column="testo", id_column="id")


def table(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def jsonl(folder: Path, *rows: Any) -> Path:
    return table(folder, "t.jsonl", "\n".join(json.dumps(row) for row in rows))


def rows(path: Path, settings: Inputs = SETTINGS) -> list[Found]:
    return list(expand(find([str(path)], settings), settings))


def ids(path: Path, settings: Inputs = SETTINGS) -> list[str]:
    return [e.found.id for window in Roll(rows(path, settings)).windows(1000, 10**9, ended=True) for e in window]


def test_every_row_is_a_document_named_by_its_id_with_file_and_row(tmp_path: Path) -> None:
    found = rows(jsonl(tmp_path, {"id": "uno", "testo": "Ciao."}, {"id": "due", "testo": "Piove."}))
    assert [(f.id, f.path, f.row) for f in found] == [
        ("t/uno", f"{tmp_path.name}/t.jsonl:1", 1),
        ("t/due", f"{tmp_path.name}/t.jsonl:2", 2),
    ]


def test_without_an_id_column_rows_are_numbered(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {"testo": "Ciao."}, {"testo": "Piove."})
    assert ids(path, Inputs(text_column="testo")) == ["t/000001", "t/000002"]


@pytest.mark.parametrize("bad", ["../../etc", "a/b", "con", ".x", "x\u202e", ""])
def test_an_id_is_safe_as_a_path_and_marked_where_it_had_to_change(tmp_path: Path, bad: str) -> None:
    (one,) = rows(jsonl(tmp_path, {"id": bad, "testo": "Ciao."}))
    assert one.id.startswith("t/")
    assert one.id.count("/") == 1
    assert one.id.endswith(f"-{one.mark}")


def test_rows_of_one_id_are_told_apart_whatever_their_order(tmp_path: Path) -> None:
    content = [{"id": "x", "testo": f"Testo {n}."} for n in range(5)] + [{"id": "y", "testo": "Altro."}]
    first = ids(jsonl(tmp_path, *content))
    random.Random(3).shuffle(content)
    assert sorted(ids(jsonl(tmp_path, *content))) == sorted(first)
    assert len(set(first)) == 6
    assert "t/y" in first


def test_a_bad_row_fails_alone_with_its_place(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "testo": "Ciao."}',
        "{nonsense",
        "[1]",
        '{"id": "b"}',
        '{"testo": "x"}',
        "",
        '{"id": "c", "testo": "Ora."}',
    ]
    found = rows(table(tmp_path, "t.jsonl", "\n".join(lines)))
    assert [(f.row, isinstance(f.problem, Failure)) for f in found] == [
        (1, False),
        (2, True),
        (3, True),
        (4, True),
        (5, True),
        (7, False),
    ]
    assert found[1].path.endswith("t.jsonl:2")
    assert "is not JSON" in str(found[1].problem)
    assert "'testo' is missing; there are: id" in str(found[3].problem)
    assert "inputs.id_column" in str(found[4].problem)


def test_csv_cells_stay_what_they_are_and_may_hold_line_breaks(tmp_path: Path) -> None:
    path = table(tmp_path, "t.csv", '\ufeffid;testo;n\na;"Prima riga.\nSeconda; riga.";007\nb;corta\n')
    good, bad = rows(path)
    article = Rows(SETTINGS).article(good)
    assert not isinstance(article, Skip)
    assert article.data.decode() == "Prima riga.\nSeconda; riga."
    assert article.carried == {"id": "a", "n": "007"}
    assert "has 2 cells, not 3" in str(bad.problem)


def test_a_csv_row_that_is_not_utf8_fails_alone(tmp_path: Path) -> None:
    found = rows(table(tmp_path, "t.csv", b"id,testo\na,perch\xe9\nb,bene\n"))
    assert [f.problem is None for f in found] == [False, True]


def test_parquet_rows_are_documents(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "t.parquet"
    parquet.write_table(arrow.table({"id": ["a", "b"], "testo": ["Ciao.", None], "n": [1, 2]}), path)
    good, bad = rows(path)
    article = Rows(SETTINGS).article(good)
    assert not isinstance(article, Skip)
    assert (article.data, article.carried) == (b"Ciao.", {"id": "a", "n": 1})
    assert "'testo' is null" in str(bad.problem)


def test_a_file_that_is_no_table_fails_as_a_whole(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (found,) = rows(table(tmp_path, "t.parquet", b"PAR1 not really"))
    assert "cannot be read as a table" in str(found.problem)


def test_without_pyarrow_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="needs pyarrow") as caught:
        rows(table(tmp_path, "t.parquet", b""))
    assert "it2en[tables]" in caught.value.hint


def test_columns_become_metadata_and_a_dot_leads_into_a_column(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {"id": "a", "doc": {"body": "Ciao."}, "meta": {"t": "Titolo", "d": "2022-03-03"}})
    settings = Inputs(text_column="doc.body", id_column="id", title_column="meta.t", date_column="meta.d")
    (one,) = rows(path, settings)
    article = Rows(settings).article(one)
    assert not isinstance(article, Skip)
    assert article.page == Metadata(title="Titolo", date="2022-03-03")
    assert article.carried["meta"] == {"t": "Titolo", "d": "2022-03-03"}


def test_rows_are_given_in_any_order_and_a_changed_file_is_noticed(tmp_path: Path) -> None:
    path = jsonl(tmp_path, *({"id": str(n), "testo": f"Testo {n}."} for n in range(4)))
    found, reader = rows(path), Rows(SETTINGS)
    texts = [reader.article(found[n]) for n in (0, 2, 1, 3)]
    assert [t.data for t in texts if not isinstance(t, Skip)] == [f"Testo {n}.".encode() for n in (0, 2, 1, 3)]
    jsonl(tmp_path, {"id": "0", "testo": "Testo 0."})
    with pytest.raises(DocumentError, match="has changed"):
        Rows(SETTINGS).article(found[3])


def test_a_row_that_is_another_by_the_time_it_is_read_fails_rather_than_pass_under_the_ids_of_the_first(
    tmp_path: Path,
) -> None:
    path = jsonl(tmp_path, {"id": "a", "testo": "Testo a."}, {"id": "b", "testo": "Testo b."})
    found = rows(path)
    jsonl(
        tmp_path, {"id": "new", "testo": "Nuovo."}, {"id": "a", "testo": "Testo a."}, {"id": "b", "testo": "Testo b."}
    )
    with pytest.raises(DocumentError, match="has changed"):
        Rows(SETTINGS).article(found[0])


def test_a_row_over_the_size_limit_is_skipped(tmp_path: Path) -> None:
    settings = Inputs(text_column="testo", max_bytes=5)
    (one,) = rows(jsonl(tmp_path, {"testo": "Troppo lungo."}), settings)
    assert isinstance(Rows(settings).article(one), Skip)


def test_a_folder_gives_its_tables_only_when_their_ending_is_asked_for(tmp_path: Path) -> None:
    jsonl(tmp_path, {"id": "a", "testo": "Ciao."})
    table(tmp_path, "a.txt", "Ciao.")
    assert ids(tmp_path) == ["a"]
    assert ids(tmp_path, SETTINGS.model_copy(update={"suffixes": [".txt", ".jsonl"]})) == ["a", "t/a"]


def test_a_table_without_rows_is_told(tmp_path: Path) -> None:
    for name, text in (("a.csv", ""), ("b.csv", "testo,id\n"), ("c.jsonl", "\n")):
        (one,) = rows(table(tmp_path, name, text))
        assert isinstance(one.problem, Skip)
        assert one.problem.reason == "empty"


def test_a_quotation_mark_that_nothing_closes_takes_no_rows_along_unnoticed(tmp_path: Path) -> None:
    found = rows(table(tmp_path, "a.csv", 'id,testo\n1,Uno.\n2,"Due.\n3,Tre.\n'))
    assert [one.problem is None for one in found] == [True, False]
    assert "is not CSV: unexpected end of data" in found[1].problem.message


def test_rows_that_a_quotation_mark_takes_along_up_to_the_next_are_told_by_their_lines(tmp_path: Path) -> None:
    found = rows(table(tmp_path, "a.csv", 'id,testo\n1,"Uno.\n2,Due.\n3,Tre.\n4,"Quattro."\n5,Cinque.\n'))
    assert "(lines 2 to 5)" in found[0].problem.message
    assert [one.problem for one in found[1:]] == [None]


def test_a_row_that_is_not_csv_fails_alone(tmp_path: Path) -> None:
    found = rows(table(tmp_path, "a.csv", 'id,testo\n1,"Il "sindaco" parla."\n2,Due.\n'))
    assert [one.problem is None for one in found] == [False, True]


def test_of_two_columns_of_one_name_the_first_has_it_and_nothing_is_lost(tmp_path: Path) -> None:
    settings = Inputs(text_column="testo")
    (one,) = rows(table(tmp_path, "a.csv", "testo,testo,testo\nUno.,Due.,Tre.\n"), settings)
    article = Rows(settings).article(one)
    assert (article.data, article.carried) == (b"Uno.", {"testo.1": "Due.", "testo.2": "Tre."})


def test_a_second_column_takes_no_name_that_another_has(tmp_path: Path) -> None:
    settings = Inputs(text_column="testo")
    (one,) = rows(table(tmp_path, "a.csv", "testo,a,a.1,a\nUno.,Due.,Tre.,Quattro.\n"), settings)
    assert Rows(settings).article(one).carried == {"a": "Due.", "a.1": "Tre.", "a.2": "Quattro."}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_csv_in_utf16_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffid\ttesto\r\n1\tÈ «così», 東京.\r\n2\tPerché?\r\n".encode(encoding))
    settings = Inputs(text_column="testo")
    assert [Rows(settings).article(one).data.decode() for one in rows(path, settings)] == ["È «così», 東京.", "Perché?"]


def test_a_row_of_broken_utf16_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufefftesto\nUno.\nD".encode("utf-16-le") + b"\x00\xd8" + "e.\nTre.\n".encode("utf-16-le"))
    found = rows(path, Inputs(text_column="testo"))
    assert [one.problem is None for one in found] == [True, False, True]
    assert "no text in the table's encoding" in found[1].problem.message


def test_a_column_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    (one,) = rows(table(tmp_path, "a.csv", "\x1b[2Jbody\nCiao.\n"))
    assert "\x1b" not in one.problem.message
