"""Names that a target garbles beyond likeness, where the names beside them settle it: 'Yessa May' for Theresa May, 'HughGackman' for Hugh Jackman.

A word is a garbled name where a neighbour of the name stands beside it as in the source, and nothing else there can be meant: no English word, nothing of the source,
and no other form of the name (Vladimirovič, Vladimirovich). Between two neighbours that is enough; with one, the word must begin or end like the name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from pipeline.stages.detection.lexicon import function_words, stem, titles
from pipeline.stages.detection.names import is_capitalised
from pipeline.stages.detection.words import WORD, spoken, without_addresses
from pipeline.stages.translation.spelling import (
    FOREIGN,
    LONGEST,
    Place,
    bare,
    is_strange,
    kept_names,
    sound,
    spelt_in_one_way,
)

Words = Sequence[re.Match[str]]
_GAP = re.compile(r" (?:& )?\Z")
_VOWELS = re.compile(r"[aeiouy]")
_APOSTROPHES = ("'", "’")
SHORTEST = 3  # letters of a name, of its neighbour and of the word that is it garbled
HEAD, TAIL, TOGETHER = 2, 2, 3
"""Letters that a word with one neighbour shares with the name at its head or tail, and those of a second name at the end of one that two were run into."""


def names_by_neighbours(source: str, target: str, fixed: Collection[str] = frozenset()) -> list[Place]:
    """(start, end, what belongs there) of every garbled name that its neighbours settle, in order; `fixed` as for `misspelt_names`.

    Left alone are a source in capitals or Title Case, a name garbled in two ways, and a word that may be two names.
    """
    if max(len(source), len(target)) > LONGEST or not _missing(kept_names(source), target):
        return []  # soon told of most
    source, target = without_addresses(source), without_addresses(target)
    missing = _missing(kept_names(source), target)
    if not missing or is_capitalised(source):
        return []
    here = frozenset((*fixed, *map(bare, spoken(source))))
    words = list(WORD.finditer(target))
    strange = {i for i, m in enumerate(words) if m[0][0].isupper() and _is_strange_there(m, here)}
    if not strange:
        return []
    names = list(WORD.finditer(source))
    together = list(_run_together(names, words, strange))
    alone = strange - {k for k, _ in together}
    found = {
        (words[k].start(), words[k].end(), name) for k, name in (*together, *_anchored(names, missing, words, alone))
    }
    meanings = Counter(start for start, _, _ in found)
    return [place for place in spelt_in_one_way(sorted(found), target) if meanings[place[0]] == 1]


def _missing(names: Collection[str], target: str) -> frozenset[str]:
    """The names that stand nowhere in the target, accents apart."""
    words = spoken(target)
    missing = [name for name in names if name.lower() not in words]
    return frozenset(name for name in missing if bare(name) not in map(bare, words))


def _is_strange_there(word: re.Match[str], here: frozenset[str]) -> bool:
    """Whether a word of the target is neither of the source nor English, and no piece of one with an apostrophe."""
    if len(word[0]) < SHORTEST or word[0].isupper() or not word[0].isalpha():
        return False
    text, start, end = word.string, word.start(), word.end()
    is_piece = text[max(0, start - 1) : start] in _APOSTROPHES or (
        text[end : end + 1] in _APOSTROPHES and text[end + 1 : end + 3].rstrip() != "s"
    )
    is_no_word = is_strange(word[0]) or not _VOWELS.search(word[0].lower())
    return not is_piece and here.isdisjoint((bare(word[0]), word[0].lower())) and is_no_word


def _anchored(
    names: Words, missing: Collection[str], words: Words, strange: Collection[int]
) -> Iterator[tuple[int, str]]:
    """(which word, the name that it is) where a name's neighbour stands beside a strange word."""
    for i, name in enumerate(names):
        sides = [step for step in (-1, 1) if name[0] in missing and _is_neighbour(names, i, step)]
        for k in strange if sides else ():
            same = [step for step in sides if _is_beside(names, i, words, k, step)]
            if (
                same
                and not _has_another(names, words, k, same, strange)
                and _is_garbled(name[0], words[k][0], len(same) == 2)
            ):
                yield k, name[0]


def _is_neighbour(words: Words, at: int, step: int) -> bool:
    """Whether there is a name beside a word of the source that may anchor it."""
    if not (0 <= at + step < len(words) and _joined(words, at, step)):
        return False
    word = words[at + step][0]
    return _is_name(word) and word.lower() not in function_words("it")


def _is_beside(names: Words, name: int, words: Words, word: int, step: int) -> bool:
    """Whether the word has the neighbour beside it that the name has, in the same way."""
    return (
        0 <= word + step < len(words)
        and words[word + step][0] == names[name + step][0]
        and _joined(words, word, step) == _joined(names, name, step)
    )


def _has_another(names: Words, words: Words, word: int, same: Sequence[int], strange: Collection[int]) -> bool:
    """Whether a name of the source stands on the other side that does not belong there, so that something between them is lost ('Cardi Bhawn Mendes').

    Or another strange word, so that the name is in several words, of which one is not it all ('Nay Pyi Taw').
    """
    if len(same) == 2 or not 0 <= word - same[0] < len(words) or not _joined(words, word, -same[0]):
        return False
    if word - same[0] in strange:
        return True
    other = words[word - same[0]][0]
    return stem(other, "it") not in titles() and any(name[0] == other for name in names) and other[0].isupper()


def _joined(words: Words, at: int, step: int) -> str:
    """What joins a word to the next or the last, if that makes them one name: a space, or '&'. Else nothing."""
    one, other = sorted((at, at + step))
    between = words[one].string[words[one].end() : words[other].start()]
    return between if _GAP.match(between) else ""


def _is_garbled(name: str, word: str, is_between: bool) -> bool:
    """Whether the word can be the name garbled, and is no other form of it nor short for it (Bros, Chris)."""
    one, other = bare(name), bare(word)
    is_short_for_it = one.startswith(other.rstrip("s")) or one.endswith(other)
    if _consonants(name) == _consonants(word) or other.startswith(one) or is_short_for_it:
        return False
    shares_head, shares_tail = one[:HEAD] == other[:HEAD], one[-TAIL:] == other[-TAIL:]
    if not FOREIGN.search(name):
        return is_between and not shares_head
    return is_between or shares_tail or (shares_head and one[-1] == other[-1])


def _consonants(word: str) -> str:
    """A word's consonants by their sounds, which most transcriptions of a name have in common: Jurij, Yuri."""
    return _VOWELS.sub("", sound(word))


def _run_together(names: Words, words: Words, strange: Collection[int]) -> Iterator[tuple[int, str]]:
    """(which word, the two names) where two that are missing have become one word: the whole of the first, and the end of the second."""
    lacking = Counter(name[0] for name in names) - Counter(word[0] for word in words)
    for at, (first, second) in enumerate(pairwise(name[0] for name in names)):
        if not (
            _is_name(first) and _is_name(second) and {first, second} <= lacking.keys() and _joined(names, at, 1) == " "
        ):
            continue
        for k in strange:
            if _is_run_together(first, second, words[k][0]):
                yield k, f"{first} {second}"


def _is_run_together(first: str, second: str, word: str) -> bool:
    """Whether the word is both names garbled, and not the two as one name (YouTube, Abdelfatah)."""
    whole, other = bare(first + second), bare(word)
    has_capital = word[len(first) : len(first) + 1].isupper()
    is_one_name = whole == other if has_capital else _consonants(whole) == _consonants(word)
    return other.startswith(bare(first)) and other.endswith(whole[-TOGETHER:]) and not is_one_name


def _is_name(word: str) -> bool:
    return word[0].isupper() and not word.isupper() and len(word) >= SHORTEST and stem(word, "it") not in titles()
