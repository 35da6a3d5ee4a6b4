"""What a writer knows of the run that a document came out of: names and versions, never times or places."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run, as it is named on every page.

    `signature` is the one line that makes the run reproducible; `notices` are warnings every reader must see (such as
    that a placeholder translator was at work); `models` are pairs of role ('translate', 'summarise') and checkpoint;
    `version` is the program's.
    """

    name: str
    signature: str
    notices: tuple[str, ...] = ()
    models: tuple[tuple[str, str], ...] = ()
    version: str = ""
