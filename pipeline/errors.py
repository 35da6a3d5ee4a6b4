"""Every exception that it2en raises on purpose, and the exit code each one means.

    It2enError
    ├── UsageError (2)           the command line or the inputs as a whole
    │   └── ConfigError          a config file, with its line
    ├── ModelError (3)           weights that are missing, changed or broken
    │   ├── ModelMissing         not installed: says which command installs it
    │   └── ModelBroken          installed, but changed on disk or producing gibberish
    ├── EngineError (3)          an engine that cannot be loaded or run
    ├── StoreError (3)           the store cannot be opened or is of a newer schema
    ├── OutputError (3)          the output folder cannot be written
    │   └── OutputBlocked        one document's place in it cannot; becomes a `Failure`, the others go on
    └── DocumentError            one document; becomes a `Failure`, the others go on

A run that ends well apart from this gives 1 where documents failed and 4 where `check.fail_on` is not met.

A message says what, where and why; `hint` says what to do next. Only `cli` catches these.
"""

from __future__ import annotations


class It2enError(Exception):
    """Base of the tree. `str(error)` is one line for a person; `hint` is the next step, or ''."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(It2enError):
    """The command, its options or its inputs make no run."""

    exit_code = 2


class ConfigError(UsageError):
    """A config that does not say anything valid; the message names file, line and key."""


class ModelError(It2enError):
    """Something is wrong with a model's files."""

    exit_code = 3


class ModelMissing(ModelError):
    """The named weights are not on this machine."""


class ModelBroken(ModelError):
    """The weights are there but are not what was recorded, or do not work."""


class EngineError(It2enError):
    """An engine cannot be loaded, or failed in a way no smaller batch cures."""

    exit_code = 3


class StoreError(It2enError):
    """The store file cannot be used."""

    exit_code = 3


class OutputError(It2enError):
    """The output folder cannot be written."""

    exit_code = 3


class OutputBlocked(OutputError):
    """The place of one document's files is taken by something else."""


class DocumentError(It2enError):
    """One document cannot go on; the stage turns it into a `Failure` value."""
