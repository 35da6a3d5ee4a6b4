"""Why a stage was found or made for a document, in words: what its key was made of then and now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Parts = Mapping[str, str]  # version, config, model, input
WORDS = {
    "version": "the program's {stage} changed ({then} to {now})",
    "model": "the model changed",
    "terms": "the glossary changed",
    "corrections": "the corrections changed",
    "alternative": "the second model changed",
    "reader": "the model that ranks hypotheses changed",
    "input": "what it reads changed",
    "recurring": "which of its lines stand in other documents too changed",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """For one document and stage: the verdict ('found', 'made', 'failed') and the reason."""

    document: str
    stage: str
    verdict: str
    reason: str


def explain(verdict: str, now: Parts, then: Parts | None, config: Callable[[str], dict[str, Any] | None]) -> str:
    """The reason for a verdict; `config` gives the settings behind a fingerprint.

    `then` are the parts at the last run into the same folder, None if there was none.
    """
    if verdict == "found":
        return "nothing it depends on has changed" if then == now else "the same text and settings were met before"
    if then is None:
        return "not met before in this run"
    if then == now:
        return "it failed last time, or is no longer in the store"
    return "; ".join(_changes(now, then, config))


def _changes(now: Parts, then: Parts, config: Callable[[str], dict[str, Any] | None]) -> Iterator[str]:
    for name in dict.fromkeys((*now, *then)):
        value = now.get(name)
        if value == then.get(name):
            continue
        stage = now["version"].partition(".")[0]
        if name == "config":
            section = "inputs." if stage == "read" else f"{stage}."
            changes = sorted(_differences(config(then["config"]) or {}, config(now["config"]) or {}, section))
            yield "settings changed: " + (", ".join(changes) or "values unknown")
        elif (stage, name) == ("clean", "model"):
            yield "the cleaning rules changed"
        else:
            yield WORDS[name].format(stage=stage, then=then.get(name), now=value)


def _differences(then: Mapping[str, Any], now: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Keys with their values of then and now, both as a config may have them."""
    for name in then.keys() | now.keys():
        old, new = then.get(name), now.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _differences(old, new, f"{prefix}{name}.")
        elif old != new:
            yield f"{prefix}{name} {_spelt(old)} to {_spelt(new)}"


def _spelt(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
