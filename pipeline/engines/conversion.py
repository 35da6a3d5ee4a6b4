"""Checkpoints in CTranslate2's format: made once, kept in the user's it2en folder, found again by content.

What lies there is a copy in another form: it may be deleted at any time. The conversion itself is `converter.py`, run as a process of
its own, because it needs PyTorch and gives its memory back when it ends.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline import errors
from pipeline.engines import checkpoint
from pipeline.engines.lock import default_home
from pipeline.engines.models import Model
from pipeline.engines.structure import Structure
from pipeline.errors import EngineError, It2enError

LAYOUT = 1  # changes with what a converted folder holds
FILE = "it2en.json"
FAMILIES = ("marian", "bart", "t5")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Description:
    """What a converted folder says of itself: enough to decode without the checkpoint's own libraries.

    `banned` are token sequences that are never generated, `first` is the token that the decoder is made to begin with ('' for
    none), `special` are the tokens that are no text; `files` are the SHA-256 of all others in the folder.
    """

    family: str
    structure: Structure
    end: str
    first: str
    banned: list[list[str]]
    special: list[str]
    files: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> Description:
        """From the folder. Raises OSError, ValueError, KeyError or TypeError where there is no (whole) description."""
        values = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(**values | {"structure": Structure(**values["structure"])})

    def write(self, folder: Path) -> None:
        """Into the folder, last of all files."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / FILE).write_text(text, encoding="utf-8", newline="\n")


def is_convertible(model: Model) -> bool:
    """Whether the checkpoint is of a family that CTranslate2 is known to run as PyTorch does."""
    return model.path is not None and checkpoint.config(model.path).get("model_type") in FAMILIES


def is_converted(model: Model, precision: str) -> bool:
    """Whether the work is done already."""
    return (converted_home() / _name(model, precision) / FILE).is_file()


def converted(model: Model, precision: str) -> Path:
    """The folder with the checkpoint in CTranslate2's format, made now unless it is there and whole.

    Of two processes that want the same one waits for the other. What an interrupted conversion left is thrown away: nothing is found
    before it is complete. Raises EngineError for a checkpoint of another kind, and whatever loading it raises.
    """
    if not is_convertible(model):
        raise EngineError(
            f"the engine 'ctranslate2' does not run '{model.name}': it knows {', '.join(FAMILIES)}",
            "set engine to 'transformers'",
        )
    from filelock import FileLock

    home, name = converted_home(), _name(model, precision)
    folder, incoming = home / name, home / f".{name}.incoming"
    if _is_whole(folder):
        return folder
    with FileLock(home / f".{name}.lock"):
        if _is_whole(folder):
            return folder
        for old in (folder, incoming):
            shutil.rmtree(old, ignore_errors=True)
        _convert(model, incoming, precision)
        incoming.replace(folder)
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether every file is as it was made."""
    try:
        files = Description.read(folder).files
        return bool(files) and all(checkpoint.sha256(folder / name) == digest for name, digest in files.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _name(model: Model, precision: str) -> str:
    return f"{model.identity}-{precision}-ct2.{metadata.version('ctranslate2')}-v{LAYOUT}"


def converted_home() -> Path:
    """Where converted checkpoints live: beside the pulled models, or, where nobody may write there, in a folder that goes with the process."""
    home = default_home() / "converted"
    return home if is_writable(home) else _temporary()


@cache
def is_writable(folder: Path) -> bool:
    """Whether a file can be made in the folder, itself made now if it can be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="it2en-converted-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _convert(model: Model, folder: Path, precision: str) -> None:
    """Run the converter on the checkpoint, and raise here what it raised there."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "HF_HUB_OFFLINE": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    command = [
        sys.executable,
        "-P",
        "-m",
        "pipeline.engines.converter",
        str(model.path),
        model.name,
        str(folder),
        precision,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode == 0:
        return
    raise _error_of(done.stdout) or EngineError(
        f"'{model.name}' could not be converted for CTranslate2: {_last_line(done.stderr) or f'exit code {done.returncode}'}",
        "set engine to 'transformers'",
    )


def _error_of(output: str) -> It2enError | None:
    """The error that the converter printed, if it did."""
    try:
        values: Any = json.loads(output.strip().splitlines()[-1])
        kind = getattr(errors, values["error"])
        error: It2enError = kind(values["message"], values["hint"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return error


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
