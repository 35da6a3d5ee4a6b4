"""Sentences about numbers in words, dates, sums and shares, made from patterns, for what little text teaches badly.

What it is not: a reader of numbers; pipeline/stages has that. Everything here is invented: the patterns are our own, the
numbers are drawn at random (spelt by our own rules, since num2words 0.5 writes centodicotto for 118). In real text most number
words are rare: without these pairs a small model reads "sette" as "seventeen".
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Pair = tuple[str, str]


def words(text: str) -> list[str]:
    """A list of words, written in one breath."""
    return text.split()


UNITS_IT = words(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove"
)
TENS_IT = words("_ _ venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
UNITS_EN = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS_EN = words("_ _ twenty thirty forty fifty sixty seventy eighty ninety")
MONTHS_IT = words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre")
MONTHS_EN = words("January February March April May June July August September October November December")
DAYS_IT = words("lunedì martedì mercoledì giovedì venerdì sabato domenica")
DAYS_EN = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
ORDINALS_IT = words("primo secondo terzo quarto quinto sesto settimo ottavo nono decimo undicesimo dodicesimo")
ORDINALS_EN = words("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
ROMAN = words("0 I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI")
HUNDREDS_IT = words("Duecento Trecento Quattrocento Cinquecento Seicento Settecento Ottocento Novecento")

THINGS = [
    ("persone", "people"), ("feriti", "injured"), ("agenti", "officers"), ("famiglie", "families"), ("studenti", "students"),
    ("comuni", "municipalities"), ("aziende", "companies"), ("lavoratori", "workers"), ("abitanti", "inhabitants"),
    ("chilometri", "kilometres"), ("metri", "metres"), ("case", "houses"), ("voti", "votes"), ("soldati", "soldiers"),
    ("navi", "ships"), ("aerei", "planes"), ("ospedali", "hospitals"), ("scuole", "schools"), ("bambini", "children"),
    ("donne", "women"), ("paesi", "countries"), ("ettari", "hectares"), ("tonnellate", "tonnes"), ("passeggeri", "passengers"),
    ("dipendenti", "employees"), ("turisti", "tourists"), ("vittime", "victims"), ("deputati", "deputies"), ("treni", "trains"),
]  # fmt: skip
SPANS = [
    ("giorni", "days"),
    ("mesi", "months"),
    ("anni", "years"),
    ("settimane", "weeks"),
    ("ore", "hours"),
    ("minuti", "minutes"),
]


def italian(n: int) -> str:
    """0 ≤ n < 1,000,000 in Italian words: 21 is ventuno, 108 centotto, 2,300 duemilatrecento."""
    if n < 20:
        return UNITS_IT[n]
    if n < 100:
        tens, unit = TENS_IT[n // 10], n % 10
        if unit in (1, 8):
            tens = tens[:-1]
        return tens + ("" if unit == 0 else "tré" if unit == 3 else UNITS_IT[unit])
    if n < 1000:
        hundreds, rest = ("" if n < 200 else UNITS_IT[n // 100]) + "cento", n % 100
        return (hundreds[:-1] if rest == 8 or 80 <= rest < 90 else hundreds) + (italian(rest) if rest else "")
    thousands, rest = n // 1000, n % 1000
    head = "mille" if thousands == 1 else italian(thousands) + "mila"
    return head + (italian(rest) if rest else "")


def english(n: int) -> str:
    """0 ≤ n < 1,000,000 in English words: 21 is twenty-one, 108 one hundred and eight."""
    if n < 20:
        return UNITS_EN[n]
    if n < 100:
        return TENS_EN[n // 10] + (f"-{UNITS_EN[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{UNITS_EN[n // 100]} hundred" + (f" and {english(n % 100)}" if n % 100 else "")
    rest = n % 1000
    join = " and " if rest < 100 else " "
    return f"{english(n // 1000)} thousand" + (join + english(rest) if rest else "")


def figures(n: int) -> Pair:
    """The same number in digits, grouped as each language does."""
    return f"{n:,}".replace(",", "."), f"{n:,}"


def amount(rng: random.Random) -> Pair:
    """A number of things: mostly words, sometimes digits, from 2 to hundreds of thousands."""
    kind = rng.random()
    if kind < 0.55:
        n = rng.randint(2, 99)
        return italian(n), english(n)
    if kind < 0.7:
        n = rng.choice([100, 120, 150, 200, 250, 300, 400, 500, 600, 700, 800, 900, rng.randint(100, 999)])
        return italian(n), english(n)
    if kind < 0.8:
        n = 1000 * rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 80, 100, 200])
        return italian(n), "a thousand" if n == 1000 and rng.random() < 0.4 else english(n)
    return figures(int(rng.choice([rng.randint(100, 999), rng.randint(1_000, 9_999), rng.randint(10_000, 900_000)])))


def large(rng: random.Random) -> Pair:
    """Millions and billions, in words and digits, with a decimal now and then."""
    it, en = rng.choice([("milioni", "million"), ("miliardi", "billion")])
    n = rng.randint(2, 90)
    if rng.random() < 0.4:
        return f"{italian(n)} {it}", f"{english(n)} {en}"
    tenth = rng.randint(1, 9)
    return (f"{n},{tenth} {it}", f"{n}.{tenth} {en}") if rng.random() < 0.6 else (f"{n} {it}", f"{n} {en}")


def share(rng: random.Random) -> Pair:
    """A percentage, in digits or words; the Italian with its article."""
    n, tenth = rng.randint(2, 99), rng.randint(1, 9)
    article = "l'" if n in (8, 11) or 80 <= n < 90 else "il "
    if rng.random() < 0.25:
        return f"{article}{italian(n)} per cento", f"{english(n)} percent"
    number_it, number_en = (f"{n},{tenth}", f"{n}.{tenth}") if rng.random() < 0.5 else (str(n), str(n))
    sign = rng.choice(["%", " per cento"])
    return article + number_it + sign, number_en + ("%" if sign == "%" else " percent")


def date(rng: random.Random) -> Pair:
    """A day and month, sometimes with weekday or year."""
    month, day, year = rng.randrange(12), rng.randint(1, 28), rng.randint(1900, 2035)
    first = "1°" if day == 1 else str(day)
    it, en = f"{first} {MONTHS_IT[month]}", f"{day} {MONTHS_EN[month]}"
    if rng.random() < 0.4:
        it, en = f"{it} {year}", f"{en} {year}"
    if rng.random() < 0.3:
        weekday = rng.randrange(7)
        return f"{DAYS_IT[weekday]} {it}", f"{DAYS_EN[weekday]} {en}"
    return it, en


def people(rng: random.Random) -> Pair:
    """How many there are, were hurt, arrived."""
    (a, b), (it, en) = amount(rng), rng.choice(THINGS)
    return rng.choice(
        [
            (f"Sono {a} le persone coinvolte.", f"{b.capitalize()} people are involved."),
            (f"Nell'edificio c'erano {a} {it}.", f"There were {b} {en} in the building."),
            (f"In tutto {a} {it} in meno di un mese.", f"In all, {b} {en} in less than a month."),
            (f"Il piano riguarda {a} {it} in tutto il paese.", f"The plan concerns {b} {en} across the country."),
            (
                f"L'anno scorso erano {a}, oggi sono più di {a}.",
                f"Last year there were {b}, today there are more than {b}.",
            ),
            (
                f"Secondo il ministero, {a} {it} hanno bisogno di aiuto.",
                f"According to the ministry, {b} {en} need help.",
            ),
            (f"Oltre {a} {it} e almeno due strade chiuse.", f"More than {b} {en} and at least two closed roads."),
            (f"Ne restano {a}.", f"{b.capitalize()} remain."),
        ]
    )


def ages(rng: random.Random) -> Pair:
    """Somebody's age, and for how long."""
    n, m = rng.randint(2, 95), rng.randint(2, 60)
    (it, en), words = rng.choice(SPANS), rng.random() < 0.7
    a, b = (italian(n), english(n)) if words else (str(n), str(n))
    c, d = italian(m), english(m)
    return rng.choice(
        [
            (f"L'uomo, {a} anni, è stato arrestato.", f"The man, {b} years old, has been arrested."),
            (f"La donna di {a} anni è in ospedale.", f"The {b}-year-old woman is in hospital."),
            (f"Aveva {a} anni e lascia {italian(2 + n % 4)} figli.", f"He was {b} and leaves {english(2 + n % 4)} children."),
            (f"I lavori sono durati {c} {it}.", f"The work lasted {d} {en}."),
            (f"Dopo {c} {it} di trattative non c'è ancora un accordo.", f"After {d} {en} of negotiations there is still no agreement."),
            (f"È stato condannato a {c} anni di carcere.", f"He was sentenced to {d} years in prison."),
            (f"Il governo ha {c} {it} per rispondere.", f"The government has {d} {en} to respond."),
            (f"Da {c} anni vive all'estero.", f"He has lived abroad for {d} years."),
        ]
    )  # fmt: skip


def money(rng: random.Random) -> Pair:
    """What something costs, earns or lost."""
    (a, b), (c, d), (it, en) = large(rng), share(rng), rng.choice([("euro", "euros"), ("dollari", "dollars")])
    return rng.choice(
        [
            (f"Il costo dell'opera è di {a} di {it}.", f"The cost of the work is {b} {en}."),
            (f"La spesa ammonta a {a} di {it}.", f"Spending amounts to {b} {en}."),
            (f"Gli utili sono saliti a {a} di {it}.", f"Profits rose to {b} {en}."),
            (f"Le vendite sono calate di quasi {c}.", f"Sales fell by almost {d}."),
            (f"Rappresenta {c} del totale.", f"It accounts for {d} of the total."),
            (f"Il partito ha ottenuto {c} dei voti.", f"The party won {d} of the vote."),
            (f"Secondo il sondaggio, {c} degli intervistati è favorevole.", f"According to the poll, {d} of respondents are in favour."),
            (f"L'azienda ha investito {a} di {it} in {italian(2 + len(a) % 9)} anni.", f"The company invested {b} {en} in {english(2 + len(a) % 9)} years."),
        ]
    )  # fmt: skip


def days(rng: random.Random) -> Pair:
    """When something happened."""
    (a, b), hour, minute = date(rng), rng.randint(7, 22), rng.choice([0, 10, 15, 20, 30, 45])
    year = rng.randint(1900, 2035)
    first = a.split()[0]
    article = "l'" if first in ("8", "11") else "" if first in DAYS_IT else "il "
    return rng.choice(
        [
            (f"La riunione si terrà {article}{a}.", f"The meeting will be held on {b}."),
            (f"Il voto è previsto per {article}{a}.", f"The vote is scheduled for {b}."),
            (f"È morto {article}{a}.", f"He died on {b}."),
            (f"L'incidente è avvenuto alle {hour}.{minute:02d}.", f"The accident happened at {hour}:{minute:02d}."),
            (f"La legge è entrata in vigore nel {year}.", f"The law came into force in {year}."),
            (f"Tra il {year} e il {year + 7} la popolazione è raddoppiata.", f"Between {year} and {year + 7} the population doubled."),
        ]
    )  # fmt: skip


def eras(rng: random.Random) -> Pair:
    """Decades of the twentieth century and centuries, in both of their Italian names: `XVI secolo` and `Cinquecento`."""
    tens, n = rng.randint(2, 9), rng.choice([3, 4, 5, 6, 9, 12, 13, 14, 15, 16, 17, 18, 19])  # without l'VIII and l'XI
    ancient = rng.choice([1, 2, 3, 4, 5, 6, 7, 9])
    it, en = TENS_IT[tens].capitalize(), f"19{tens}0s"
    a, b, c = ROMAN[n], th(n), th(n + 1)
    later = rng.randint(13, 20)
    age, d = HUNDREDS_IT[later - 13], th(later)
    return rng.choice(
        [
            (f"Fu costruito negli anni {it}.", f"It was built in the {en}."),
            (f"All'inizio degli anni {it} la situazione cambiò.", f"At the beginning of the {en} the situation changed."),
            (f"Alla fine degli anni {it} la fabbrica chiuse.", f"In the late {en} the factory closed."),
            (f"Nei primi anni {it} viveva all'estero.", f"In the early {en} he lived abroad."),
            (f"Dagli anni {it} in poi il paese si è svuotato.", f"From the {en} onwards the village emptied."),
            (f"Era molto popolare negli anni {it} e {TENS_IT[tens % 8 + 2].capitalize()}.", f"It was very popular in the {en} and 19{tens % 8 + 2}0s."),
            (f"La chiesa risale al {a} secolo.", f"The church dates back to the {b} century."),
            (f"Nel {a} secolo la città contava poche migliaia di abitanti.", f"In the {b} century the city had a few thousand inhabitants."),
            (f"Tra il {a} e il {ROMAN[n + 1]} secolo la popolazione raddoppiò.", f"Between the {b} and {c} centuries the population doubled."),
            (f"Visse nel {ROMAN[ancient]} secolo avanti Cristo.", f"He lived in the {th(ancient)} century BC."),
            (f"È un dipinto del {age}.", f"It is a painting of the {d} century."),
            (f"Nel {age} la villa cambiò proprietario.", f"In the {d} century the villa changed hands."),
            (f"Verso la metà del {age} il porto fu ampliato.", f"Around the middle of the {d} century the port was enlarged."),
            (f"Agli inizi del {age} arrivarono i primi coloni.", f"In the early {d} century the first settlers arrived."),
        ]
    )  # fmt: skip


def th(n: int) -> str:
    """1st, 2nd, 3rd, 4th ..."""
    ending = "th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def ranks(rng: random.Random) -> Pair:
    """First, second, third ... and parts of a whole."""
    n = rng.randrange(12)
    a, b = ORDINALS_IT[n], ORDINALS_EN[n]
    part_it, part_en = rng.choice(
        [("due terzi", "two thirds"), ("tre quarti", "three quarters"), ("metà", "half"), ("un quarto", "a quarter"), ("un terzo", "a third")]
    )  # fmt: skip
    tens = rng.choice([("una decina", "about ten"), ("una ventina", "about twenty"), ("una trentina", "about thirty"),
                       ("un centinaio", "about a hundred"), ("una dozzina", "a dozen"), ("una cinquantina", "about fifty")])  # fmt: skip
    it, en = rng.choice(THINGS)
    return rng.choice(
        [
            (f"È il {a} caso dall'inizio dell'anno.", f"It is the {b} case since the beginning of the year."),
            (f"Abita al {a} piano.", f"He lives on the {b} floor."),
            (
                f"Per {'l' + chr(39) if a[0] in 'ou' else 'la '}{a[:-1]}a volta in pochi mesi.",
                f"For the {b} time in a few months.",
            ),
            (f"Quasi {part_it} dei voti.", f"Almost {part_en} of the votes."),
            (
                f"Circa {part_it} della popolazione vive in città.",
                f"About {part_en} of the population lives in cities.",
            ),
            (f"Erano presenti {tens[0]} di {it}.", f"There were {tens[1]} {en} present."),
            (f"Il numero di {it} è raddoppiato.", f"The number of {en} has doubled."),
        ]
    )


KINDS: tuple[Callable[[random.Random], Pair], ...] = (people, ages, money, days, eras, ranks)


def pairs(count: int, seed: int = 5) -> list[Pair]:
    """`count` different pairs, the same for the same seed; "venti anni" is written as said, vent'anni."""
    rng, made = random.Random(seed), dict[Pair, None]()
    while len(made) < count:
        source, target = rng.choice(KINDS)(rng)
        made.setdefault((re.sub(r"(?<=[nt])[ia] anni\b", "'anni", source), target))
    return list(made)
