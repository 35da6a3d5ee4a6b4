"""What every output format owes its readers, run over the table of writers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from writers.documents import HOSTILE_RUN, PLACEHOLDER, RUN, hostile, long, partial, rich, whole

from pipeline.errors import UsageError
from pipeline.settings import Write
from pipeline.writers import FILES, WRITERS, load, write_document

DOCUMENTS = {**partial(), "hostile": hostile()}

every_format = pytest.mark.parametrize("name", WRITERS)
every_document = pytest.mark.parametrize("which", DOCUMENTS)


def test_the_default_settings_name_every_format_but_what_is_for_other_programs():
    assert Write().formats == [name for name in WRITERS if name != "tmx"]


def test_every_format_says_which_files_it_may_write_and_no_two_share_one():
    names = [name for files in FILES.values() for name in files]
    assert list(FILES) == list(WRITERS)
    assert len(set(names)) == len(names)


def test_an_unknown_format_is_a_usage_error_that_lists_the_known():
    with pytest.raises(UsageError) as raised:
        load("docx")
    assert "docx" in str(raised.value)
    assert "review" in raised.value.hint


def test_several_formats_are_written_together_and_no_others():
    assert set(write_document(rich(), RUN, ["json", "segments"])) == {"document.json", "segments.tsv"}
    assert write_document(rich(), RUN, []) == {}


@every_format
def test_a_full_document_gets_every_file_of_the_format(name):
    assert tuple(whole(load(name))(rich(), RUN)) == FILES[name]


@every_format
@every_document
def test_only_announced_files_are_written_as_utf8_text_that_ends_with_a_line_break(name, which):
    for file, content in whole(load(name))(DOCUMENTS[which], PLACEHOLDER).items():
        assert file in FILES[name]
        assert content.endswith("\n")
        assert "\r" not in content
        content.encode("utf-8")


@every_format
def test_the_same_document_is_written_to_the_same_bytes(name):
    assert whole(load(name))(rich(), RUN) == whole(load(name))(rich(), RUN)


@every_format
def test_nothing_written_holds_a_time_or_a_path_of_the_machine(name):
    undated = replace(
        rich(), clean=replace(rich().clean, metadata=replace(rich().clean.metadata, date="", date_iso=""))
    )
    for content in whole(load(name))(undated, RUN).values():
        assert not re.search(r"20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d", content)
        assert not re.search(r"(?<![\w.<*])/(home|root|tmp|usr|work|Users|var)/", content)


@every_format
def test_a_file_name_of_undecodable_bytes_does_not_stop_the_writing(name):
    for content in whole(load(name))(replace(rich(), path="articoli/caff\udce8.txt"), RUN).values():
        content.encode("utf-8")


@every_format
def test_hostile_content_is_text_and_nothing_else_in_html(name):
    for file, content in whole(load(name))(hostile(), HOSTILE_RUN).items():
        if file.endswith(".html"):
            assert "<script>alert" not in content
            assert "<img" not in content
            assert "49" not in re.findall(r"\{\{ 7 \* 7 \}\}|\b49\b", content)


@pytest.mark.parametrize("name", ["segments", "json", "review"])
def test_what_grows_with_the_document_comes_in_pieces(name):
    (pieces,) = (list(content) for content in load(name)(replace(long(250), source=None), RUN).values())
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 4
