"""What a stage is: it reads artifacts of a document and makes one more, for many documents at a time.

A stage knows nothing of files, the store, progress or executors. Its key says all that its output depends on, so equal keys
mean equal artifacts.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from pipeline.document import Artifact, Document, Ending, Failure
from pipeline.engines.engine import Memory
from pipeline.errors import DocumentError, It2enError
from pipeline.settings import Run, Section

Made = Artifact | Ending


class Stage(ABC):
    """One step of the pipeline. `version` changes whenever the same input may give another output."""

    name: ClassVar[str]
    version: ClassVar[int]
    reads: tuple[type, ...]
    may_read: ClassVar[tuple[type, ...]] = ()  # what a document need not have; `parts` says what comes of it
    makes: ClassVar[type]
    not_in_key: ClassVar[frozenset[str]] = frozenset()  # settings that `identity` speaks for, such as a model's name

    def __init__(self, config: Section, run: Run) -> None:
        self.settings, self.run = config, run
        self.fingerprint = config.fingerprint(self.not_in_key)

    def open(self, memory: Memory) -> None:
        """Get ready to work, once in each worker. Loads no weights before they are needed."""

    def close(self) -> None:
        """Give memory back; the stage may be opened again."""

    @abstractmethod
    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """One artifact for each document, as (position, artifact) in any order; a Skip leaves the document out.

        Raises DocumentError where a document cannot go on.
        """

    def identity(self) -> str:
        """The content identity of the model behind the stage; '' without one. Loads no weights."""
        return ""

    def signature(self) -> str:
        """The stage's part of a run's signature: version, settings, model."""
        model = f"@{self.identity()[:12]}" if self.identity() else ""
        return f"v{self.version}-{self.fingerprint[:6]}{model}"

    @cached_property
    def static_parts(self) -> dict[str, str]:
        """What every key of this stage has in common: the stage's version, its settings, its model."""
        return {"version": f"{self.name}.v{self.version}", "config": self.fingerprint, "model": self.identity()}

    def parts(self, digests: Mapping[type, str], path: str = "") -> dict[str, str]:
        """What the key is made of, by name, for `--explain`; `path` is the document's, of which few stages want to know."""
        inputs = "|".join(digests[kind] for kind in self.reads)
        return {**self.static_parts, "input": hashlib.blake2b(inputs.encode(), digest_size=16).hexdigest()}

    def key(self, digests: Mapping[type, str], path: str = "") -> str:
        """The store key of the artifact, from the digests of what this stage reads of the document."""
        return key_of(self.parts(digests, path))

    def attempt(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """Like `make`, but what breaks on one document becomes that document's Failure; the others go on.

        Documents not yet made when something raised are tried again in halves until the culprit stands alone. Errors of
        the model, the engine, the settings or the store are nobody's fault in particular and are raised.
        """
        yield from self._attempt(list(enumerate(documents)))

    def _attempt(self, numbered: list[tuple[int, Document]]) -> Iterator[tuple[int, Made]]:
        done: set[int] = set()
        try:
            for i, made in self.make([d for _, d in numbered]):
                done.add(i)
                yield numbered[i][0], made
        except Exception as error:  # one bad document must not take the others along
            if isinstance(error, It2enError) and not isinstance(error, DocumentError):
                raise  # of the model, the settings or the store: nobody's fault in particular
            left = [pair for i, pair in enumerate(numbered) if i not in done]
            if len(left) == 1:
                yield left[0][0], failure(self.name, error)
                return
            yield from self._attempt(left[: len(left) // 2])
            yield from self._attempt(left[len(left) // 2 :])


def key_of(parts: Mapping[str, str]) -> str:
    """The store key that the parts amount to."""
    return hashlib.blake2b("|".join(f"{k}={v}" for k, v in parts.items()).encode(), digest_size=16).hexdigest()


def failure(stage: str, error: Exception) -> Failure:
    """The failure that stands for an exception raised on one document."""
    if isinstance(error, DocumentError):
        return Failure(stage, type(error).__name__, str(error) + (f"; {error.hint}" if error.hint else ""))
    return Failure(
        stage, type(error).__name__, f"{error or 'no message'} (unexpected: please report it with the document)"
    )
