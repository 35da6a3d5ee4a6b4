"""The house keeps its shape: imports point down, heavy libraries stay in their rooms, the package exports what it says."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "pipeline"
FLOORS = [
    "errors",
    "cells",
    "document",
    "risk",
    "settings",
    "config",
    "inputs",
    "store",
    "progress",
    "result",
    "explanation",
    "roll",
    "cleaning",
    "engines",
    "stages",
    "executors",
    "outputs",
    "terminology",
    "writers",
    "passes",
    "census",
    "delivery",
    "runner",
    "comparison",
    "cli",
]
ONLY_IN = {
    "torch": {"engines/transformers.py"},
    "transformers": {"engines/transformers.py"},
    "ctranslate2": {"engines/ctranslate2.py", "engines/converter.py"},
    "sentencepiece": {"engines/subwords.py"},
    "tokenizers": {"engines/subwords.py"},
    "huggingface_hub": {"engines/pull.py", "engines/transformers.py"},  # the latter to keep it offline
    "numpy": {"stages/summarisation/extractive.py"},
    "typer": {"cli/"},
    "sqlite3": {"store.py", "roll.py", "census.py"},
    "ray": {"executors/ray.py"},
    "pyarrow": {"inputs/tables.py", "writers/tables.py"},
}
FORBIDDEN = [
    ("engines", {"document.Document", "store", "inputs"}),
    ("stages", {"store", "inputs", "progress", "executors", "writers"}),
    ("writers", {"engines", "store", "stages"}),
]


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(module: str) -> str:
    return module.split("/")[0].removesuffix(".py")


def test_imports_point_down() -> None:
    wrong = []
    for name, tree in modules():
        if name in ("__init__.py", "__main__.py"):
            continue
        for target in imports(tree):
            parts = target.split(".")
            if parts[0] == "pipeline" and len(parts) > 1 and FLOORS.index(parts[1]) > FLOORS.index(floor(name)):
                wrong.append(f"{name} imports {target}")
    assert wrong == []


def test_every_module_has_its_floor() -> None:
    assert {floor(name) for name, _ in modules()} - {"__init__", "__main__"} == set(FLOORS)


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_heavy_library_is_imported_in_one_room(library: str) -> None:
    users = {name for name, tree in modules() if any(i.split(".")[0] == library for i in imports(tree))}
    assert all(any(user.startswith(room) for room in ONLY_IN[library]) for user in users), users


@pytest.mark.parametrize(("room", "closed"), FORBIDDEN)
def test_a_room_does_not_know_its_neighbours(room: str, closed: set[str]) -> None:
    known = {
        i.removeprefix("pipeline.")
        for name, tree in modules()
        if floor(name) == room
        for i in imports(tree)
        if i.startswith("pipeline.")
    }
    assert not {k for k in known for c in closed if k == c or k.startswith(f"{c}.")}


def test_every_module_says_what_it_is() -> None:
    assert [name for name, tree in modules() if not ast.get_docstring(tree) and (PACKAGE / name).stat().st_size] == []


def test_the_package_exports_what_it_says() -> None:
    import pipeline

    assert dir(pipeline) == sorted(pipeline.__all__)
    assert all(getattr(pipeline, name) for name in pipeline.__all__)
    with pytest.raises(AttributeError):
        pipeline.nothing  # noqa: B018


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["list", "profiles"], ["config", "show"]])
def test_a_light_command_loads_no_heavy_library(arguments: list[str]) -> None:
    script = "import sys; from pipeline.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert not loaded & {
        "torch",
        "transformers",
        "ctranslate2",
        "sentencepiece",
        "filelock",
        "numpy",
        "trafilatura",
        "lxml",
        "sacremoses",
        "huggingface_hub",
        "ftfy",
        "jinja2",
    }


def test_the_code_names_no_place_of_its_makers() -> None:
    words = ["/work/", "/root/", "/tmp/w"]
    texts = [*PACKAGE.rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "configs").glob("*"), *(ROOT / "docs").rglob("*.md")]
    assert [str(p) for p in texts if any(word in Path(p).read_text(encoding="utf-8") for word in words)] == []
