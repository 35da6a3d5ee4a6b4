"""Names that a target spells otherwise than its source: 'Masachusetts'. A model that knows a name by halves spells it by ear.

A name is put right only where nothing else can be meant: the lexicon has no English for it, the target has it nowhere, and one
capitalised word there, which is neither English nor in the source, is nearly the same. Exonyms (Encelado, Enceladus), transcriptions
(Cernobyl, Chernobyl), plurals and what is derived from a name (Boston, Bostonian) are no misspellings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.stages.detection.lexicon import folded, function_words, shipped, skeleton, stem, titles
from pipeline.stages.detection.names import is_capitalised, may_open_a_sentence
from pipeline.stages.detection.words import ByWord, spoken, without_addresses

Place = tuple[int, int, str]
"""Start and end of a word in a target, and what belongs there."""
LIKE = 0.6
"""The ratio of likeness (difflib) from which on one word is the other misspelt."""
LONGEST = 10_000  # characters of a text that is looked at: time goes by the square of its names
_WITH_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ](?<![^\W_].)[^\W_]{2,}(?![^\W_])", re.DOTALL)
"""A word with a capital, or with a letter that may be one. Shorter names say too little."""
_APOSTROPHE = re.compile(r"['’](?!s\b)\w")
FOREIGN = re.compile(r"[kwxyj]|th|sh|ph|ck|oo|ee|[^aeiouàèéìòù]\Z", re.IGNORECASE)
_TRANSLITERATED = re.compile(r"[žšč]|ij\Z|yj\Z|ëv\Z", re.IGNORECASE)
"""Slavonic names as Italian writes them: Nižinskij is Nijinsky."""
_DERIVED = re.compile(r"(?:[^s]s|[ie]ans?)\Z")
_REPEATED = re.compile(r"(.)\1+")
_SOUNDS = (("sc", "s"), ("tc", "c"), ("ts", "c"), ("cs", "s"))
_BARRED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def misspelt_names(source: str, target: str, fixed: Collection[str] = frozenset()) -> list[Place]:
    """(start, end, the name as the source has it) of every misspelling in the target, in order.

    `fixed` are words, in lower case, that stand in the target on purpose, such as a glossary's. A name that is misspelt in two ways is left alone, and so
    is a source in capitals or Title Case, where a capital makes no name.
    """
    if max(len(source), len(target)) > LONGEST:
        return []
    source, target = without_addresses(source), without_addresses(target)
    kept = kept_names(source)
    strange = [m for m in _WITH_CAPITAL.finditer(target) if _STRANGE[m[0]]] if kept else []
    if not strange or is_capitalised(source):
        return []
    here, there = (frozenset(map(bare, spoken(text))) for text in (source, target))
    names = [name for name in kept if bare(name) not in there]
    found = [
        (m.start(), m.end(), name)
        for m in strange
        if bare(m[0]) not in here and m[0].lower() not in fixed
        if target[m.start() - 1 : m.start()] not in tuple("'’") and not _APOSTROPHE.match(target, m.end())
        if (name := _meant(m[0], names))
    ]
    return spelt_in_one_way(found, target)


def spelt_in_one_way(found: Sequence[Place], target: str) -> list[Place]:
    """Those whose name is garbled in but one way in the target: of two, either may be something else."""
    spellings = {(name, target[start:end]) for start, end, name in found}
    ways = Counter(name for name, _ in spellings)
    return [one for one in found if ways[one[2]] == 1]


@lru_cache(maxsize=64)  # names garbled beyond likeness are looked for as well
def kept_names(source: str) -> tuple[str, ...]:
    """The names of a source that English writes as Italian does, as far as the lexicon knows."""
    words = [
        m[0]
        for m in _WITH_CAPITAL.finditer(source)
        if _NAMES[m[0]] and (FOREIGN.search(m[0]) or not may_open_a_sentence(source, m.start()))
    ]
    return tuple(dict.fromkeys(words))


def _has_no_english(word: str) -> bool:
    """Whether an Italian word is written as a name, in capitals no more than its first letter, and English has no other for it, as far as one can tell."""
    root = stem(word, "it")
    is_name = word[0].isupper() and not word.isupper() and not _TRANSLITERATED.search(word)
    return is_name and not shipped().english.get(root) and root not in titles()


_NAMES = ByWord(_has_no_english)


def is_strange(word: str) -> bool:
    """Whether a word of the target has a capital and is none that English is known to have."""
    return word[0].isupper() and not is_english(word)


def is_english(word: str) -> bool:
    """Whether the lexicon knows a word as English."""
    root, known = stem(word, "en"), shipped()
    return root in known.italian or root in known.doubt_en or word.lower() in function_words("en")


_STRANGE = ByWord(is_strange)


def _meant(word: str, names: Collection[str]) -> str | None:
    """The name that a strange word misspells; None where there is none, or more than one that is as like."""
    likeness = {name: _likeness(name, word) for name in names if bare(name)[0] == bare(word)[0]}
    best = max(likeness.values(), default=0.0)
    meant = [name for name, like in likeness.items() if like == best]
    return meant[0] if best >= LIKE and len(meant) == 1 else None


def _likeness(name: str, word: str) -> float:
    """How far a word is the name misspelt, by difflib's ratio; 0 where it may be English for it, or another word.

    Names that look Italian often have an English form, which differs in its ending or in how a sound is spelt; others have none.
    """
    one, other = bare(name), bare(word)
    doubled = _REPEATED.sub(r"\1", one) == _REPEATED.sub(r"\1", other)
    if doubled:
        is_another_form = not FOREIGN.search(name)
    else:
        tail = other[len(one) :]
        is_another_form = (
            (other.startswith(one) and not one.endswith(tail))
            or one == f"{other}s"
            or (one[:-1] == other and one[-1] in "aeio")
            or (_DERIVED.search(other) is not None and _DERIVED.search(one) is None)
            or name.lower().translate(_UMLAUTS) == word.lower()
            or sound(name) == sound(word)
            or (not FOREIGN.search(name) and one[-1] != other[-1])
        )
    return 0.0 if is_another_form else SequenceMatcher(None, one, other, autojunk=False).ratio()


def bare(word: str) -> str:
    """In lower case, without accents, bars and ligatures: Søren and Soren are one name."""
    return folded(word).translate(_BARRED)


def sound(word: str) -> str:
    """A word by its sounds, roughly: Šostakovič, Sostakovic and Shostakovich are one."""
    heard = skeleton(bare(word))
    for spelt, sound in _SOUNDS:
        heard = heard.replace(spelt, sound)
    return _REPEATED.sub(r"\1", heard)
