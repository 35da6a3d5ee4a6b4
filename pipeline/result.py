"""What came of a run: counts, outcomes, the signature, and `run.json`. It computes nothing about language."""

from __future__ import annotations

import json
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from pipeline.document import Document, Skip
from pipeline.risk import risk
from pipeline.settings import Settings

SCHEMA = "it2en.run/1"
TROUBLES = 20  # outcomes that a result holds of documents that failed, and of those that were skipped
State = Literal["done", "skipped", "failed"]
TERM_STATES = ("satisfied", "repaired", "unsatisfied")
LIBRARIES = (
    "torch",
    "transformers",
    "ctranslate2",
    "sentencepiece",
    "tokenizers",
    "sacremoses",
    "trafilatura",
    "lxml",
    "ftfy",
    "charset-normalizer",
    "py3langid",
)


def program_version() -> str:
    """The installed version of it2en."""
    return metadata.version("it2en")


def library_versions() -> dict[str, str]:
    """The versions of what a run's words depend on, read from package metadata (nothing is imported)."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def signature(parts: Mapping[str, str]) -> str:
    """One line that names everything a run's words follow from, as sacrebleu's signatures do; the version comes last."""
    return "|".join(["it2en", *(f"{name}:{value}" for name, value in parts.items()), f"version:{program_version()}"])


@dataclass
class StageCount:
    """How many documents a stage found in the store, made, skipped and failed; seconds spent; texts decoded."""

    found: int = 0
    made: int = 0
    skipped: int = 0
    failed: int = 0
    seconds: float = 0.0
    decoded: int = 0

    def __str__(self) -> str:
        counts = {"found": self.found, "made": self.made, "skipped": self.skipped, "failed": self.failed}
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        return said or "nothing to do"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: `reason` is a word and `message` a sentence where it was skipped or failed.

    `errors` and `warnings` count its flags; `risk` is explained in `pipeline.risk`.
    """

    id: str
    path: str
    state: State
    stage: str = ""
    reason: str = ""
    message: str = ""
    repairs: Mapping[str, int] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    risk: float = 0.0


def outcome(document: Document) -> Outcome:
    """The outcome of a document that has passed all stages, or ended on the way."""
    repairs = {r.kind: r.count for r in document.source.repairs} if document.source else {}
    end = document.ending
    if end is None:
        found = Counter(f.severity for f in document.checks.flags) if document.checks else Counter[str]()
        errors, warnings = found["error"], found["warning"]
        return Outcome(
            document.id,
            document.path,
            "done",
            "",
            "",
            "",
            repairs,
            errors=errors,
            warnings=warnings,
            risk=risk(document),
        )
    if isinstance(end, Skip):
        return Outcome(document.id, document.path, "skipped", end.stage, end.reason, end.message, repairs)
    return Outcome(document.id, document.path, "failed", end.stage, end.error, end.message, repairs)


@dataclass
class RunResult:
    """A finished run. Every input has exactly one outcome. `notices` stand on every page, `hints` only on the terminal.

    `unmet_sites` are globs of `clean.sites` that no document's path matches. `left_aside` counts by their endings the files
    that folders hold beside what `inputs.suffixes` asks for, and `left_over` names what an earlier run left in the folder. `states` counts how many documents are done, skipped and failed; `troubles` are the first that are not done;
    `gated` are those with flags that `check.fail_on` does not let pass, the riskiest first once the run has ended. `terms`
    counts for each term of the glossary, also where it occurs nowhere, how often it is satisfied, repaired and unsatisfied; `several` is how many names,
    terms and acronyms the run renders in several ways, and `inconsistent` those with most to put right (`terminology.Inconsistency`).
    `corrections` counts for each corrected sentence, by its Italian, how often it occurs.
    """

    name: str
    folder: Path
    settings: Settings
    signature: str
    models: Mapping[str, str]
    notices: tuple[str, ...]
    hints: tuple[str, ...] = ()
    stages: dict[str, StageCount] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    troubles: list[Outcome] = field(default_factory=list)
    gated: list[Outcome] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    terms: dict[str, Counter[str]] = field(default_factory=dict)
    corrections: dict[str, int] = field(default_factory=dict)
    several: int = 0
    inconsistent: Sequence[Any] = ()
    left_over: list[str] = field(default_factory=list)
    left_aside: Counter[str] = field(default_factory=Counter)
    unmet_sites: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of each input, in order: read from `run.json`, so that a run need not hold them all."""
        return [Outcome(**values) for values in self.to_json()["documents"]]

    def tally(
        self,
        outcome: Outcome,
        flags: Iterable[tuple[str, str]],
        terms: Iterable[tuple[str, str, int]] = (),
        corrected: Iterable[str] = (),
    ) -> None:
        """Count one document: how it ended, the (id, severity) of its flags, (term, status, number) of its terms, and its corrected sentences."""
        self.states[outcome.state] += 1
        if outcome.state != "done" and self.states[outcome.state] <= TROUBLES:
            self.troubles.append(outcome)
        level = self.settings.check.fail_on
        if level != "never" and (outcome.errors or (level == "warning" and outcome.warnings)):
            self.gated.append(outcome)
        for id, severity in flags:
            self.flags[id] += 1
            self.severities[severity] += 1
        for term, status, number in terms:
            self.terms.setdefault(term, Counter())[status] += number
        for source in corrected:
            self.corrections[source] = self.corrections.get(source, 0) + 1

    @property
    def term_totals(self) -> dict[str, int]:
        """How often all terms together are satisfied, repaired and unsatisfied."""
        return {state: sum(counts[state] for counts in self.terms.values()) for state in TERM_STATES}

    @property
    def unmet_terms(self) -> list[str]:
        """The terms that occur in no document, in the alphabet's order."""
        return sorted(term for term, counts in self.terms.items() if not counts.total())

    @property
    def unmet_corrections(self) -> list[str]:
        """The corrected sentences, by their Italian, that no document has: cleaning or the article itself may have changed since."""
        return [source for source, number in self.corrections.items() if not number]

    @property
    def written(self) -> int:
        """How many documents had their files written anew."""
        return self.stages["write"].made

    @property
    def unchanged(self) -> int:
        """How many documents had files that were up to date."""
        return self.stages["write"].found

    @property
    def exit_code(self) -> int:
        """1 when a document failed, else 4 when one is flagged beyond `check.fail_on`, else 0."""
        return 1 if self.states["failed"] else 4 if self.gated else 0

    def to_json(self) -> dict[str, Any]:
        """The content of `run.json`, read from the file."""
        content: dict[str, Any] = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        return content

    def manifest(self, outcomes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """The text of `run.json` in pieces, with an outcome a line.

        Only 'timings' and 'stages' differ between two runs over the same files and settings.
        """
        head, gap, tail = json.dumps(self._content(), ensure_ascii=False, indent=2).partition('"documents": []')
        yield head + gap[:-1]
        for i, values in enumerate(outcomes):
            yield (",\n    " if i else "\n    ") + json.dumps(values, ensure_ascii=False)
        yield "\n  ]" + tail + "\n"

    def _content(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "name": self.name,
            "signature": self.signature,
            "models": dict(self.models),
            "notices": list(self.notices),
            "versions": {"it2en": program_version(), **library_versions()},
            "counts": {"inputs": self.states.total(), **{s: self.states[s] for s in ("done", "skipped", "failed")}},
            "left_aside": dict(sorted(self.left_aside.items())),
            "flags": dict(sorted(self.flags.items())),
            "severities": dict(sorted(self.severities.items())),
            "gate": {"fail_on": self.settings.check.fail_on, "stopped": [o.id for o in self.gated]},
            "terms": {term: {s: n[s] for s in TERM_STATES} for term, n in sorted(self.terms.items())},
            "corrections": {
                "given": len(self.corrections),
                "sentences": sum(self.corrections.values()),
                "unmet": self.unmet_corrections,
            },
            "inconsistent": {"total": self.several, "worst": [asdict(one) for one in self.inconsistent]},
            "documents": [],
            "settings": self.settings.model_dump(mode="json"),
            "stages": {n: {k: v for k, v in asdict(c).items() if k != "seconds"} for n, c in self.stages.items()},
            "timings": {"total": round(self.seconds, 3), **{n: round(c.seconds, 3) for n, c in self.stages.items()}},
            "platform": {"python": sys.implementation.name, "system": platform.system(), "machine": platform.machine()},
        }
