"""Pulling a model from the Hugging Face hub: the only code in it2en that opens a connection.

What is pulled is a commit, never a moving name: each file is held against the hub's own hashes, put in place in one step
and entered in the lock. An interrupted pull leaves nothing installed, and the next one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Protocol

from pipeline.engines import checkpoint
from pipeline.engines.lock import Locked, LockedFile, default_home, folder_of, read_lock, write_lock
from pipeline.engines.models import HUB_NAME, Model, verify
from pipeline.errors import ModelBroken, ModelError, ModelMissing, OutputError, UsageError

COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the hub: bytes, and the SHA-256 of its content (large files) or its git object id (small ones)."""

    name: str
    size: int
    sha256: str = ""
    git_id: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """A model on the hub at one commit."""

    name: str
    commit: str
    files: tuple[RemoteFile, ...]


class Hub(Protocol):
    """Where models come from."""

    def info(self, name: str, revision: str | None) -> Remote:
        """The model at a revision (the main branch if None). Raises ModelMissing where there is none, or no answer."""

    def download(self, remote: Remote, names: Sequence[str], folder: Path) -> None:
        """Put these files into `folder`, going on with what an earlier attempt left there. Raises ModelMissing."""


class HuggingFace:
    """The hub at huggingface.co, through its own client."""

    def info(self, name: str, revision: str | None) -> Remote:
        """One request for the commit and the files' sizes and hashes."""
        from huggingface_hub import HfApi

        try:
            found = HfApi(library_name="it2en").model_info(name, revision=revision, files_metadata=True)
        except Exception as error:  # not found, gated, offline, no network: a dozen kinds
            raise _unavailable(name, error) from error
        files = (
            RemoteFile(s.rfilename, s.size or 0, s.lfs.sha256 if s.lfs else "", "" if s.lfs else s.blob_id or "")
            for s in found.siblings or ()
        )
        return Remote(name, found.sha or "", tuple(files))

    def download(self, remote: Remote, names: Sequence[str], folder: Path) -> None:
        """The client's own download, with its progress bars and its way of resuming."""
        from huggingface_hub import snapshot_download

        try:
            snapshot_download(
                remote.name,
                revision=remote.commit,
                local_dir=folder,
                allow_patterns=list(names),
                library_name="it2en",
            )
        except Exception as error:
            raise _unavailable(remote.name, error) from error


def _unavailable(name: str, error: Exception) -> ModelMissing:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return ModelMissing(
        f"the hub did not give '{name}': {type(error).__name__}: {reason}",
        "check the name, the revision and the connection; HF_HUB_OFFLINE must not be set; pulling again resumes",
    )


def pull(
    name: str,
    revision: str | None = None,
    home: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
    hub: Hub | None = None,
) -> Model:
    """Download a hub model at a revision (a commit, branch or tag; the main branch if None) and install it.

    `progress` receives lines for a person, the first of them before anything is downloaded. A revision that was there before
    is removed afterwards. Raises UsageError for a name that is none, ModelMissing where the hub does not give the model,
    ModelBroken where it gives something else, OutputError where there is no room.
    """
    if not HUB_NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is not the name of a hub model", "such a name is org/name: Helsinki-NLP/opus-mt-it-en"
        )
    if name.startswith("embedded/"):
        raise UsageError(
            f"'{name}' is no hub model", "what is called embedded/… comes with it2en: `it2en models list` shows it"
        )
    home, hub = home or default_home(), hub or HuggingFace()
    remote = hub.info(name, revision)
    chosen = _chosen(remote, revision)
    model = Model(name, "hub", folder_of(home, name, remote.commit), remote.commit, remote.commit)
    if _is_installed(model):
        progress(f"{name} at {remote.commit} is installed already")
        return model
    _announce(remote, chosen, progress)
    locked = _fetch(remote, chosen, revision or "main", home, hub)
    _enter(name, locked, home)
    progress(f"{name} is installed")
    return model


def _chosen(remote: Remote, revision: str | None) -> list[RemoteFile]:
    """The files to download. Raises ModelBroken where they do not make a checkpoint, or not the one asked for."""
    if not COMMIT.fullmatch(remote.commit):
        raise ModelBroken(f"the hub names no commit for '{remote.name}' but '{remote.commit}'")
    if revision and COMMIT.fullmatch(revision) and revision != remote.commit:
        raise ModelBroken(f"the hub answers with {remote.commit} of '{remote.name}' instead of {revision}")
    names = checkpoint.needed(file.name for file in remote.files)
    if "config.json" not in names or not checkpoint.has_weights(names):
        raise ModelBroken(
            f"'{remote.name}' at {remote.commit[:12]} has no PyTorch weights", "it2en runs PyTorch checkpoints only"
        )
    return [file for file in sorted(remote.files, key=lambda file: file.name) if file.name in names]


def _is_installed(model: Model) -> bool:
    try:
        verify(model)
    except (ModelError, OSError):
        return False
    return True


def _announce(remote: Remote, chosen: Sequence[RemoteFile], progress: Callable[[str], None]) -> None:
    size = sum(file.size for file in chosen)
    progress(f"{remote.name} at {remote.commit}: {len(chosen)} files, {size / 1e6:.1f} MB")
    if not checkpoint.has_safetensors(file.name for file in chosen):
        progress("its weights are a pickle: they will be read without running code, which takes torch 2.10 or newer")


def _fetch(remote: Remote, chosen: Sequence[RemoteFile], asked: str, home: Path, hub: Hub) -> Locked:
    """Download beside the installed models, check, and move into place."""
    incoming = home / "models" / ".incoming" / f"{remote.name.replace('/', '--')}--{remote.commit}"
    target = folder_of(home, remote.name, remote.commit)
    try:
        incoming.mkdir(parents=True, exist_ok=True)
        _room_for(chosen, incoming)
        hub.download(remote, [file.name for file in chosen], incoming)
        files = {file.name: _checked(file, incoming, remote.name) for file in chosen}
        for path in list(incoming.iterdir()):
            if path.name not in files:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if target.exists():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming.replace(target)
    except OSError as error:
        raise OutputError(f"'{remote.name}' cannot be stored under {home}: {error}") from error
    return Locked(remote.commit, asked, _program(), files)


def _program() -> str:
    try:
        return f"it2en {metadata.version('it2en')}"
    except metadata.PackageNotFoundError:
        return "it2en, not installed"


def _room_for(chosen: Sequence[RemoteFile], folder: Path) -> None:
    there = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    wanted, free = sum(file.size for file in chosen) - there, shutil.disk_usage(folder).free
    if wanted > free:
        raise OutputError(f"{wanted / 1e6:.0f} MB are needed under {folder}, and {free / 1e6:.0f} MB are free")


def _checked(file: RemoteFile, folder: Path, model: str) -> LockedFile:
    """Hold a downloaded file against the hub's word; a wrong one is deleted, so that the next pull fetches it anew."""
    path = folder / file.name
    if not path.is_file():
        raise ModelBroken(f"{file.name} of '{model}' did not arrive", "pull again")
    size, digest = path.stat().st_size, checkpoint.sha256(path)
    right = size == file.size and file.sha256 in ("", digest) and file.git_id in ("", git_id(path))
    if not right:
        shutil.rmtree(folder)
        raise ModelBroken(
            f"{file.name} of '{model}' arrived damaged ({size} bytes, SHA-256 {digest[:12]}…)", "pull again"
        )
    return LockedFile(size, digest)


def git_id(path: Path) -> str:
    """The object id that git gives to a file's content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _enter(name: str, locked: Locked, home: Path) -> None:
    """Put the model into the lock, then remove the revision that was there before."""
    models = read_lock(home)
    before = models.get(name)
    write_lock(home, models | {name: locked})
    if before is not None and before.revision != locked.revision:
        shutil.rmtree(folder_of(home, name, before.revision), ignore_errors=True)
