"""Ways to spoil a good translation, one function each, as machine translation spoils them. Deterministic for a seed.

A function gets the English of a pair and what it needs of its neighbours, and gives the spoilt English, or None where there is
nothing to spoil (no number, no clause that could be dropped).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Sentences = Sequence[tuple[str, str]]
Spoil = Callable[[Sentences, int, Random], str | None]

_CLAUSE = re.compile(
    r"(?:^|(?<=[,;:–—)]\s)|(?<=\s)(?=(?:and|but|which|who|that|while|because|after|before|when|where)\s))"
)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d|(?<![\w.,])\d(?![\w])")
_NAME = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)*")
_NO_NAME = re.compile(
    r"(?:I|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|I[’']\w+)\Z"
)

_NOT = re.compile(r"\b(?:(?:do|does|did) not|cannot|not|never|no|nobody|nothing|without)\b|n[’']t\b", re.IGNORECASE)
_NO_NEGATION = re.compile(r"not (?:only|just|merely|simply|least)|no[. ]+\d|no doubt|No[.,!]", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"(?<=\w )(?:is|are|was|were|has|have|had|will|would|could|should|may|might|must|can)(?= [a-z])"
)

_TURNED = """rise fall, rises falls, rose fell, risen fallen, rising falling, increase decrease, increased decreased, increases decreases, increasing decreasing,
growth decline, grew shrank, more less, above below, before after, win lose, won lost, wins loses, winning losing, victory defeat, winner loser,
supported opposed, supporters opponents, opened closed, opens closes, accept reject,
accepted rejected, accepts rejects, approved rejected, convicted acquitted, guilty innocent, conviction acquittal, north south, northern southern,
east west, eastern western, buy sell, bought sold, buying selling, purchase sale, buyers sellers, first last, alive dead, ally enemy,
allies enemies, export import, exports imports, exported imported, arrived left, arrival departure, high low, higher lower,
highest lowest, large small, larger smaller, largest smallest, big small, day night, days nights, begin end, began ended, beginning end,
started ended, war peace, hot cold, warm cool, summer winter, rich poor, strong weak, stronger weaker, majority minority, maximum minimum,
allow forbid, allowed forbidden, allows forbids, legal illegal, possible impossible, advantage disadvantage, public private, positive negative,
success failure, inside outside, internal external, fast slow, quickly slowly, young old, new old,
long short, longer shorter, full empty, true false, safe dangerous, hired fired, built destroyed, attack defence, attacks defences,
men women, man woman, father mother, brother sister, son daughter, husband wife"""
OPPOSITES = {
    a: b
    for pair in _TURNED.replace("\n", " ").split(", ")
    for one, other in [pair.split()]
    for a, b in ((other, one), (one, other))
}
"""English words and what they become; where a word has several opposites, one of them."""
_OPPOSITE = re.compile(rf"(?<![-’'])\b(?:{'|'.join(OPPOSITES)})\b", re.IGNORECASE)


def clauses(text: str) -> list[tuple[int, int]]:
    """The stretches between commas, other marks and conjunctions."""
    starts = sorted({m.start() for m in _CLAUSE.finditer(text)} | {0})
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def drop_clause(pairs: Sentences, i: int, random: Random) -> str | None:
    """Without one clause of four words or more, of a fifth to two thirds of the sentence."""
    text = pairs[i][1]
    words = len(text.split())
    fit = [
        (s, e)
        for s, e in clauses(text)
        if len(text[s:e].split()) >= 4 and 0.2 <= len(text[s:e].split()) / words <= 0.67
    ]
    if not fit:
        return None
    s, e = random.choice(fit)
    kept = (text[:s].rstrip(" ,;:–—") + " " + text[e:]).strip() if s else text[e:]
    kept = kept.strip()
    if kept[-1:] not in '.!?”"' and text[-1:] in ".!?":
        kept = kept.rstrip(" ,;:–—") + text[-1]
    return kept[:1].upper() + kept[1:]


def change_number(pairs: Sentences, i: int, random: Random) -> str | None:
    """With another digit in one of the numbers."""
    text = pairs[i][1]
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = random.choice(found)
    at = random.choice([k for k in range(*match.span()) if text[k].isdigit()])
    other = random.choice([d for d in "123456789" if d != text[at]])
    return text[:at] + other + text[at + 1 :]


def repeat(pairs: Sentences, i: int, random: Random) -> str | None:
    """With three to eight words said again, once to three times."""
    words = pairs[i][1].split()
    if len(words) < 6:
        return None
    size = random.randint(3, min(8, len(words) - 2))
    start = random.randrange(len(words) - size)
    stretch = words[start : start + size]
    return " ".join(words[: start + size] + stretch * random.randint(1, 3) + words[start + size :])


def truncate(pairs: Sentences, i: int, random: Random) -> str | None:
    """Broken off after two fifths to four fifths of the words."""
    words = pairs[i][1].split()
    if len(words) < 8:
        return None
    return " ".join(words[: round(len(words) * random.uniform(0.4, 0.8))])


def swap(pairs: Sentences, i: int, random: Random) -> str | None:
    """The English of the next sentence."""
    return pairs[i + 1][1] if i + 1 < len(pairs) and pairs[i + 1][1] != pairs[i][1] else None


def leave_italian(pairs: Sentences, i: int, random: Random) -> str | None:
    """Not translated at all."""
    return pairs[i][0] if len(pairs[i][0].split()) >= 4 else None


def invent(pairs: Sentences, i: int, random: Random) -> str | None:
    """With a clause of five words or more from a sentence far away put in at a clause boundary."""
    text = pairs[i][1]
    far = pairs[(i + len(pairs) // 2 + random.randrange(40)) % len(pairs)][1]
    fit = [far[s:e].strip(' .,;:–—?!”“"') for s, e in clauses(far) if 5 <= len(far[s:e].split()) <= 15]
    if not fit or len(text.split()) < 5:
        return None
    clause = random.choice(fit)
    at = random.choice([e for _, e in clauses(text)])
    if at == len(text):
        mark = text[-1] if text[-1:] in ".!?" else ""
        return text[: len(text) - len(mark)] + ", " + clause + mark
    return text[:at].rstrip(" ,") + ", " + clause + ", " + text[at:]


def drop_name(pairs: Sentences, i: int, random: Random) -> str | None:
    """Without one name: words with capitals within the sentence, spelled the same in the Italian and said once."""
    source, text = pairs[i]
    found = [
        m for m in _NAME.finditer(text) if not _NO_NAME.match(m[0]) and text.count(m[0]) == source.count(m[0]) == 1
    ]
    if not found:
        return None
    match = random.choice(found)
    return re.sub(r" +([,.;:]|$)", r"\1", re.sub(r"  +", " ", text[: match.start()] + text[match.end() :])).strip()


def drop_not(pairs: Sentences, i: int, random: Random) -> str | None:
    """Without one negation: `has not signed` becomes `has signed`, `never` goes, `no` becomes `a`."""
    text = pairs[i][1]
    found = [m for m in _NOT.finditer(text) if not _NO_NEGATION.match(text, m.start())]
    if not found:
        return None
    match = random.choice(found)
    instead = {"cannot": "can", "no": "a", "nobody": "somebody", "nothing": "something", "without": "with"}
    left = instead.get(match[0].lower(), "")
    start = match.start() - (not left and text[match.start() - 1 : match.start()] == " ")
    kept = text[:start] + left + text[match.end() :]
    return (kept[:1].upper() + kept[1:]).strip()


def add_not(pairs: Sentences, i: int, random: Random) -> str | None:
    """With a `not` behind an auxiliary that has none."""
    text = pairs[i][1]
    found = [m for m in _AUXILIARY.finditer(text) if not _NOT.search(text, max(0, m.start() - 25), m.end() + 25)]
    if not found:
        return None
    at = random.choice(found).end()
    return text[:at] + " not" + text[at:]


def turn_round(pairs: Sentences, i: int, random: Random) -> str | None:
    """With one word that became its opposite."""
    text = pairs[i][1]
    found = list(_OPPOSITE.finditer(text))
    if not found:
        return None
    match = random.choice(found)
    other = OPPOSITES[match[0].lower()]
    return text[: match.start()] + (other.capitalize() if match[0][0].isupper() else other) + text[match.end() :]


KINDS: dict[str, tuple[Spoil, frozenset[str]]] = {
    "a clause dropped": (drop_clause, frozenset({"missing_clause"})),
    "a number changed": (change_number, frozenset({"numbers"})),
    "words repeated": (repeat, frozenset({"repetition"})),
    "broken off": (truncate, frozenset({"missing_clause", "broken_off"})),
    "sentences swapped": (swap, frozenset({"swapped", "unrelated"})),
    "left in Italian": (leave_italian, frozenset({"copied", "wrong_language"})),
    "a clause invented": (invent, frozenset({"extra_text"})),
    "a name dropped": (drop_name, frozenset({"names"})),
    "a negation dropped": (drop_not, frozenset({"negation"})),
    "a negation put in": (add_not, frozenset({"negation"})),
    "a word turned round": (turn_round, frozenset({"opposite"})),
}
"""What is done to a translation: how, and the flags that are meant to tell."""
