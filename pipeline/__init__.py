"""it2en: folders of scraped Italian news into clean, reviewed English.

The command line and this API are the same thing:

    from pipeline import Run, load_settings

    run = Run(["articles/"], load_settings("embedded"), out="outputs")
    for document in run:  # each as soon as its files are written
        print(document.id, document.summary.text if document.summary else "")
    print(run.result.signature)

Names are loaded when they are first used, so importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.config import load as load_settings
    from pipeline.document import (
        Checks,
        CleanText,
        Document,
        Failure,
        Flag,
        Metadata,
        Pair,
        Segment,
        Segments,
        Skip,
        Source,
        Summary,
        Translation,
    )
    from pipeline.errors import It2enError
    from pipeline.result import RunResult
    from pipeline.runner import Run
    from pipeline.settings import Settings

__all__ = [
    "Checks",
    "CleanText",
    "Document",
    "Failure",
    "Flag",
    "It2enError",
    "Metadata",
    "Pair",
    "Run",
    "RunResult",
    "Segment",
    "Segments",
    "Settings",
    "Skip",
    "Source",
    "Summary",
    "Translation",
    "load_settings",
]

_HOMES = {
    "It2enError": "errors",
    "Run": "runner",
    "RunResult": "result",
    "Settings": "settings",
    "load_settings": "config",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'pipeline' has no attribute '{name}'")
    module = import_module(f"pipeline.{_HOMES.get(name, 'document')}")
    return getattr(module, "load" if name == "load_settings" else name)


def __dir__() -> list[str]:
    return sorted(__all__)
