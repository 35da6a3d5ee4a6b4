"""Rule packs: from the names and paths in the config to the rules that hold for a document. Judges no line."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import re2
import yaml
from pydantic import ValidationError

from pipeline.cleaning.lines import lines
from pipeline.cleaning.rules import Rule, Rules, Strict
from pipeline.errors import ConfigError
from pipeline.settings import Clean


class _Pack(Strict):
    about: str
    rules: list[Rule]


def list_rules(settings: Clean) -> list[Rule]:
    """Every rule of the configured packs, in their order."""
    return list(load(settings).rules)


def load(settings: Clean, path: str = "") -> Rules:
    """The rules for the document at `path`: those of `clean.packs`, and what `clean.sites` says of such paths.

    A pack is named as this program's own or by the path of a YAML file. Raises ConfigError for a pack that does not exist,
    is not valid or does not do what its examples say, and for a rule to be switched off that does not exist.
    """
    here = [site for pattern, site in sorted(settings.sites.items()) if matches(path, pattern)]
    packs = dict.fromkeys([*settings.packs, *(pack for site in here for pack in site.packs)])
    return _load(tuple(packs), frozenset([*settings.without, *(rule for site in here for rule in site.without)]))


def identity(settings: Clean) -> str:
    """A hash of all rules that any document may meet."""
    digests = [load(settings).digest()]
    for pattern in sorted(settings.sites):
        alone = settings.model_copy(update={"sites": {"*": settings.sites[pattern]}})
        digests += [pattern, load(alone).digest()]
    return digests[0] if len(digests) == 1 else hashlib.blake2b("|".join(digests).encode(), digest_size=16).hexdigest()


def matches(path: str, pattern: str) -> bool:
    """Whether a glob of `clean.sites` matches the path, upper and lower case alike; `*` crosses slashes."""
    return fnmatchcase(path.replace("\\", "/").casefold(), pattern.casefold())


@cache
def _load(packs: tuple[str, ...], off: frozenset[str]) -> Rules:
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for name in packs:
        for rule in _pack(name).rules:
            if rule.id in seen:
                raise ConfigError(
                    f"clean.packs: rule {rule.id!r} is in both {seen[rule.id]!r} and {name!r}", "rename one"
                )
            seen[rule.id] = name
            if rule.id not in off:
                rules.append(rule)
    if unknown := sorted(off - set(seen)):
        raise ConfigError(f"clean.without: no rule {unknown[0]!r} in the packs", "`it2en list rules` names them")
    return Rules(rules)


def _pack(name: str) -> _Pack:
    try:
        pack = _Pack.model_validate(yaml.safe_load(_text(name)))
        for rule in pack.rules:
            for pattern in (rule.expression, *rule.also, *rule.unless):
                re2.compile(pattern)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"clean.packs: {name}: {_place(first)}: {first['msg']}") from error
    except (yaml.YAMLError, re2.error) as error:
        raise ConfigError(f"clean.packs: {name}: {' '.join(str(error).split())}") from error
    if _is_path(name):  # those of the program's own packs run as its tests
        _check_examples(name, pack.rules)
    return pack


def _check_examples(name: str, rules: list[Rule]) -> None:
    for rule in rules:
        wrong = [(t, "match, and does not") for t in rule.examples.match if not _speaks(rule, t)]
        wrong += [(t, "be kept, and is not") for t in rule.examples.keep if _speaks(rule, t)]
        if wrong:
            text, what = wrong[0]
            raise ConfigError(f"clean.packs: {name}: {rule.id}: '{text}' should {what}", "correct rule or example")


def _speaks(rule: Rule, text: str) -> bool:
    alone = Rules([rule])
    return any(alone.hits(line.plain, line.words, line.sentence) for line in lines(text))


def _place(error: Any) -> str:
    return ".".join(str(part) for part in error["loc"])


def _is_path(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or "/" in name


def _text(name: str) -> str:
    if _is_path(name):
        try:
            return Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"clean.packs: {name}: {error.strerror or error}", "check the path") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"clean.packs: {name}: is not UTF-8: {error}", "save it as UTF-8") from error
    own = files("pipeline.cleaning") / "packs" / f"{name}.yaml"
    if not own.is_file():
        raise ConfigError(
            f"clean.packs: no pack named {name!r}", f"there are: {', '.join(available())}, or a path to a .yaml"
        )
    return own.read_text(encoding="utf-8")


def available() -> list[str]:
    """The names of the packs that come with the program."""
    return sorted(
        p.name.removesuffix(".yaml")
        for p in (files("pipeline.cleaning") / "packs").iterdir()
        if p.name.endswith(".yaml")
    )
