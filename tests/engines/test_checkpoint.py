from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.engines import checkpoint
from pipeline.errors import ModelBroken

OPUS = ["README.md", ".gitattributes", "config.json", "generation_config.json", "metadata.json", "pytorch_model.bin",
        "rust_model.ot", "source.spm", "special_tokens_map.json", "target.spm", "tf_model.h5", "tokenizer_config.json",
        "vocab.json", "flax_model.msgpack", "benchmark_translations.zip"]  # fmt: skip


def test_of_an_opus_repository_only_what_is_read_is_needed() -> None:
    assert checkpoint.needed(OPUS) == [
        "config.json", "generation_config.json", "pytorch_model.bin", "source.spm", "special_tokens_map.json",
        "target.spm", "tokenizer_config.json", "vocab.json",
    ]  # fmt: skip


def test_safetensors_are_preferred_to_a_pickle() -> None:
    names = checkpoint.needed([*OPUS, "model.safetensors"])
    assert "model.safetensors" in names
    assert "pytorch_model.bin" not in names


def test_weights_in_several_files_come_with_their_index() -> None:
    names = ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
             "model.safetensors.index.json", "pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"]  # fmt: skip
    assert checkpoint.needed(names) == sorted(names[:4])


@pytest.mark.parametrize(
    "name", ["../../evil.spm", "onnx/config.json", "/etc/x.spm", "a\\b.spm", "model.safetensors.bak"]
)
def test_what_lies_elsewhere_is_never_needed(name: str) -> None:
    assert checkpoint.needed([name]) == []


def test_identity_follows_content_and_nothing_else(marian: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(marian, tmp_path / "another name"))
    (copy / "README.md").write_text("hello", encoding="utf-8")
    (copy / ".hidden").write_text("hello", encoding="utf-8")
    for path in copy.iterdir():
        os.utime(path, (1, 1))
    assert checkpoint.identity(copy) == checkpoint.identity(marian)


@pytest.mark.parametrize(
    "name", ["config.json", "vocab.json", "source.spm", "model.safetensors", "generation_config.json"]
)
def test_identity_changes_with_every_file_that_matters(marian: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(marian, tmp_path / "copy"))
    before = checkpoint.identity(copy)
    with (copy / name).open("ab") as file:
        file.write(b" ")
    assert checkpoint.identity(copy) != before


def test_identity_changes_when_two_files_swap_their_content(marian: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(marian, tmp_path / "copy"))
    source, target = (copy / "source.spm").read_bytes(), (copy / "target.spm").read_bytes()
    (copy / "source.spm").write_bytes(target)
    (copy / "target.spm").write_bytes(source)
    assert checkpoint.identity(copy) != checkpoint.identity(marian)


def test_identity_is_worked_out_once(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = checkpoint.identity(marian)
    monkeypatch.setattr(checkpoint, "sha256", lambda path: pytest.fail("read again"))
    assert checkpoint.identity(marian) == first


def test_a_folder_without_weights_or_config_is_no_checkpoint(marian: Path, tmp_path: Path) -> None:
    for name, lacking in (("config.json", "config.json"), ("model.safetensors", "weights")):
        copy = Path(shutil.copytree(marian, tmp_path / lacking))
        (copy / name).unlink()
        with pytest.raises(ModelBroken, match=lacking):
            checkpoint.identity(copy)


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_broken_config_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelBroken, match="config"):
        checkpoint.config(tmp_path)


@pytest.mark.parametrize(
    ("config", "prefix"),
    [
        ('{"model_type": "marian"}', ""),
        ('{"model_type": "bart", "prefix": " "}', " "),
        ('{"model_type": "bart", "prefix": null}', ""),
        ('{"model_type": "t5", "task_specific_params": {"summarization": {"prefix": "summarize: "}}}', "summarize: "),
        ('{"model_type": "t5", "task_specific_params": null}', ""),
    ],
)
def test_the_prefix_is_what_the_config_says(tmp_path: Path, config: str, prefix: str) -> None:
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    assert checkpoint.prefix(tmp_path) == prefix
