from __future__ import annotations

import inspect
import json
import shutil
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from checkpoints import PAIRS
from hubs import FolderHub

from pipeline.engines import open_engine
from pipeline.engines.engine import Engine
from pipeline.engines.lock import FILE, read_lock
from pipeline.engines.models import best, installed, resolve, verify
from pipeline.engines.pull import HuggingFace, Remote, RemoteFile, git_id, pull
from pipeline.errors import ModelBroken, ModelMissing, OutputError, UsageError
from pipeline.settings import Decoding, Run

NAME = "org/tiny-it-en"


@pytest.fixture
def hub(marian: Path, old_marian: Path, tmp_path: Path) -> FolderHub:
    page = Path(shutil.copytree(marian, tmp_path / "newest"))
    (page / "README.md").write_text("# Tiny", encoding="utf-8")
    (page / "tf_model.h5").write_bytes(b"0" * 99)
    return FolderHub({"main": page, "v1": old_marian})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def open_pulled(home: Path) -> Engine:
    return open_engine("transformers", resolve(NAME, "translate", home=home), Decoding(), Run(device="cpu"))


def test_a_pulled_model_is_installed_verified_and_works(hub: FolderHub, home: Path) -> None:
    model = pull(NAME, home=home, hub=hub)
    assert model == resolve(NAME, "translate", home=home)
    assert model.identity == model.revision == hub.commit("main")
    assert model in installed(home)
    verify(model)
    assert open_pulled(home).generate([PAIRS[0][0]])[0].text == PAIRS[0][1]


def test_only_what_is_needed_is_pulled(hub: FolderHub, home: Path) -> None:
    model = pull(NAME, home=home, hub=hub)
    assert model.path is not None
    assert sorted(path.name for path in model.path.iterdir()) == sorted(read_lock(home)[NAME].files)
    assert not {"README.md", "tf_model.h5", ".cache"} & set(read_lock(home)[NAME].files)
    assert not list((home / "models" / ".incoming").iterdir())


def test_the_lock_is_readable_sorted_and_free_of_dates_and_paths(hub: FolderHub, home: Path) -> None:
    pull("zzz/last", home=home, hub=hub)
    pull(NAME, home=home, hub=hub)
    text = (home / FILE).read_text(encoding="utf-8")
    values = json.loads(text)
    assert text == json.dumps(values, indent=2, sort_keys=True) + "\n"
    assert str(home) not in text
    assert list(values["models"]) == [NAME, "zzz/last"]
    entry = values["models"][NAME]
    assert set(entry) == {"asked", "files", "pulled_by", "revision"}
    assert entry["asked"] == "main"
    assert set(entry["files"]["config.json"]) == {"size", "sha256"}
    assert [path.name for path in home.iterdir() if path.is_file()] == [FILE], "a temporary file is left"


def test_name_commit_and_size_are_told_before_anything_is_downloaded(hub: FolderHub, home: Path) -> None:
    told: list[tuple[str, int]] = []
    pull(NAME, home=home, hub=hub, progress=lambda line: told.append((line, len(hub.downloaded))))
    line, downloaded = told[0]
    assert downloaded == 0
    assert NAME in line
    assert hub.commit("main") in line
    assert " MB" in line


def test_a_pickle_is_pulled_with_a_notice(hub: FolderHub, home: Path) -> None:
    lines: list[str] = []
    pull(NAME, "v1", home=home, hub=hub, progress=lines.append)
    assert "pickle" in lines[1]
    assert "pytorch_model.bin" in read_lock(home)[NAME].files


def test_pulling_again_downloads_nothing(hub: FolderHub, home: Path) -> None:
    pull(NAME, home=home, hub=hub)
    lines, before = list[str](), list(hub.downloaded)
    pull(NAME, home=home, hub=hub, progress=lines.append)
    assert hub.downloaded == before
    assert "installed already" in lines[-1]


def test_a_revision_is_a_name_a_commit_or_its_beginning(hub: FolderHub, home: Path) -> None:
    commit = pull(NAME, "v1", home=home, hub=hub).revision
    assert commit == hub.commit("v1")
    for wanted in (None, "v1", commit, commit[:8]):
        assert resolve(NAME, "translate", wanted, home).revision == commit


def test_another_revision_than_the_installed_one_is_missing(hub: FolderHub, home: Path) -> None:
    pull(NAME, "v1", home=home, hub=hub)
    with pytest.raises(ModelMissing, match=hub.commit("v1")[:12]) as raised:
        resolve(NAME, "translate", hub.commit("main"), home)
    assert raised.value.hint == f"it2en models pull {NAME} --revision {hub.commit('main')}"


def test_a_new_revision_replaces_the_old_one(hub: FolderHub, home: Path) -> None:
    old = pull(NAME, "v1", home=home, hub=hub)
    new = pull(NAME, home=home, hub=hub)
    assert old.path is not None
    assert not old.path.exists()
    assert new.path is not None
    assert new.path.is_dir()
    assert resolve(NAME, "translate", home=home) == new


@pytest.mark.parametrize("damaged", ["model.safetensors", "vocab.json"])
def test_a_damaged_download_installs_nothing_and_the_next_one_does(hub: FolderHub, home: Path, damaged: str) -> None:
    hub.damage = damaged
    with pytest.raises(ModelBroken, match=f"{damaged}.*damaged"):
        pull(NAME, home=home, hub=hub)
    with pytest.raises(ModelMissing):
        resolve(NAME, "translate", home=home)
    hub.damage = ""
    verify(pull(NAME, home=home, hub=hub))


def test_a_download_that_lacks_a_file_installs_nothing(hub: FolderHub, home: Path) -> None:
    class Careless(FolderHub):
        def download(self, remote: Remote, names: Any, folder: Path) -> None:
            super().download(remote, names[1:], folder)

    with pytest.raises(ModelBroken, match="did not arrive"):
        pull(NAME, home=home, hub=Careless(hub.revisions))
    assert read_lock(home) == {}


def test_an_interrupted_pull_installs_nothing_and_goes_on_later(hub: FolderHub, home: Path) -> None:
    hub.break_after = 3
    with pytest.raises(KeyboardInterrupt):
        pull(NAME, home=home, hub=hub)
    assert installed(home) == [model for model in installed(home) if model.kind == "embedded"]
    first = list(hub.downloaded)
    verify(pull(NAME, home=home, hub=hub))
    assert hub.downloaded[:3] == first
    assert len(hub.downloaded) == len(set(hub.downloaded)), "a file was downloaded twice"


def test_an_unknown_revision_installs_nothing(hub: FolderHub, home: Path) -> None:
    with pytest.raises(ModelMissing):
        pull(NAME, "nonsense", home=home, hub=hub)
    assert not home.exists()


def test_a_hub_that_answers_with_another_commit_is_not_believed(hub: FolderHub, home: Path) -> None:
    class Wrong(FolderHub):
        def info(self, name: str, revision: str | None) -> Remote:
            return super().info(name, None)

    with pytest.raises(ModelBroken, match="instead of"):
        pull(NAME, "0" * 40, home=home, hub=Wrong(hub.revisions))


def test_a_hub_that_names_no_commit_is_not_believed(hub: FolderHub, home: Path) -> None:
    class Vague(FolderHub):
        def info(self, name: str, revision: str | None) -> Remote:
            return Remote(name, "main", super().info(name, revision).files)

    with pytest.raises(ModelBroken, match="no commit"):
        pull(NAME, home=home, hub=Vague(hub.revisions))


def test_a_repository_without_pytorch_weights_is_told(tmp_path: Path, home: Path) -> None:
    (tmp_path / "tf").mkdir()
    (tmp_path / "tf" / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "tf" / "tf_model.h5").write_bytes(b"0")
    with pytest.raises(ModelBroken, match="no PyTorch weights"):
        pull(NAME, home=home, hub=FolderHub({"main": tmp_path / "tf"}))


@pytest.mark.parametrize("name", ["opus", "a/b/c", "../x", "org/..", "/abs", "org/na me", ""])
def test_a_name_that_is_no_hub_name_is_a_usage_error(name: str, home: Path) -> None:
    with pytest.raises(UsageError):
        pull(name, home=home, hub=FolderHub({}))


def test_a_full_disk_is_told_before_the_download(hub: FolderHub, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10, 0, 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(OutputError, match="MB are needed"):
        pull(NAME, home=home, hub=hub)
    assert hub.downloaded == []


def test_a_home_that_cannot_be_written_is_told(hub: FolderHub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be stored"):
        pull(NAME, home=tmp_path / "file" / "home", hub=hub)


def test_a_file_that_changed_on_disk_is_named_and_not_loaded(hub: FolderHub, home: Path) -> None:
    model = pull(NAME, home=home, hub=hub)
    assert model.path is not None
    weights = model.path / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelBroken, match=r"model\.safetensors.*SHA-256") as raised:
        open_pulled(home)
    assert raised.value.hint == f"it2en models pull {NAME} --revision {model.revision}"
    pull(NAME, model.revision, home=home, hub=hub)
    open_pulled(home)


@pytest.mark.parametrize("fault", ["is missing", "bytes instead of"])
def test_a_file_that_is_gone_or_cut_is_named(hub: FolderHub, home: Path, fault: str) -> None:
    model = pull(NAME, home=home, hub=hub)
    assert model.path is not None
    if fault == "is missing":
        (model.path / "vocab.json").unlink()
    else:
        (model.path / "vocab.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelBroken, match=f"vocab.json.*{fault}"):
        verify(model)


def test_a_file_put_beside_the_pulled_ones_is_told(hub: FolderHub, home: Path) -> None:
    model = pull(NAME, "v1", home=home, hub=hub)
    assert model.path is not None
    (model.path / "model.safetensors").write_bytes(b"0")
    with pytest.raises(ModelBroken, match=r"not pulled: model\.safetensors"):
        verify(model)


def test_auto_takes_the_pulled_model_once_there_is_one(hub: FolderHub, home: Path) -> None:
    assert best("summarise", home) is None
    pull("facebook/bart-large-cnn", home=home, hub=hub)
    assert resolve("auto", "summarise", home=home).name == "facebook/bart-large-cnn"
    pull("sshleifer/distilbart-cnn-12-6", home=home, hub=hub)
    assert resolve("auto", "summarise", home=home).name == "sshleifer/distilbart-cnn-12-6"
    pull("Helsinki-NLP/opus-mt-tc-big-it-en", home=home, hub=hub)
    found = best("translate", home)
    assert found is None or found.kind == "embedded"
    pull("Helsinki-NLP/opus-mt-it-en", home=home, hub=hub)
    assert resolve("auto", "translate", home=home).name == "Helsinki-NLP/opus-mt-it-en"


def test_git_ids_are_those_of_git(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "hello").write_bytes(b"hello\n")
    assert git_id(tmp_path / "empty") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert git_id(tmp_path / "hello") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_the_hubs_client_takes_the_arguments_it_is_given() -> None:
    from huggingface_hub import HfApi, snapshot_download

    inspect.signature(HfApi).bind(library_name="it2en")
    inspect.signature(HfApi.model_info).bind(None, NAME, revision=None, files_metadata=True)
    inspect.signature(snapshot_download).bind(
        NAME, revision="", local_dir=Path(), allow_patterns=[""], library_name="it2en"
    )


def test_what_the_hubs_client_answers_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub.hf_api import BlobLfsInfo, RepoSibling

    siblings = [
        RepoSibling("config.json", size=3, blob_id="b" * 40),
        RepoSibling("pytorch_model.bin", size=9, blob_id="c" * 40, lfs=BlobLfsInfo(size=9, sha256="d" * 64, pointer_size=1)),
    ]  # fmt: skip
    answer = SimpleNamespace(sha="a" * 40, siblings=siblings)
    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", lambda self, name, **options: answer)
    assert HuggingFace().info(NAME, None) == Remote(
        NAME,
        "a" * 40,
        (RemoteFile("config.json", 3, git_id="b" * 40), RemoteFile("pytorch_model.bin", 9, sha256="d" * 64)),
    )


def test_what_goes_wrong_on_the_way_to_the_hub_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError("no route\nto host")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", fail)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    for attempt in (
        lambda: HuggingFace().info(NAME, None),
        lambda: HuggingFace().download(Remote(NAME, "a" * 40, ()), [], tmp_path),
    ):
        with pytest.raises(ModelMissing, match=r"ConnectionError: no route$") as raised:
            attempt()
        assert "connection" in raised.value.hint


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_the_hubs_client_answers_offline_with_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=f"the hub did not give '{NAME}'"):
        pull(NAME, home=tmp_path)  # sockets are blocked in this suite


def test_what_comes_with_the_program_is_not_asked_of_the_hub(hub: FolderHub, home: Path) -> None:
    with pytest.raises(UsageError, match="is no hub model"):
        pull("embedded/it-en", home=home, hub=hub)
