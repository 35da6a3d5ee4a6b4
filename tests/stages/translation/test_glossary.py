from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.stages.translation.glossary import read_glossary

TBX2 = """<?xml version="1.0" encoding="UTF-8"?>
<martif type="TBX" xml:lang="en"><text><body>
<termEntry id="1"><note>trade</note>
<langSet xml:lang="it"><tig><term>libero scambio</term></tig><tig><term>scambio libero</term></tig></langSet>
<langSet xml:lang="en-GB"><tig><term>free trade</term></tig></langSet></termEntry>
</body></text></martif>"""
TBX3 = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic" xml:lang="en"><text><body>
<conceptEntry id="c1"><langSec xml:lang="it"><termSec><term>libero scambio</term></termSec></langSec>
<langSec xml:lang="en"><termSec><term>free trade</term></termSec><termSec><term>open trade</term></termSec></langSec>
<langSec xml:lang="fr"><termSec><term>libre-échange</term></termSec></langSec></conceptEntry>
</body></text></tbx>"""


def terms(path: Path, content: str) -> list[tuple[str, tuple[str, ...], str]]:
    path.write_text(content, encoding="utf-8")
    return [(t.source, t.targets, t.note) for t in read_glossary([str(path)], []).terms]


@pytest.mark.parametrize(
    "content",
    [
        "source,target,note\ngas,natural gas|gas,energy\n",
        "gas;natural gas|gas;energy\n",
        "\ufeffgas\tnatural gas|gas\tenergy\n",
        '# ours\n"gas","natural gas|gas","energy"\n',
        "gas,natural gas,energy\ngas,gas\n",
        "en;it;note\nnatural gas|gas;gas;energy\n",
    ],
)
def test_csv_is_read_with_or_without_header_and_with_any_usual_separator(tmp_path: Path, content: str) -> None:
    assert terms(tmp_path / "g.csv", content) == [("gas", ("natural gas", "gas"), "energy")]


def test_tbx_is_read_in_both_generations(tmp_path: Path) -> None:
    assert terms(tmp_path / "a.tbx", TBX2) == [
        ("libero scambio", ("free trade",), "trade"),
        ("scambio libero", ("free trade",), "trade"),
    ]
    assert terms(tmp_path / "b.tbx", TBX3) == [("libero scambio", ("free trade", "open trade"), "")]


def test_strings_to_keep_come_from_the_config_and_from_text_files(tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("Ionio Terminal\n\nAlfa\n", encoding="utf-8")
    kept = read_glossary([], ["Beta", str(tmp_path / "keep.txt")]).terms
    assert [(t.kind, t.source) for t in kept] == [("keep", "Ionio Terminal"), ("keep", "Alfa"), ("keep", "Beta")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("g.csv", "gas\n", "g.csv:1"),
        ("g.csv", "gas,gas\n,gas\n", "g.csv:2"),
        ("g.csv", 'gas,gas\n"oro,gold\n', "g.csv:2: cannot be read"),
        ("g.tbx", "<tbx>", "not valid XML"),
        ("g.tbx", "<tbx/>", "no entries"),
        ("g.tbx", '<!DOCTYPE t [<!ENTITY a "b">]><tbx/>', "entities"),
        ("g.docx", "", "neither"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        terms(tmp_path / name, content)


@pytest.mark.parametrize("key", ["glossary", "keep"])
def test_a_missing_file_is_told_with_its_setting_and_where_paths_begin(tmp_path: Path, key: str) -> None:
    missing = str(tmp_path / ("none.csv" if key == "glossary" else "none.txt"))
    with pytest.raises(ConfigError, match=f"translate.{key}: there is no file .*none") as told:
        read_glossary(**{"glossary": {"paths": [missing], "keep": []}, "keep": {"paths": [], "keep": [missing]}}[key])
    assert str(Path.cwd()) in told.value.hint


@pytest.mark.parametrize("content", [b"Citt\xe0\n", None])
def test_a_file_that_cannot_be_read_is_told_with_its_setting(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "keep.txt"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(ConfigError, match=r"translate\.keep: .*keep\.txt (is not UTF-8|cannot be read)"):
        read_glossary([], [str(path)])
