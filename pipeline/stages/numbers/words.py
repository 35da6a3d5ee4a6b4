"""Number words of Italian and English: cardinals, magnitudes, ordinals and the like, months. Data and its derivation only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Language = Literal["it", "en"]

# Where a word stands in its list is what it is worth.
_NAMES = {
    "it_units": """
        zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici
        diciassette diciotto diciannove
        """,
    "it_tens": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "it_months": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it_ordinals": "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
    "en_units": """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen
        """,
    "en_tens": "twenty thirty forty fifty sixty seventy eighty ninety",
    "en_months": "January February March April May June July August September October November December",
    "en_ordinals": """
        first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
        """,
}
_IT_UNITS, _IT_TENS, _IT_MONTHS, _IT_ORDINALS, _EN_UNITS, _EN_TENS, _EN_MONTHS, _EN_ORDINALS = (
    words.split() for words in _NAMES.values()
)


@dataclass(frozen=True)
class Table:
    """One language's number words, in lower case but for the months of English.

    `firm` are words that take no magnitude (ordinals above ten, 'hundreds'); `ordinals` are those of units in English.
    `loose` are words that may stand for a number but need not (ordinals, dozens, 'both'): they explain, and never accuse.
    `half` is what follows in 'two and a half', `ones` are articles that count one before a magnitude. `group` and `point` are
    the marks between thousands and before decimals.
    """

    group: str
    point: str
    cardinals: dict[str, int]
    magnitudes: dict[str, int]
    firm: dict[str, str]
    loose: dict[str, tuple[str, ...]]
    months: dict[str, int]
    ones: frozenset[str]
    half: tuple[str, ...]
    ordinals: dict[str, int]

    @cached_property
    def counting(self) -> frozenset[str]:
        """The words that make a number count, in lower case: one without any of them is loose; compounds with mila or mille apart."""
        return frozenset({*self.cardinals, *self.magnitudes, *self.firm, *(name.lower() for name in self.months)})

    @cached_property
    def telling(self) -> frozenset[str]:
        """All words that a number can begin with, in lower case; compounds with mila or mille apart."""
        months = (name.lower() for name in self.months)
        return frozenset({*self.cardinals, *self.firm, *self.loose, *months, *self.ones, "mezzo", "half", "hundred"})


def _below_hundred() -> dict[str, int]:
    """Italian cardinals from 0 to 99, with the forms cut short before a noun (ventun) and the accented tre (ventitré)."""
    words = {word: n for n, word in enumerate(_IT_UNITS)}
    for tens, word in enumerate(_IT_TENS, 2):
        words[word] = 10 * tens
        for unit, name in enumerate(_IT_UNITS[1:10], 1):
            stem = word[:-1] if name[0] in "uo" else word
            words[stem + name] = 10 * tens + unit
        words[word[:-1] + "un"] = 10 * tens + 1
        words[word + "tré"] = 10 * tens + 3
    return words


def _italian_cardinals() -> dict[str, int]:
    """Italian cardinals from 0 to 999, and mille."""
    small = _below_hundred()
    words = dict(small)
    for hundred, name in enumerate(["", "", *_IT_UNITS[2:10]]):
        if hundred == 0:
            continue
        head = f"{name}cento"
        words[head] = 100 * hundred
        for word, value in small.items():
            if value:
                words[head + word] = 100 * hundred + value
                if word[0] == "o":
                    words[head[:-1] + word] = 100 * hundred + value
    return words | {"mille": 1000}


def italian_thousands(word: str, cardinals: dict[str, int]) -> int | None:
    """The value of a compound with mila or mille in it (tremilacinquecento, milleduecento), or None."""
    head, mila, tail = word.partition("mila")
    if not mila:
        head, mille, tail = word.partition("mille")
        if not mille or head:
            return None
    thousands = cardinals.get(head) if mila else 1
    if thousands and (not tail or tail in cardinals):
        return 1000 * thousands + cardinals.get(tail, 0)
    return None


def _italian_ordinals() -> dict[str, tuple[str, ...]]:
    """Italian ordinals up to 99th in all four endings."""
    stems = {word[:-1]: n for n, word in enumerate(_IT_ORDINALS, 1)}
    for word, n in _below_hundred().items():
        if n > 10:
            stems[(word if word.endswith(("tré", "tre", "sei")) else word[:-1]).replace("é", "e") + "esim"] = n
    return {stem + ending: (str(n),) for stem, n in stems.items() for ending in "oaie"}


def _readings(lines: str) -> dict[str, tuple[str, ...]]:
    """Lines of 'readings: words' as word to readings."""
    rows = [line.split(":") for line in lines.strip().splitlines()]
    return {word: tuple(values.split()) for values, words in rows for word in words.split()}


_IT_FIRM: dict[str, str] = {
    **{word: value for word, (value,) in _italian_ordinals().items() if int(value) > 10 and word[-1] != "i"},
    **{f"{t[:-1]}ina": str(10 * n) for n, t in enumerate(_IT_TENS, 2) if n != 3},
    **{
        (word if word.endswith(("tre", "sei")) else word[:-1]) + ending: str(n)
        for word, n in _below_hundred().items()
        for ending in ("enne", "enni")
        if n > 10
    },
    **{
        "decine": "tens",
        "centinaia": "hundreds",
        "migliaia": "thousands",
        "milioni": "millions",
        "miliardi": "billions",
    },
}
_EN_FIRM: dict[str, str] = {
    **{word: str(n) for n, word in enumerate(_EN_ORDINALS, 1) if n > 10},
    **{t[:-1] + "ieth": str(10 * n) for n, t in enumerate(_EN_TENS, 2)},
    **dict.fromkeys(["tens", "dozens"], "tens"),
    **{word: word for word in ("hundreds", "thousands", "millions", "billions")},
}

_IT_LOOSE: dict[str, tuple[str, ...]] = {
    **_italian_ordinals(),
    "trentina": ("30",),  # an adjective, too
    **_readings(
        """
        0: nessuno nessuna nessun
        0 12 24: mezzanotte
        0.5 30: mezzo mezza
        0.5 50: metà
        1: un uno una unico unica singolo singola
        2: entrambi entrambe ambedue coppia coppie paio doppio doppia duplice biennio gemelli
        3: triplo tripla triplice trio
        3 4: trimestre
        10: decina decennio
        12: dozzina mezzogiorno
        15: quindicina
        15 M8: ferragosto
        18: minorenne minorenni maggiorenne maggiorenni
        100: centinaio secolo
        1000: migliaio millennio
        """
    ),
}

_EN_LOOSE: dict[str, tuple[str, ...]] = {
    **{word: (str(n),) for n, word in enumerate(_EN_ORDINALS, 1)},
    **{t[:-1] + "ies": (str(10 * n), str(1900 + 10 * n)) for n, t in enumerate(_EN_TENS, 2)},
    **_readings(
        """
        0: no none
        0 12 24: midnight
        0.5 30 50 1/2: half
        1: a an single once only sole
        2: both couple pair twice double twin twins duo second
        3: triple thrice trio
        3 4 25 0.25: quarter
        10: decade
        12: dozen noon midday
        14 15: fortnight
        18: minor minors teenager
        100: century
        1000: millennium
        """
    ),
}


def _magnitudes(words: str) -> dict[str, int]:
    """'million mn:6' as word to power of ten."""
    found: dict[str, int] = {}
    waiting: list[str] = []
    for word in words.split():
        name, _, zeros = word.partition(":")
        waiting.append(name)
        if zeros:
            found |= dict.fromkeys(waiting, 10 ** int(zeros))
            waiting = []
    return found


_IT_CARDINALS = _italian_cardinals()
ELIDED = {w[:-1]: n for w, n in _IT_CARDINALS.items() if w in _IT_TENS or w.endswith("cento")}
"""Italian cardinals in front of an apostrophe: `trent'anni`, `cent'ore`."""

TABLES: dict[Language, Table] = {
    "it": Table(
        ".",
        ",",
        {w: n for w, n in _IT_CARDINALS.items() if w != "uno"} | ELIDED,
        _magnitudes(
            "mila mille migliaia:3 milione milioni mln:6 miliardo miliardi mld:9 bilione bilioni trilione trilioni:12"
        ),
        _IT_FIRM,
        _IT_LOOSE,
        {name: n for n, name in enumerate(_IT_MONTHS, 1)},
        frozenset({"un", "uno", "una"}),
        ("e", "mezzo"),
        {},
    ),
    "en": Table(
        ",",
        ".",
        {word: n for n, word in enumerate(_EN_UNITS)} | {word: 10 * n for n, word in enumerate(_EN_TENS, 2)},
        _magnitudes("hundred:2 thousand k:3 million mn mln m:6 billion bn b:9 trillion tn:12"),
        _EN_FIRM,
        _EN_LOOSE,
        {name: n for n, name in enumerate(_EN_MONTHS, 1)}
        | {name[:3]: n for n, name in enumerate(_EN_MONTHS, 1)}
        | {"Sept": 9}
        | {name.capitalize(): n for n, name in enumerate(_IT_MONTHS, 1)},
        frozenset({"a", "an", "one"}),
        ("and", "a", "half"),
        {word: n for n, word in enumerate(_EN_ORDINALS[:9], 1)},
    ),
}
