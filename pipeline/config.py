"""From YAML files and `--set` options to `Settings`, with errors that name file, line and key.

A config says only what differs from its parent: `extends:` names another file (relative to this one) or a profile that ships with
the program; mappings are merged, lists and values replaced. Every value has its default in `settings.py`, which `configs/default.yaml`
spells out with comments.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError
from pipeline.settings import Settings

Key = tuple[str, ...]


@dataclass
class Layer:
    """Values with the place each key was written at ('file:line' or '--set')."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)

    def over(self, below: Layer) -> Layer:
        """This layer on top of another."""
        return Layer(_merge(below.values, self.values), {**below.places, **self.places})

    def place(self, key: Key) -> str:
        """Where the key, or the nearest thing around it, was written."""
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, "config")


def load(config: str | Path | None = None, overrides: Sequence[str] = ()) -> Settings:
    """Read a config (a path, the name of a profile, or None for the defaults) and apply `key.sub=value` overrides.

    Raises ConfigError for anything that cannot be understood.
    """
    layer = _read(_locate(str(config)), ()) if config else Layer()
    for override in overrides:
        layer = _override(override).over(layer)
    return _validate(layer)


def profiles() -> dict[str, Path]:
    """The profiles that ship with the program, by name."""
    return {path.stem: path for path in sorted(_folder().glob("*.yaml"))}


def dump(settings: Settings) -> str:
    """The resolved config as YAML: every key, in the order of `settings.py`."""
    return yaml.safe_dump(settings.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=120)


def _folder() -> Path:
    """Where the profiles lie: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    inside = here / "configs"
    return inside if inside.is_dir() else here.parent / "configs"


def _locate(config: str, beside: Path | None = None, place: str = "") -> Path:
    for candidate in ([beside / config] if beside else []) + [Path(config)]:
        if candidate.is_file():
            return candidate
    known = profiles()
    if config in known:
        return known[config]
    near = difflib.get_close_matches(Path(config).stem, known, 1, 0.5)
    hint = f"did you mean the profile '{near[0]}'?" if near else f"profiles: {', '.join(known)}"
    raise ConfigError(f"{place}config '{config}' is neither a file nor a profile", hint)


def _read(path: Path, seen: tuple[Path, ...]) -> Layer:
    if path.resolve() in seen:
        raise ConfigError(f"{path}: 'extends' goes round in a circle: {' -> '.join(p.name for p in (*seen, path))}")
    layer = _parse(path)
    parent = layer.values.pop("extends", None)
    if parent is None:
        return layer
    if not isinstance(parent, str):
        raise ConfigError(f"{layer.place(('extends',))}: 'extends' takes one file or profile name")
    return layer.over(
        _read(_locate(parent, path.parent, f"{layer.place(('extends',))}: extends: "), (*seen, path.resolve()))
    )


def _parse(path: Path) -> Layer:
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text) if node is not None else {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: a config is a mapping of sections, such as 'translate:'")
    return Layer(_without_empty(values), dict(_places(node, path, ())))


def _places(node: Any, path: Path, key: Key) -> Iterator[tuple[Key, str]]:
    if not isinstance(node, yaml.MappingNode):
        return
    names = set()
    for name, value in node.value:
        here = (*key, str(name.value))
        if name.value in names:
            raise ConfigError(f"{path}:{name.start_mark.line + 1}: '{'.'.join(here)}' is written twice")
        names.add(name.value)
        yield here, f"{path}:{name.start_mark.line + 1}"
        yield from _places(value, path, here)


def _without_empty(values: dict[Any, Any]) -> dict[str, Any]:
    """Leave out sections that say nothing (all their lines commented out)."""
    sections = {name for name, info in Settings.model_fields.items() if _is_section(info.annotation)}
    return {str(k): v for k, v in values.items() if not (v is None and k in sections)}


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _override(text: str) -> Layer:
    name, equals, value = text.partition("=")
    key = tuple(part.strip() for part in name.split("."))
    if not equals or not all(key):
        raise ConfigError(f"--set {text}: write it as section.key=value, such as translate.decoding.beam_size=6")
    try:
        values: Any = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {text}: the value is not valid YAML: {' '.join(str(error).split())}") from error
    for part in reversed(key):
        values = {part: values}
    return Layer(values, {key[: i + 1]: f"--set {text}" for i in range(len(key))})


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        merged[name] = _merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _validate(layer: Layer) -> Settings:
    try:
        return Settings.model_validate(_merge(Settings().model_dump(), layer.values))
    except ValidationError as error:
        lines = [_message(layer, e["loc"], e["type"], e["msg"], e["input"]) for e in error.errors(include_url=False)]
    raise ConfigError("\n".join(lines), "see `it2en config show` for every key and its default")


def _message(layer: Layer, location: tuple[int | str, ...], kind: str, message: str, value: Any) -> str:
    key = tuple(str(part) for part in location)
    name, place = ".".join(key), layer.place(key)
    if kind != "extra_forbidden":
        got = "" if kind == "minimum" else f" (got {value!r})"
        return f"{place}: {name}: {message[0].lower()}{message[1:]}{got}"
    near = nearest(key)
    return f"{place}: unknown key '{name}'" + (f"; did you mean '{near}'?" if near else "")


def nearest(key: Key) -> str:
    """The known key most like an unknown one, as a dotted name; '' when nothing is alike."""
    known = {".".join(k): k for k in keys()}
    siblings = {k[-1]: dotted for dotted, k in known.items() if k[:-1] == key[:-1]}
    found = difflib.get_close_matches(key[-1], siblings, 1, 0.6)
    if found:
        return siblings[found[0]]
    found = difflib.get_close_matches(key[-1], {k[-1] for k in known.values()}, 1, 0.75)
    homes = [k for k in known.values() if found and k[-1] == found[0]]
    closest: Key = max(homes, key=lambda home: _shared(home, key), default=())
    return ".".join(closest)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts two keys share at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def keys(model: type[BaseModel] = Settings, prefix: Key = ()) -> Iterator[Key]:
    """Every key there is, sections included, in order."""
    for name, info in model.model_fields.items():
        yield (*prefix, name)
        if _is_section(info.annotation):
            yield from keys(info.annotation, (*prefix, name))  # type: ignore[arg-type]
