"""The folder a run writes into: files appear whole or not at all, and nothing outside the folder is touched.

A file is written beside its place and renamed into it, so a killed run leaves old or new files, never halves. There is no fsync: after
a power cut the next run sees from size and time that a file is not what it wrote, and writes it again.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import OutputBlocked, OutputError

EVERYWHERE = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)
HERE = {
    errno.EACCES: "it may not be written to: change its rights, or choose another --out or --name",
    errno.EPERM: "it may not be written to: change its rights, or choose another --out or --name",
    errno.ENAMETOOLONG: "its path is too long: choose a shorter --out or --name",
    errno.EFBIG: "no file may be so large here (ulimit -f): choose another --out, or fewer write.formats",
}
UNFINISHED = ".it2en"
"""How the names end of files that are being written; an editor keeps its own beside a file, such as `.segments.tsv.swp`."""
Stamp = tuple[int, int]  # size in bytes, modification time in ns


class OutputFolder:
    """`<out>/<run>`; documents have sub-folders named by their ids."""

    def __init__(self, path: Path) -> None:
        self.path, self._began = path, time.time()
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._root = path.resolve(strict=True)
        except OSError as error:
            raise OutputError(
                f"output folder {path}: {error.strerror or error}", "choose another with --out"
            ) from error

    def write(self, folder: str, files: Mapping[str, str | Iterable[str]]) -> dict[str, Stamp]:
        """Write text files (UTF-8, LF), whole or in pieces, into a sub-folder; returns their stamps."""
        try:
            target = self._inside(folder)
            target.mkdir(parents=True, exist_ok=True)
            self._sweep(target, files)
            return {name: _replace(target / name, text) for name, text in files.items()}
        except OSError as error:
            raise self._trouble(folder, error) from error

    def _trouble(self, folder: str, error: OSError) -> OutputError:
        """What went wrong: with this folder alone, or with all of them."""
        message = f"{self.path / folder}: {error.strerror or error}"
        if folder and error.errno not in EVERYWHERE:
            other = "something else is in its place: move it, or choose another --out or --name"
            return OutputBlocked(message, HERE.get(error.errno or 0, other))
        return OutputError(message, "is the disk full or the folder read-only?")

    def remove(self, folder: str, names: Iterable[str]) -> None:
        """Delete files of an earlier run that this one does not write, and the sub-folder if that leaves it empty."""
        try:
            target = self._inside(folder)
            for name in names:
                (target / name).unlink(missing_ok=True)
            if target.is_dir() and target != self._root and not any(target.iterdir()):
                target.rmdir()
        except OSError as error:
            raise self._trouble(folder, error) from error

    def unchanged(self, folder: str, files: Mapping[str, Stamp]) -> bool:
        """Whether all these files are still as they were written."""
        return all(_stamp(self.path / folder / name) == tuple(stamp) for name, stamp in files.items())

    @property
    def key(self) -> str:
        """What the store knows this folder by."""
        return str(self._root)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Raise OutputError where another run is at work in this folder: two would leave it half the one's, half the other's.

        The system lets go of the lock when the process ends, however it ends. Where there are no locks nobody is asked.
        """
        if sys.platform == "win32":
            yield
            return
        handle = os.open(self._root, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system without locks
                if not _locked(handle):
                    raise OutputError(
                        f"{self.path}: another run is at work here", "wait for its end, or give this one another --name"
                    )
            yield
        finally:
            os.close(handle)

    @contextmanager
    def placing(self, name: str) -> Iterator[Path]:
        """A path to write a file at, which takes its place in the folder when the block ends well."""
        try:
            self._sweep(self._root, [name])
            with _placed(self._root / name) as temporary:
                yield temporary
        except OSError as error:
            raise OutputError(f"{self.path / name}: {error.strerror or error}", "is the disk full?") from error

    def others(self, known: Callable[[str], bool], names: Sequence[str]) -> list[str]:
        """Sub-folders that hold files of these names but are not known: what an earlier run left behind."""
        wanted, start = set(names), len(str(self._root)) + 1
        found = (
            top[start:].replace(os.sep, "/") for top, _, files in os.walk(self._root) if wanted.intersection(files)
        )
        return sorted(folder for folder in found if folder and not known(folder))

    def _sweep(self, target: Path, names: Iterable[str]) -> None:
        """Delete what a killed run was writing when it ended; what is younger than this run may be another's at work."""
        ours = tuple(f".{name}." for name in names)
        with os.scandir(target) as entries:
            left = [e for e in entries if e.name.startswith(ours) and e.name.endswith(UNFINISHED)]
        for entry in left:
            if entry.stat(follow_symlinks=False).st_mtime < self._began:
                Path(entry.path).unlink(missing_ok=True)

    def _inside(self, folder: str) -> Path:
        try:
            target = (self._root / folder).resolve()
        except RuntimeError as error:  # a link that leads back to itself
            raise OutputBlocked(f"{self.path / folder}: {error}", "remove the link") from error
        if not target.is_relative_to(self._root):
            raise OutputBlocked(
                f"'{folder}' leads out of the output folder {self.path}", "is there a link in the output folder?"
            )
        return target


def _locked(folder: int) -> bool:
    """Lock an open folder; False where another process has it."""
    import fcntl

    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _replace(path: Path, text: str | Iterable[str]) -> Stamp:
    with _placed(path) as temporary:
        with temporary.open("w", encoding="utf-8", newline="\n", errors="surrogatepass") as file:
            file.writelines([text] if isinstance(text, str) else text)
        status = temporary.lstat()  # of what is written here, whoever else may be writing the same file
    return status.st_size, status.st_mtime_ns


@contextmanager
def _placed(path: Path) -> Iterator[Path]:
    """A new file beside `path` that is renamed to it when the block ends well, and deleted otherwise."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
