"""The documents speak of what exists: commands, options, files, flags."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from articles import write_articles
from conftest import ROOT

from pipeline.cli import app

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "seeds/README.md",
]


def commands() -> set[str]:
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    for group, instance in groups.items():
        names |= {
            f"{group} {c.name or c.callback.__name__}"
            for c in (instance.registered_commands if instance else [])
            if c.callback
        }
    return names


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_guide_shows_every_command(command: str) -> None:
    group, _, name = command.partition(" ")
    guide = read(ROOT / "docs/guide.md")
    assert f"it2en {command}" in guide or (name and re.search(rf"it2en {group} [a-z|]*\b{name}\b", guide))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(path))
    assert [link for link in links if not link.startswith("http") and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_commands_in_the_documents_exist(path: Path) -> None:
    known = commands() | {name.split()[0] for name in commands()}
    mentioned = re.findall(r"(?<![\w`/.-])(?:`|^|/)it2en ([a-z]+)(?: ([a-z]+)\b)?", read(path), re.MULTILINE)
    assert [(a, b) for a, b in mentioned if a not in known] == []


def test_the_guides_program_runs_over_a_folder_with_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", read(ROOT / "docs/guide.md"), re.DOTALL)
    write_articles(tmp_path / "articles")
    (tmp_path / "articles/vuoto.txt").touch()
    monkeypatch.chdir(tmp_path)
    settings = 'load_settings("embedded", ["translate.model=echo", "translate.engine=echo"])'
    exec(program.replace('load_settings("opus")', settings), {})
    said = capsys.readouterr().out
    assert "vuoto.txt is empty" in said
    assert "→ [en]" in said


def test_the_excerpt_of_the_readme_is_text_of_the_sample() -> None:
    excerpt = read(ROOT / "README.md").split("<!-- excerpt -->")[1].split("<!-- /excerpt -->")[0]
    expected = read(ROOT / "seeds/expected/porto-taranto.expected")
    italian = re.findall(r"^\| \d+ \| (.+?) \|", excerpt, re.MULTILINE)
    assert len(italian) >= 3
    assert all(sentence.removesuffix(" …") in expected for sentence in italian)


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:`|^)make ([a-z]+)\b", read(path), re.MULTILINE)}
    assert named <= targets
