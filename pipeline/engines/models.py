"""From the name of a model to its files: what is known, what is installed, and what a checkpoint is by content.

Nothing here loads weights, and nothing here opens a connection: `pull` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.engines import checkpoint
from pipeline.engines.lock import Locked, default_home, folder_of, read_lock
from pipeline.errors import ModelBroken, ModelMissing, UsageError

Kind = Literal["embedded", "local", "hub", "echo"]
Task = Literal["translate", "read", "summarise"]
"""To read: to tell from English how likely an Italian text is, which takes a translator from English to Italian."""

EMBEDDED = Path(__file__).parent / "embedded"
HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Model:
    """A model on this machine. `identity` says what it is by content, whatever it is called and wherever it lies.

    For hub models that is the commit, for folders a digest of the files, for the echo its version.
    """

    name: str
    kind: Kind
    path: Path | None
    revision: str | None
    identity: str


@dataclass(frozen=True, slots=True)
class Known:
    """A hub model that the profiles name; `megabytes` is about what pulling it moves."""

    name: str
    task: Task
    megabytes: int
    licence: str
    description: str


KNOWN: tuple[Known, ...] = (
    Known(
        "Helsinki-NLP/opus-mt-it-en",
        "translate",
        345,
        "Apache-2.0",
        "OPUS-MT Italian to English, Transformer base: the one to start with",
    ),
    Known(
        "Helsinki-NLP/opus-mt-tc-big-it-en",
        "translate",
        580,
        "CC-BY-4.0",
        "OPUS-MT Italian to English, Transformer big: slower and usually better",
    ),
    Known(
        "sshleifer/distilbart-cnn-12-6",
        "summarise",
        1220,
        "Apache-2.0",
        "BART-CNN distilled to half its decoder: news summaries",
    ),
    Known("facebook/bart-large-cnn", "summarise", 1630, "MIT", "BART large trained on CNN/DailyMail: news summaries"),
)
AUTO: dict[Task, tuple[str, ...]] = {
    "translate": ("Helsinki-NLP/opus-mt-it-en", "embedded/it-en"),
    "read": ("embedded/en-it",),
    "summarise": ("sshleifer/distilbart-cnn-12-6", "facebook/bart-large-cnn"),
}


def resolve(name: str, task: Task, revision: str | None = None, home: Path | None = None) -> Model:
    """The installed model that `name` stands for.

    'auto' is the best one installed for the task, 'echo' no model at all, 'embedded/…' comes with it2en, 'org/name' is a hub
    model in the lock, anything else a folder. Raises ModelMissing with the command that installs it, ModelBroken for a
    folder that is no checkpoint, UsageError for a revision where there is none to choose.
    """
    home = home or default_home()
    locked = read_lock(home)
    if name in locked:
        return _pulled(name, locked[name], revision, home)
    embedded = name.startswith("embedded/")
    if HUB_NAME.fullmatch(name) and not embedded and not Path(name).is_dir():
        raise ModelMissing(f"the model '{name}' is not on this machine", _pull_command(name, revision))
    if revision is not None:
        raise UsageError(
            f"'{name}' has no revisions", "revisions are for hub models such as Helsinki-NLP/opus-mt-it-en"
        )
    if name == "echo":
        return Model("echo", "echo", None, None, "echo.v1")
    if name == "auto":
        return _automatic(task, home)
    return _folder(name, embedded)


def _automatic(task: Task, home: Path) -> Model:
    found = best(task, home)
    if found is None:
        raise ModelMissing(
            f"there is no model to {task} with on this machine", "for a good one: " + _pull_command(AUTO[task][0], None)
        )
    return found


def _pulled(name: str, locked: Locked, revision: str | None, home: Path) -> Model:
    if not locked.satisfies(revision):
        raise ModelMissing(
            f"the model '{name}' is on this machine at revision {locked.revision[:12]}, and {revision} is wanted",
            _pull_command(name, revision),
        )
    return Model(name, "hub", folder_of(home, name, locked.revision), locked.revision, locked.revision)


def _folder(name: str, embedded: bool) -> Model:
    """A checkpoint that comes with it2en, or one in a folder; named without the path, which no output should hold."""
    path = EMBEDDED / name.removeprefix("embedded/") if embedded else Path(name).expanduser()
    if not path.is_dir():
        where = "does not come with this it2en" if embedded else "is neither a folder nor the name of a hub model"
        raise ModelMissing(f"the model '{name}' {where}", "`it2en models list` shows what is installed")
    content = checkpoint.identity(path)
    if embedded:
        return Model(name, "embedded", path, None, content)
    return Model(path.resolve().name, "local", path.resolve(), None, content)


def _pull_command(name: str, revision: str | None) -> str:
    return f"it2en models pull {name}" + (f" --revision {revision}" if revision else "")


def best(task: Task, home: Path | None = None) -> Model | None:
    """The best installed model for a task, which is what 'auto' stands for, or None."""
    home = home or default_home()
    locked = read_lock(home)
    for name in AUTO[task]:
        if name in locked:
            return _pulled(name, locked[name], None, home)
        if name.startswith("embedded/") and is_embedded(name):
            return _folder(name, embedded=True)
    return None


def is_embedded(name: str) -> bool:
    """Whether a checkpoint of this name comes with it2en."""
    return (EMBEDDED / name.removeprefix("embedded/") / "config.json").is_file()


def installed(home: Path | None = None) -> list[Model]:
    """Every model on this machine that has a name: the embedded ones first, then the pulled ones, by name."""
    home = home or default_home()
    embedded = [f"embedded/{path.parent.name}" for path in sorted(EMBEDDED.glob("*/config.json"))]
    pulled = [_pulled(name, locked, None, home) for name, locked in sorted(read_lock(home).items())]
    return [_folder(name, embedded=True) for name in embedded] + pulled


def verify(model: Model) -> None:
    """Hold a pulled model's files against the lock, byte for byte. For other kinds there is nothing to compare with.

    Raises ModelBroken naming the file that is missing or changed.
    """
    if model.kind != "hub" or model.path is None:
        return
    home = model.path.parents[2]
    locked = read_lock(home).get(model.name)
    if locked is None or locked.revision != model.revision:
        raise ModelMissing(
            f"the model '{model.name}' is no longer installed", _pull_command(model.name, model.revision)
        )
    for name, file in sorted(locked.files.items()):
        path = model.path / name
        fault = ""
        if not path.is_file():
            fault = "is missing"
        elif path.stat().st_size != file.size:
            fault = f"has {path.stat().st_size} bytes instead of {file.size}"
        elif checkpoint.sha256(path) != file.sha256:
            fault = "is not what was pulled (its SHA-256 differs)"
        if fault:
            raise ModelBroken(
                f"the file {name} of the model '{model.name}' {fault}", _pull_command(model.name, model.revision)
            )
    unknown = sorted({path.name for path in checkpoint.files(model.path)} - set(locked.files))
    if unknown:
        raise ModelBroken(
            f"the model '{model.name}' has a file that was not pulled: {unknown[0]}",
            _pull_command(model.name, model.revision),
        )
