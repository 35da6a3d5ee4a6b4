"""Text of files that settings name: a missing or unreadable one is an error that says which setting named it, and what to do."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from pipeline.errors import ConfigError


def text_of(path: Path, setting: str, also: str = "") -> str:
    """What a file that a setting (`translate.glossary`) names has in it; `also` goes before the advice on a missing one. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"{setting}: there is no file {path}",
            f"{also}paths are read from the folder that it2en is started in ({Path.cwd()}): correct or remove this one",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{setting}: {path} is not UTF-8: {error}", "save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(
            f"{setting}: {path} cannot be read: {error.strerror}", "it must be a file that you may read"
        ) from error


def xml_of(path: Path, setting: str) -> ElementTree.Element:
    """The root element of such a file. Raises ConfigError, also for one that declares entities, which are not read."""
    text = text_of(path, setting)
    if "<!ENTITY" in text:
        raise ConfigError(f"{setting}: {path} declares entities, which are not read")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ConfigError(f"{setting}: {path} is not valid XML: {error}") from error


def separator(text: str) -> str:
    """What separates the cells of a table: of tab, semicolon and comma the commonest in its first line, a comma where none is."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max("\t;,", key=lambda mark: (first.count(mark), mark == ","))


def is_header(cells: list[str]) -> bool:
    """Whether a row only names the languages of its first two cells."""
    return {cell.strip().lower() for cell in cells[:2]} in _HEADERS


_HEADERS = ({"source", "target"}, {"it", "en"}, {"italian", "english"}, {"italiano", "inglese"})


def local(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def language(element: ElementTree.Element) -> str:
    """The language that an element says it is in, without its country: 'it' of `xml:lang="it-IT"`, '' where it says none."""
    code = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "lang"), "")
    return code.lower().replace("_", "-").split("-")[0]
