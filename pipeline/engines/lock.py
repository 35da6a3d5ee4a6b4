"""The lock: which hub models are on this machine, at which commit, and the size and SHA-256 of each of their files.

One JSON file in the user's it2en folder, for people to read and for `verify` to hold the files against.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ModelBroken, OutputError

VERSION = 1
FILE = "models.lock.json"


@dataclass(frozen=True, slots=True)
class LockedFile:
    """A file as it was pulled: bytes and SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Locked:
    """A model as it was pulled: the commit, the revision that was asked for, the program that did it, and the files."""

    revision: str
    asked: str
    pulled_by: str
    files: Mapping[str, LockedFile]

    def satisfies(self, revision: str | None) -> bool:
        """Whether this is the revision wanted: the commit, its beginning (7 digits or more), or the name it was asked by."""
        if revision is None or revision in (self.revision, self.asked):
            return True
        return len(revision) >= 7 and self.revision.startswith(revision)


def default_home() -> Path:
    """Where pulled models live: $IT2EN_HOME, or the user's data folder."""
    chosen = os.environ.get("IT2EN_HOME")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("it2en"))


def folder_of(home: Path, name: str, revision: str) -> Path:
    """Where the files of a hub model at a commit lie."""
    return home / "models" / name.replace("/", "--") / revision


def read_lock(home: Path) -> dict[str, Locked]:
    """Everything pulled, by name; empty where nothing was. Raises ModelBroken for a lock that cannot be read."""
    path = home / FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["version"] != VERSION:
            raise ModelBroken(f"{path} has version {values['version']}; this it2en knows {VERSION}", "update it2en")
        return {name: _locked(entry) for name, entry in values["models"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelBroken(
            f"{path} cannot be read: {type(error).__name__}: {error}", "delete it and pull the models again"
        ) from error


def _locked(entry: Mapping[str, Any]) -> Locked:
    files = {name: LockedFile(**file) for name, file in entry["files"].items()}
    return Locked(entry["revision"], entry["asked"], entry["pulled_by"], files)


def write_lock(home: Path, models: Mapping[str, Locked]) -> None:
    """Replace the lock in one step: a reader sees the old one or the new one."""
    values = {"version": VERSION, "models": {name: asdict(locked) for name, locked in models.items()}}
    text = json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=home, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(home / FILE)
    except OSError as error:
        raise OutputError(f"{home / FILE} cannot be written: {error}") from error
