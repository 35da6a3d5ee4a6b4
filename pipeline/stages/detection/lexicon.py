"""A small Italian-English lexicon of stems, made from the texts that were written for this project, and what counts as a cognate.

It serves to ask whether a word has any support on the other side, not to translate. `benchmarks/lexicon.py` makes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_ENDINGS_IT = re.compile(
    r"(?:(?:issim[oaie]|mente|amente)|(?:er|ar|ir)(?:anno|ebbero|ebbe|à|ò)|(?:av|ev|iv)(?:ano|a|o)|"
    r"(?:a|e|i)(?:rono|sse|ssero)|(?:at|it|ut)[oaie]|(?:and|end)o|(?:ant|ent)[ei]|(?:ar|er|ir|r)(?:e|si|lo|la|li|le|ne|ci)|"
    r"[ei]?(?:ano|ono)|i[oaie]|h[ei]|[oaieàèéìòùu])\Z"
)
_ENDINGS_EN = re.compile(r"(?:ies|ied|ing|ings|edly|ed|er|ers|ly|es|s|y|e)\Z")
_ALIKE = (
    ("zione", "tion"),
    ("zioni", "tion"),
    ("ph", "f"),
    ("th", "t"),
    ("ch", "c"),
    ("ck", "c"),
    ("qu", "c"),
    ("kh", "c"),
    ("sh", "sc"),
)
_ALIKE_LETTERS = str.maketrans("kqyjxwz", "cciisvt", "h")
_DOUBLED = re.compile(r"(.)\1")
COGNATE = 4
"""Letters at the head that two words must share, once spelled alike, to count as cognates."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """`english[stem]` are the English stems of an Italian one, `italian` the reverse.

    `doubt_it` and `doubt_en`: how often a stem has no support in a good translation all the same, 0 to 1; that of names stands
    under `as_name(stem)`, since the alliance NATO has nothing to do with 'nato', born.
    """

    english: Mapping[str, frozenset[str]]
    italian: Mapping[str, frozenset[str]]
    doubt_it: Mapping[str, float]
    doubt_en: Mapping[str, float]


def as_name(stem: str) -> str:
    """A stem as the lexicon has it of names."""
    return stem.capitalize()


def folded(word: str) -> str:
    """In lower case and without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """A word without its inflection, roughly; at least three letters stay."""
    plain = _irregular(language).get(word.lower(), word.lower())
    if len(plain) < 4 or plain.isdigit():
        return folded(plain)
    endings = _ENDINGS_IT if language == "it" else _ENDINGS_EN
    match = endings.search(plain, 3)
    cut = folded(plain[: match.start()] if match else plain)
    return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] else cut


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """A word's letters as both languages might spell them: filosofia and philosophy begin alike."""
    plain = folded(word)
    for spelled, alike in _ALIKE:
        plain = plain.replace(spelled, alike)
    return _DOUBLED.sub(r"\1", plain.translate(_ALIKE_LETTERS))


@lru_cache(maxsize=2)
def function_words(language: str) -> frozenset[str]:
    """The words that carry grammar rather than matter."""
    sections = _sections("function_words.txt")
    return frozenset(w for line in sections[language] + sections[f"{language}-more"] for w in line.split())


@lru_cache(maxsize=2)
def telling_words(language: str) -> frozenset[str]:
    """The function words that only this language has."""
    other = "en" if language == "it" else "it"
    mine = frozenset(w for line in _sections("function_words.txt")[language] for w in line.split())
    return mine - function_words(other)


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """The stems of Italian words for offices, bodies and works, which are no names though they are written like them."""
    return frozenset(stem(w, "it") for line in _sections("function_words.txt")["titles"] for w in line.split())


@lru_cache(maxsize=2)
def _irregular(language: str) -> dict[str, str]:
    """The dictionary form of forms that endings do not lead back to it."""
    lines = (line.split() for line in _sections("irregular.txt")[language])
    return {form: first for first, *forms in lines for form in forms}


@lru_cache(maxsize=1)
def everyday() -> dict[str, frozenset[str]]:
    """English stems by Italian stem, of the everyday words that are listed by hand."""
    found: dict[str, set[str]] = {}
    for line in _sections("everyday.txt", "words")["words"]:
        italian, english = line.split(":")
        stems = {stem(w, "en") for w in english.split()}
        for word in italian.split():
            found.setdefault(stem(word, "it"), set()).update(stems)
    return {key: frozenset(stems) for key, stems in found.items()}


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon beside this module."""
    return read((Path(__file__).with_name("lexicon.txt")).read_text(encoding="utf-8"))


def read(text: str) -> Lexicon:
    """A lexicon from its file: in [pairs] `stem doubt translations`, in [english] `stem doubt`; doubts in per cent."""
    english: dict[str, frozenset[str]] = {}
    italian: dict[str, set[str]] = {}
    doubts: dict[str, dict[str, float]] = {"pairs": {}, "english": {}}
    for name, lines in parsed(text).items():
        for line in lines:
            key, doubt, *others = line.split()
            if doubt != "-":  # a word of the phrases only, whose use in sentences was not seen
                doubts[name][key] = int(doubt) / 100
            if name == "pairs":
                english[key] = frozenset(others)
    for key, more in everyday().items():
        english[key] = english.get(key, frozenset()) | more
    for key, words in english.items():
        for word in words:
            italian.setdefault(word, set()).add(key)
    return Lexicon(english, {k: frozenset(v) for k, v in italian.items()}, doubts["pairs"], doubts["english"])


def _sections(name: str, first: str = "") -> dict[str, list[str]]:
    return parsed(Path(__file__).with_name(name).read_text(encoding="utf-8"), first)


def parsed(text: str, first: str = "") -> dict[str, list[str]]:
    """The lines of a data file by section, of which `first` needs no header; comments and blank lines left out."""
    current: list[str] = []
    sections = {first: current} if first else {}
    for line in text.splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return sections
