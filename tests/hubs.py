"""A hub for tests: serves checkpoints that lie in folders, and misbehaves when told to."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.engines.pull import Remote, RemoteFile, git_id
from pipeline.errors import ModelMissing

LARGE = 20_000  # bytes from which the stub names a SHA-256, as the hub does for files under LFS


class FolderHub:
    """Revisions by name, each a folder; `main` is the default. `damage` names a file that arrives with a byte changed."""

    def __init__(self, revisions: Mapping[str, Path], damage: str = "", break_after: int = 999) -> None:
        self.revisions = revisions
        self.damage, self.break_after = damage, break_after
        self.asked: list[str | None] = []
        self.downloaded: list[str] = []

    def commit(self, revision: str) -> str:
        return hashlib.sha1(self.revisions[revision].name.encode()).hexdigest()

    def info(self, name: str, revision: str | None) -> Remote:
        self.asked.append(revision)
        for known, folder in self.revisions.items():
            if (revision or "main") in (known, self.commit(known)):
                return Remote(name, self.commit(known), tuple(remote_file(path) for path in sorted(folder.iterdir())))
        raise ModelMissing(f"no revision {revision}")

    def download(self, remote: Remote, names: Sequence[str], folder: Path) -> None:
        source = next(f for known, f in self.revisions.items() if self.commit(known) == remote.commit)
        (folder / ".cache").mkdir(exist_ok=True)
        for name in names:
            if (folder / name).exists():
                continue
            if len(self.downloaded) == self.break_after:
                self.break_after = 999
                raise KeyboardInterrupt
            shutil.copy(source / name, folder / name)
            self.downloaded.append(name)
            if name == self.damage:
                content = bytearray((folder / name).read_bytes())
                content[len(content) // 2] ^= 1
                (folder / name).write_bytes(content)


def remote_file(path: Path) -> RemoteFile:
    size = path.stat().st_size
    if size < LARGE:
        return RemoteFile(path.name, size, git_id=git_id(path))
    return RemoteFile(path.name, size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
