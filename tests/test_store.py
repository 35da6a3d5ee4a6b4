from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Generation, Pair, Segment, Segments, Skip, Translation
from pipeline.errors import StoreError
from pipeline.store import Store, Written, digest, serialise

TEXT = st.text(max_size=40)
SEGMENTS = Segments((Segment(1, 0, 0, 5, "paragraph", "Ciao.", ""),))
TRANSLATION = Translation((Pair(1, "Ciao.", "Hello.", -0.12, 3, 3, "model"),), "m")


def test_an_artifact_comes_back_equal_under_its_key() -> None:
    with Store(":memory:") as store:
        store.put("translate", {"k": TRANSLATION})
        assert store.load(["k", "unknown"]) == {"k": TRANSLATION}


def test_a_digest_is_that_of_the_content_not_of_the_key() -> None:
    with Store(":memory:") as store:
        digests = store.put("segment", {"a": SEGMENTS, "b": SEGMENTS})
        assert digests["a"] == digests["b"] == digest(serialise(SEGMENTS))
        assert store.digests(["a"]) == {"a": (digests["a"], False)}


def test_a_skip_is_stored_and_known_as_one() -> None:
    skip = Skip("clean", "wrong_language", "reads as English")
    with Store(":memory:") as store:
        store.put("clean", {"k": skip})
        assert store.digests(["k"])["k"][1] is True
        assert store.load(["k"]) == {"k": skip}


def test_what_was_stored_is_there_after_closing(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("translate", {"k": TRANSLATION})
        store.keep("space", {"Ciao.": Generation("Hello.", -0.1, 3, 3)})
    with Store(tmp_path / "s.sqlite") as store:
        assert store.load(["k"]) == {"k": TRANSLATION}
        assert store.recall("space", ["Ciao."]) == {"Ciao.": Generation("Hello.", -0.1, 3, 3)}


@given(TEXT, TEXT, st.floats(-20, 0), st.booleans())
@settings(max_examples=50, deadline=None)
def test_a_sentence_is_remembered_as_it_was_decoded(source: str, target: str, score: float, truncated: bool) -> None:
    generation = Generation(target, score, 3, 4, truncated)
    with Store(":memory:") as store:
        store.keep("space", {source: generation})
        assert store.recall("space", [source]) == {source: generation}
        assert store.recall("another space", [source]) == {}


def test_what_a_sentence_was_last_decoded_to_is_remembered() -> None:
    with Store(":memory:") as store:
        store.keep("s", {"Ciao.": Generation("Bye.", -0.2, 3, 3)})
        store.keep("s", {"Ciao.": Generation("Hello.", -0.1, 3, 3)})
        assert store.recall("s", ["Ciao."])["Ciao."].text == "Hello."


def test_a_store_whose_sentences_have_a_column_more_is_read_and_written(tmp_path: Path) -> None:
    """Stores had a column `approved`, which nothing ever used."""
    with Store(tmp_path / "s.sqlite") as store:
        store._db.execute("ALTER TABLE sentences ADD COLUMN approved INT")
        store.keep("s", {"Ciao.": Generation("Hello.", -0.1, 3, 3)})
        assert store.recall("s", ["Ciao."])["Ciao."].text == "Hello."


def test_more_keys_than_sqlite_takes_at_once_are_asked_in_portions() -> None:
    with Store(":memory:") as store:
        store.put("segment", {f"k{i}": SEGMENTS for i in range(1700)})
        assert len(store.digests([f"k{i}" for i in range(1700)])) == 1700


def test_lineage_and_output_files_are_noted_per_run_folder() -> None:
    written = Written("key", {"a.txt": (3, 1)}, {"title": "x"})
    with Store(":memory:") as store:
        store.record("folder", "clean", {"doc": {"config": "a"}})
        store.record_written("folder", {"doc": written})
        assert store.lineage("folder", "clean", ["doc"]) == {"doc": {"config": "a"}}
        assert store.lineage("elsewhere", "clean", ["doc"]) == {}
        assert store.written("folder", ["doc"])["doc"].key == "key"


def test_a_file_that_is_no_store_is_named_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match=r"s\.sqlite") as caught:
        Store(path)
    assert "deleted" in caught.value.hint


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(StoreError, match="newer"):
        Store(path)
