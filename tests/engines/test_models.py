from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.engines import models, open_engine
from pipeline.engines.lock import FILE, Locked, LockedFile, default_home, read_lock, write_lock
from pipeline.engines.models import KNOWN, Model, best, installed, resolve, verify
from pipeline.errors import ModelBroken, ModelMissing, OutputError, UsageError
from pipeline.settings import Decoding, Run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def embedded(marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(marian, tmp_path / "embedded" / "it-en")
    monkeypatch.setattr(models, "EMBEDDED", tmp_path / "embedded")
    return tmp_path / "embedded" / "it-en"


@pytest.fixture
def nothing_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "EMBEDDED", tmp_path / "none")


def test_the_echo_is_always_there(home: Path) -> None:
    assert resolve("echo", "translate", home=home) == Model("echo", "echo", None, None, "echo.v1")


def test_auto_is_the_embedded_translator_where_nothing_was_pulled(embedded: Path, home: Path) -> None:
    model = resolve("auto", "translate", home=home)
    assert (model.name, model.kind, model.path) == ("embedded/it-en", "embedded", embedded)
    assert model == resolve("embedded/it-en", "translate", home=home) == best("translate", home)
    assert installed(home) == [model]


@pytest.mark.usefixtures("nothing_embedded")
@pytest.mark.parametrize("task", ["translate", "summarise"])
def test_auto_without_any_model_says_which_command_gets_one(home: Path, task: models.Task) -> None:
    assert best(task, home) is None
    assert installed(home) == []
    with pytest.raises(ModelMissing, match=task) as raised:
        resolve("auto", task, home=home)
    assert any(f"it2en models pull {known.name}" in raised.value.hint for known in KNOWN if known.task == task)


def test_a_hub_model_that_is_not_there_names_the_exact_command(home: Path) -> None:
    with pytest.raises(ModelMissing, match="org/name") as raised:
        resolve("org/name", "translate", home=home)
    assert raised.value.hint == "it2en models pull org/name"
    with pytest.raises(ModelMissing) as raised:
        resolve("org/name", "translate", "v2", home)
    assert raised.value.hint == "it2en models pull org/name --revision v2"


def test_a_folder_is_named_without_its_path(marian: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = resolve(str(marian), "translate", home=home)
    assert (model.name, model.kind, model.revision) == (marian.name, "local", None)
    monkeypatch.chdir(marian.parent)
    assert resolve(marian.name, "translate", home=home) == resolve(f"./{marian.name}", "translate", home=home) == model
    monkeypatch.chdir(marian)
    assert resolve(".", "translate", home=home) == model


def test_a_folder_may_look_like_a_hub_name(marian: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(marian.parent.parent)
    assert resolve(f"{marian.parent.name}/{marian.name}", "translate", home=home).kind == "local"


@pytest.mark.parametrize("name", ["no-such", "./no/such", "/no/such", "embedded/xx", "a/b/c"])
def test_what_is_nothing_at_all_is_missing(name: str, home: Path) -> None:
    with pytest.raises(ModelMissing):
        resolve(name, "translate", home=home)


def test_an_empty_folder_is_no_checkpoint(tmp_path: Path, home: Path) -> None:
    with pytest.raises(ModelBroken, match="no checkpoint"):
        resolve(str(tmp_path), "translate", home=home)


def test_embedded_and_local_copies_have_one_identity(embedded: Path, marian: Path, home: Path) -> None:
    one, two = resolve("embedded/it-en", "translate", home=home), resolve(str(marian), "translate", home=home)
    assert one.identity == two.identity


@pytest.mark.parametrize("name", ["echo", "auto", "embedded/it-en"])
def test_only_hub_models_have_revisions(name: str, embedded: Path, home: Path) -> None:
    with pytest.raises(UsageError, match="no revisions"):
        resolve(name, "translate", "v1", home)


def test_there_is_nothing_to_verify_about_other_kinds(embedded: Path, home: Path) -> None:
    for name in ("echo", "embedded/it-en"):
        verify(resolve(name, "translate", home=home))


def test_the_home_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IT2EN_HOME", str(tmp_path / "here"))
    assert default_home() == tmp_path / "here"
    monkeypatch.delenv("IT2EN_HOME")
    assert default_home().name == "it2en"


def test_the_lock_reads_as_it_was_written(home: Path) -> None:
    locked = {"org/à": Locked("c" * 40, "main", "it2en 0", {"config.json": LockedFile(3, "d" * 64)})}
    write_lock(home, locked)
    assert read_lock(home) == locked


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "models": {"a/b": {}}}', '{"version": 2, "models": {}}']
)
def test_a_broken_lock_is_told_and_nothing_is_overwritten(home: Path, text: str) -> None:
    home.mkdir()
    (home / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ModelBroken, match=FILE):
        read_lock(home)
    assert (home / FILE).read_text(encoding="utf-8") == text


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        write_lock(tmp_path / "file", {})


def test_the_known_models_are_well_described() -> None:
    assert {known.task for known in KNOWN} == {"translate", "summarise"}
    for known in KNOWN:
        assert models.HUB_NAME.fullmatch(known.name)
        assert known.licence
        assert known.description
        assert known.megabytes > 100
    named = {name for names in models.AUTO.values() for name in names if not name.startswith("embedded/")}
    assert named <= {known.name for known in KNOWN}


def test_an_unknown_engine_names_the_nearest(home: Path) -> None:
    with pytest.raises(UsageError, match="transfomers") as raised:
        open_engine("transfomers", resolve("echo", "translate", home=home), Decoding(), Run())
    assert "'transformers'" in raised.value.hint


def test_the_echo_engine_does_not_pose_as_a_model(marian: Path, home: Path) -> None:
    with pytest.raises(UsageError, match="marian"):
        open_engine("echo", resolve(str(marian), "translate", home=home), Decoding(), Run())


def test_the_echo_model_is_run_by_its_own_engine(home: Path) -> None:
    engine = open_engine("transformers", resolve("echo", "translate", home=home), Decoding(), Run())
    assert engine.generate(["Il gatto  dorme."])[0].text == "[en] Il gatto  dorme."


def test_nothing_heavy_is_imported_before_an_engine_is_opened() -> None:
    heavy = ("torch", "transformers", "huggingface_hub", "sentencepiece", "platformdirs")
    program = (
        "import sys, pipeline.engines, pipeline.engines.models, pipeline.engines.pull, pipeline.engines.self_test, "
        f"pipeline.engines.echo; sys.exit(', '.join(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.stderr.strip() == ""
