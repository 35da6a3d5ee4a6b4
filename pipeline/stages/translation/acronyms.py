"""Acronyms of the source that a target garbles by a letter: the 'IBI' for the FBI, the 'UNHS', 'theLSU'.

What has another letter in it may be the English for it (DDR, GDR) and what has the same letters in another order very often is (ONG, NGO): such are put
right only where English is known to have the acronym as Italian has it (`acronyms.txt`). One letter too many, or an article run into it, says enough.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from pipeline.stages.detection.lexicon import as_name, function_words, shipped, stem, titles
from pipeline.stages.detection.names import is_capitalised
from pipeline.stages.detection.words import spoken, without_addresses
from pipeline.stages.translation.spelling import LONGEST, Place, is_english, spelt_in_one_way

_THREE = re.compile(r"[A-Z][A-Z][A-Z]")  # few sources have an acronym, and this is soon told
_ACRONYM = re.compile(r"(?<![^\W_])[A-Z]{3,6}(?![^\W_])")
_CAPITALS = re.compile(r"(?<![^\W_])(?<!['’])(?:the|The)?[A-Z]{3,7}(?![^\W_])|(?<![^\W_'’])[A-Z]{2,}s(?![^\W_])")
_ROMAN = re.compile(r"[IVXLCDM]+\Z")
_ARTICLE = re.compile(r"[Tt]he(?=[A-Z])")


def garbled_acronyms(source: str, target: str, fixed: Collection[str] = frozenset()) -> list[Place]:
    """(start, end, what belongs there) of every garbled acronym of the target, in order; `fixed` as for `misspelt_names`.

    Left alone are a source in capitals or Title Case, an acronym garbled in two ways, and a word that two acronyms may be.
    """
    if not _THREE.search(source) or max(len(source), len(target)) > LONGEST:
        return []
    source, target = without_addresses(source), without_addresses(target)
    there = frozenset(spoken(target))
    missing = {word for word in _ACRONYM.findall(source) if word.lower() not in there and _is_acronym(word)}
    if not missing or is_capitalised(source):
        return []
    here = frozenset(spoken(source))
    found = [
        (m.start(), m.end(), meant[0])
        for m in _CAPITALS.finditer(target)
        if m[0].lower() not in here and m[0].lower() not in fixed
        if len(meant := [after for name in missing if (after := _put_right(m[0], name))]) == 1
    ]
    return spelt_in_one_way(found, target)


def _is_acronym(word: str) -> bool:
    """Whether a word in capitals is an acronym that may stay as it is, not one with an English form or a word said aloud."""
    if word in same_in_english():
        return True
    root, known = stem(word, "it"), shipped()
    is_known = known.english.get(root) or root in known.doubt_it or as_name(root) in known.doubt_it
    return not (is_known or root in titles() or word.lower() in function_words("it") or _ROMAN.match(word))


def _put_right(word: str, name: str) -> str | None:
    """What is to stand for the word if it is the acronym garbled."""
    if article := _ARTICLE.match(word):
        return f"{article[0]} {name}" if word[3:] == name else None
    if word in same_in_english() or is_english(word):
        return None
    if word.isupper() and _is_one_more(word, name):
        return name
    return name if name in same_in_english() and _is_one_other(word, name) else None


def _is_one_more(word: str, name: str) -> bool:
    """Whether a letter too many is all that is wrong: KTUUU, UNHS. With an S behind it, it may be another one (HTTP, HTTPS)."""
    is_longer = len(word) == len(name) + 1 and word != f"{name}S"
    return is_longer and any(word[:i] + word[i + 1 :] == name for i in range(len(word)))


def _is_one_other(word: str, name: str) -> bool:
    """Whether one letter is another (IBI, and USs with the s of a plural), or two that are neighbours have changed places (EUFA)."""
    if len(word) != len(name):
        return False
    at = [i for i, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
    swapped = len(at) == 2 and at[1] == at[0] + 1 and word[at[0]] == name[at[1]] and word[at[1]] == name[at[0]]
    return len(at) == 1 or swapped


@lru_cache(maxsize=1)
def same_in_english() -> frozenset[str]:
    """The acronyms that English writes as Italian does, of those that are listed."""
    text = Path(__file__).with_name("acronyms.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
