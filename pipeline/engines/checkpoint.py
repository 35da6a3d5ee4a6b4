"""A checkpoint folder as files: which of them matter, what they are by content, what config.json says. Loads no weights."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pipeline.errors import ModelBroken

SETTINGS = ("config.json", "generation_config.json")
TOKENIZER = (
    "tokenizer_config.json",
    "tokenizer.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "target_vocab.json",
    "vocab.txt",
    "merges.txt",
    "*.spm",
    "spiece.model",
    "sentencepiece.bpe.model",
)
SAFE_WEIGHTS = ("model.safetensors", "model-*.safetensors", "model.safetensors.index.json")
PICKLED_WEIGHTS = ("pytorch_model.bin", "pytorch_model-*.bin", "pytorch_model.bin.index.json")
SAFE_TORCH = (2, 10)  # older ones could run code from a pickle: CVE-2025-32434, CVE-2026-24747


def needed(names: Iterable[str]) -> list[str]:
    """Those of a checkpoint's files that loading it reads, sorted: safetensors rather than pickles where there are both."""
    names = sorted(names)
    weights = SAFE_WEIGHTS if has_safetensors(names) else PICKLED_WEIGHTS
    return [name for name in names if _matches(name, SETTINGS + TOKENIZER + weights)]


def has_safetensors(names: Iterable[str]) -> bool:
    """Whether the weights are there in the format that cannot hold code."""
    return any(_matches(name, SAFE_WEIGHTS[:2]) for name in names)


def has_weights(names: Iterable[str]) -> bool:
    """Whether there are weights at all."""
    return any(_matches(name, SAFE_WEIGHTS[:2] + PICKLED_WEIGHTS[:2]) for name in names)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file at the top of the folder has one of the names; what lies deeper (or outside) never has."""
    return not {"/", "\\"} & set(name) and any(fnmatchcase(name, pattern) for pattern in patterns)


def files(folder: Path) -> list[Path]:
    """The files of a checkpoint folder that matter, sorted by name. Raises ModelBroken where it cannot be a checkpoint."""
    names = [path.name for path in folder.iterdir() if path.is_file()]
    if "config.json" not in names or not has_weights(names):
        raise ModelBroken(
            f"'{folder.name}' is no checkpoint: it lacks "
            + ("weights (model.safetensors)" if "config.json" in names else "config.json"),
            "give the folder that holds config.json, the weights and the tokenizer's files",
        )
    return [folder / name for name in needed(names)]


def identity(folder: Path) -> str:
    """What the checkpoint is by content: a digest over names and bytes of the files that matter, worked out once a process."""
    stats = ((path, path.stat()) for path in files(folder))
    return _digest(tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in stats))


@functools.cache
def _digest(parts: tuple[tuple[Path, int, int], ...]) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for path, _, _ in parts:
        whole.update(f"{path.name}\0{sha256(path)}\n".encode())
    return whole.hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def config(folder: Path) -> dict[str, Any]:
    """What config.json says, as written. Raises ModelBroken where it is no JSON object."""
    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelBroken(f"'{folder.name}' has an unreadable config.json: {error}") from error
    if not isinstance(values, dict):
        raise ModelBroken(f"'{folder.name}' has a config.json that is no object")
    return values


def target_language(folder: Path) -> str:
    """The language that a translator's tokenizer says it writes, as a code of two or three letters; '' where it does not say."""
    try:
        values = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(values.get("target_lang") or "") if isinstance(values, dict) else ""


def prefix(folder: Path) -> str:
    """What the checkpoint was trained to see before each text: ' ' for BART-CNN, 'summarize: ' for T5, else ''."""
    values = config(folder)
    tasks = values.get("task_specific_params") or {}
    if values.get("model_type") == "t5":
        return str((tasks.get("summarization") or {}).get("prefix") or values.get("prefix") or "")
    return str(values.get("prefix") or "")


def refuse_unsafe_pickle(folder: Path, torch_version: str) -> None:
    """Raise ModelBroken if the weights are a pickle and this torch may run code while reading one."""
    if has_safetensors(path.name for path in files(folder)):
        return
    found = tuple(int(part) for part in torch_version.split("+")[0].split(".")[:2])
    if found < SAFE_TORCH:
        raise ModelBroken(
            f"the weights of '{folder.name}' are a pickle, which torch {torch_version} does not read safely",
            "install torch 2.10 or newer, or use a revision of the model with safetensors",
        )
