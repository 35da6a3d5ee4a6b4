from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from articles import PORT, SCHOOL

from pipeline import Run, RunResult, load_settings
from pipeline.errors import UsageError

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [
        {"id": "porto", "text": PORT, "when": "2022-03-03", "tags": ["mare", 1]},
        {"id": "rotto"},
        {"id": "scuola", "text": SCHOOL, "when": None},
    ]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def run(table: Path, *overrides: str) -> RunResult:
    return Run([table], load_settings(None, [*ECHO, *overrides]), out=table.parent / "out", name="r").execute()


def test_a_table_in_gives_a_table_out_in_the_same_order_with_its_columns(table: Path) -> None:
    result = run(table, "inputs.id_column=id", "write.tables=[jsonl]")
    assert result.states == {"done": 2, "failed": 1}
    lines = (table.parent / "out/r/documents.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(r["id"], r["state"]) for r in rows] == [("t/porto", "done"), ("t/rotto", "failed"), ("t/scuola", "done")]
    assert rows[0]["columns"] == {"id": "porto", "when": "2022-03-03", "tags": ["mare", 1]}
    assert rows[0]["translation"] == (table.parent / "out/r/t/porto/translation.en.txt").read_text(encoding="utf-8")
    assert "cookie" not in rows[0]["clean"]
    assert rows[0]["date_iso"].startswith("2022-03-03")
    assert "'text' is missing" in rows[1]["reason"]
    assert rows[2]["columns"] == {"id": "scuola", "when": None}


def test_parquet_holds_the_same_rows(table: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    run(table, "inputs.id_column=id", "write.tables=[jsonl, parquet]", "run.window=1")
    rows = parquet.read_table(table.parent / "out/r/documents.parquet").to_pylist()
    lines = (table.parent / "out/r/documents.jsonl").read_text(encoding="utf-8").splitlines()
    for row, line in zip(rows, lines, strict=True):
        other = json.loads(line)
        columns = {k: v if v is None or isinstance(v, str) else json.dumps(v) for k, v in other.pop("columns").items()}
        assert dict(row.pop("columns")) == columns
        assert row == other


def test_a_table_that_is_no_longer_asked_for_is_gone(table: Path) -> None:
    run(table, "write.tables=[jsonl]")
    run(table)
    assert not (table.parent / "out/r/documents.jsonl").exists()
    assert (table.parent / "out/r/run.json").exists()


def test_metadata_columns_change_the_document_and_other_columns_do_not(table: Path) -> None:
    run(table, "inputs.id_column=id")
    assert run(table, "inputs.id_column=id").stages["clean"].made == 0
    table.write_text(table.read_text(encoding="utf-8").replace('"mare"', '"monte"'), encoding="utf-8")
    assert run(table, "inputs.id_column=id", "write.tables=[jsonl]").stages["read"].made == 0
    assert '"monte"' in (table.parent / "out/r/documents.jsonl").read_text(encoding="utf-8")
    assert run(table, "inputs.id_column=id", "inputs.section_column=when").stages["read"].made == 1


def test_without_pyarrow_a_parquet_table_is_refused_before_any_work(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="needs pyarrow"):
        run(table, "write.tables=[parquet]")
    assert not (table.parent / "out").exists()
