"""A user's own edits: patterns on the Italian that the model is given, and on the English that it gives back.

Rules are settings and carry their own examples, which `check_edits` runs. Patterns are RE2: linear in the text, without lookaround.
What a rule did is on record: `Pair.reading` is the Italian as it was given to the model, a change of the English is a `TextRepair` with the rule's id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import re2

from pipeline.errors import ConfigError
from pipeline.settings import Edit
from pipeline.stages.translation.repair import Repaired

_GROUP = re.compile(r"\\(\d)")


class Edits:
    """Rules ready for use, applied in their order."""

    def __init__(self, rules: Sequence[Edit]) -> None:
        """Raises ConfigError for a pattern or a replacement that is none."""
        compiled = [(rule, _compiled(rule)) for rule in rules]
        self._italian = [(r, p) for r, p in compiled if r.language == "italian"]
        self._english = [(r, p) for r, p in compiled if r.language == "english"]

    def italian(self, text: str) -> str:
        """What the model is given in place of a sentence; the sentence itself where no rule speaks or nothing would be left."""
        edited = text
        for rule, pattern in self._italian:
            edited = _applied(rule, pattern, Repaired(edited)).target
        return (" ".join(edited.split()) or text) if edited != text else text

    def english(self, made: Repaired) -> Repaired:
        """The target after the rules for English; nothing changes where that would leave nothing of it."""
        edited = made
        for rule, pattern in self._english:
            edited = _applied(rule, pattern, edited)
        return edited if edited.target.strip() else made


def check_edits(rules: Iterable[Edit]) -> None:
    """Run every rule's examples. Raises ConfigError with the rule, the example, what is expected and what comes out."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise ConfigError(f"translate.edits: there are two rules called '{rule.id}'", "rename one")
        seen.add(rule.id)
        pattern = _compiled(rule)
        for example in rule.examples:
            made = _applied(rule, pattern, Repaired(example.text)).target
            if made != example.gives:
                raise ConfigError(
                    f"translate.edits: {rule.id}: '{example.text}' should give '{example.gives}', and gives '{made}'",
                    "correct the rule or its example",
                )


def _compiled(rule: Edit) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        pattern = re2.compile(rule.find, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        hint = "patterns are RE2's: no lookaround, no references within"
        raise ConfigError(f"translate.edits: {rule.id}: find: {said}", hint) from error
    wrong = [g for g in _GROUP.findall(rule.replace) if int(g) > pattern.groups]
    if wrong:
        raise ConfigError(
            f"translate.edits: {rule.id}: replace: there is no group \\{wrong[0]}", f"find has {pattern.groups} of them"
        )
    return pattern


def _applied(rule: Edit, pattern: Any, made: Repaired) -> Repaired:
    """With every match replaced; a match of nothing changes nothing."""
    matches = [(match, _replacement(rule, match)) for match in pattern.finditer(made.target)]
    places = [(m.start(), m.end(), after) for m, after in matches if m.end() > m.start() and after != m.group()]
    return made.changes("edit", places, rule.id)


def _replacement(rule: Edit, match: Any) -> str:
    return _GROUP.sub(lambda group: match.group(int(group[1])) or "", rule.replace)
