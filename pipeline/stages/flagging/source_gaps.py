"""Places where words are missing from the Italian itself, as when a scraper strips the text of links.

Found by sequences of function words that Italian does not have: an article in front of a preposition, a preposition in front
of an auxiliary. No dictionary and no parser: what is missing in front of an ordinary word is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_]+(?:['’]|(?:[-‑][\w]+)+)?|\d[\d.,]*|[^\w\s]")  # what a hyphen joins is one word


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split("|") if "|" in listed else listed.split())


_ARTICLE = _words("il lo la i gli le un l' un'")  # 'uno' and 'una' stand alone too often
_ONLY_ARTICLE = _words("il i un un'")  # the others are pronouns as well: 'la ha vista'
_JOINED = _words(
    "del dello della dei degli delle dell' nel nello nella nei negli nelle nell' al allo alla ai agli alle "
    "all' dal dallo dalla dai dagli dalle dall' sul sullo sulla sui sugli sulle sull'"
)
_SIMPLE = _words("di da in con per tra fra")  # 'a' and 'su' are letters and adverbs as well
_WITHOUT_NOUN = _words("di in con per tra fra su da sotto attraverso mediante tramite durante presso contro verso")
_AUXILIARY = _words(
    "è ha hanno aveva avevano avrà avranno avrebbe avrebbero sono erano sarà saranno sarebbe sarebbero furono "
    "può possono poteva potrebbe potrebbero deve devono dovrebbe dovrebbero viene vengono veniva venivano"
)
_AND = _words("e ed o oppure nonché")
_OWN = _words("propria proprio propri proprie")
_HIS = frozenset([("nella", "sua"), ("della", "sua"), ("nel", "suo"), ("nelle", "sue"), ("nei", "suoi")])
_ASIDE = 9  # words and marks in which an aside between commas is over
_VOWELS = "aeiouàèéìòù"
_BEFORE_CONSONANT = _words("il i del dei nel nei al ai dal dai sul sui")
_BEFORE_VOWEL = _words("l' un' dell' nell' all' dall' sull'")
_BEFORE_CLUSTER = _words("dello nello allo dallo sullo degli negli agli dagli sugli")
_FOREIGN = _words("dei iphone ipad imac uber dress")  # and 'gli dei'
_FINITE = re.compile(r"[a-zà-ù]{2,}(?:[aei]r(?:à|anno|ebbe|ebbero)|[aei]vano|[aei]rono)|[a-z]{3,}(?:[bcdfglmnprstvz]ò)")
_NOUNS_LIKE_VERBS = ("divano", "falò", "comò", "casinò", "però", "oblò", "rococò", "bordò", "metrò", "popò", "paltò")
_STOP = frozenset(".;:!?)")
_NOT_LACKING = _words(
    "al di|dal di|nel di|sul da|il da|del da|il di|del di|il la|un la|i la|il per|il con|il verso|un verso|"
    "il contro|al contro|i contro|il sotto|gli dei|i nei|all' in|al per|il tra|la per|un per|dell' in|un di|"
    "i di|gli in|il fra|un fra|al fra|del fra|dal fra|la da|lo da|le da|un da|la in|la con|la di|lo di|le di|"
    "le in"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Words seem to be missing somewhere in `text[start:end]`, which shows the words on both sides."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    text: str  # as written, with one form of apostrophe
    word: str  # in lower case; '' for capitals where a name may begin
    start: int
    end: int


def gaps(text: str) -> list[Gap]:
    """Every place where words seem to be missing, in order; none in a text in capitals."""
    tokens = _tokens(text)
    if text.isupper():
        return []
    found: list[Gap] = []
    for i in range(len(tokens) - 1):
        if tokens[i].word in {"dei", "nei"} and i and tokens[i - 1].word in {"gli", "i"}:
            continue  # gods and moles
        reach = next((n for rule in _RULES if (n := rule(tokens, i))), 0)
        if reach and (not found or found[-1].end <= tokens[i].start):
            found.append(Gap(tokens[i].start, tokens[min(i + reach, len(tokens)) - 1].end))
    return found


def _tokens(text: str) -> list[_Token]:
    made: list[_Token] = []
    for match in _TOKEN.finditer(text):
        written = match[0].replace("’", "'")
        first = not made or made[-1].text in {".", "?", "!", ":", "“", '"', "«"}
        lower = written.lower() if written[0].islower() or (first and written[:1].isupper()) else written
        made.append(_Token(written, lower if lower[0].islower() else "", match.start(), match.end()))
    return made


def _at(tokens: Sequence[_Token], i: int) -> _Token:
    return tokens[i] if 0 <= i < len(tokens) else _Token("", "", 0, 0)


def _article_then_preposition(tokens: Sequence[_Token], i: int) -> int:
    """'per la sotto il profilo', 'il nel', 'della in'."""
    a, b = tokens[i].word, tokens[i + 1].word
    if a not in _ARTICLE | _JOINED or f"{a} {b}" in _NOT_LACKING:
        return 0
    if a in {"la", "lo", "le", "gli"} and _at(tokens, i - 1).word not in _SIMPLE | _JOINED | _AND | {"sotto", "verso"}:
        return 0  # as like as not a pronoun, or the end of a name
    return 2 if b in _WITHOUT_NOUN or (b in _JOINED and a not in {"gli", "le", "lo"}) else 0


def _preposition_then_auxiliary(tokens: Sequence[_Token], i: int) -> int:
    """'lo scoppio della guerra in ha indotto', 'il presidente della è'."""
    a, b = tokens[i].word, tokens[i + 1].word
    return 2 if a in _SIMPLE | _JOINED | _ONLY_ARTICLE and b in _AUXILIARY else 0


def _preposition_then_joined(tokens: Sequence[_Token], i: int) -> int:
    """'di della': no partitive follows 'di'."""
    return 2 if tokens[i].word == "di" and tokens[i + 1].word in _JOINED else 0


def _between_nothing(tokens: Sequence[_Token], i: int) -> int:
    """'tra e la Cina', 'tra il e il'."""
    if tokens[i].word not in {"tra", "fra"}:
        return 0
    if tokens[i + 1].word in _AND:
        return 2
    return 3 if tokens[i + 1].word in _ARTICLE and _at(tokens, i + 2).word in _AND else 0


def _then_and(tokens: Sequence[_Token], i: int) -> int:
    """'della e il governo', 'con e Kazakhstan'; but not 'da e verso', 'del e dal'."""
    a, b, after = tokens[i].word, tokens[i + 1].word, _at(tokens, i + 2)
    if a not in (_ONLY_ARTICLE | _JOINED | _SIMPLE) - {"i"} or b not in _AND:
        return 0
    if after.word in _SIMPLE | _JOINED | _WITHOUT_NOUN | {"a", "su", "senza", "non", "dopo", "prima", "fuori", "per"}:
        return 0
    return 0 if a in _ONLY_ARTICLE and after.word in _ARTICLE | {"una", "uno"} else 2


def _relative_then_and(tokens: Sequence[_Token], i: int) -> int:
    """'l'amicizia che lega e Kazakhstan', 'di cui e Kazakhstan sono membri'."""
    if tokens[i].word == "cui" and tokens[i + 1].word == "e":
        after = _at(tokens, i + 2)
        return 3 if after.text[:1].isupper() or (after.word in _ARTICLE and _at(tokens, i + 3).word != "cui") else 0
    verb, link, name = tokens[i + 1], _at(tokens, i + 2), _at(tokens, i + 3)
    third_person = re.fullmatch(r"[a-zà-ù]{3,}(?:a|e|ano|ono|ò)", verb.text)
    if tokens[i].word == "che" and third_person and link.word == "e" and name.text[:1].isupper():
        return 4
    return 0


def _own_nothing(tokens: Sequence[_Token], i: int) -> int:
    """'la dimensione della propria attraverso iniziative'; but not 'ci ha messo del proprio'."""
    a, b, after = tokens[i].word, tokens[i + 1].word, _at(tokens, i + 2).word
    if after not in _WITHOUT_NOUN | _JOINED | _AUXILIARY or after == "di":
        return 0
    owner = (b in _OWN and a in _ARTICLE | _JOINED and a not in {"del", "di"}) or (a, b) in _HIS
    return 3 if owner else 0


def _then_stop(tokens: Sequence[_Token], i: int) -> int:
    """'il presidente della.', 'della, che', 'nel porto di, dove'; but not 'et al.' nor 'con, tra gli altri, il sindaco'."""
    a, mark, after = tokens[i], tokens[i + 1], _at(tokens, i + 2).word
    if a.word not in (_ONLY_ARTICLE | _JOINED | _SIMPLE | {"gli"}) - {"i", "da", "dai", "dei", "nei"}:
        return 0
    if mark.text in _STOP and not (mark.text == "." and _at(tokens, i + 2).text == "."):
        return 0 if a.word in {"al", "in"} or (mark.text == ":" and a.word in _SIMPLE) else 2
    if mark.text != "," or any(token.text == "," for token in tokens[i + 2 : i + 2 + _ASIDE]):
        return 3 if mark.text == "," and after in {"dove", "che"} else 0
    return 2


def _then_relative(tokens: Sequence[_Token], i: int) -> int:
    """'a cominciare dai che girano'; but not 'al che', 'il che'."""
    a, b = tokens[i].word, tokens[i + 1].word
    return 2 if a in _JOINED - {"al", "dal", "nel", "del", "sul"} | {"i"} and b == "che" else 0


def _wrong_form(tokens: Sequence[_Token], i: int) -> int:
    """'dei occidentali', 'l’atlantica' without its noun, 'dell’il doge': the article is that of another word."""
    a, b = tokens[i].word, tokens[i + 1].word
    if not b or tokens[i + 1].start - tokens[i].end > 1 or len(b) < 3 or b in _FOREIGN:
        return 2 if a.endswith("'") and a in _JOINED and b in _ARTICLE | _JOINED else 0
    if a in _BEFORE_CONSONANT:
        return 2 if b[0] in _VOWELS and not b.startswith(("io", "ie", "ia", "uo")) else 0
    if a in _BEFORE_VOWEL:
        return 2 if b[0] not in _VOWELS + "hjwxy" else 0
    if a in _BEFORE_CLUSTER:
        return 0 if re.match(r"[sz]|gn|ch[oe]|p[snt]|[xyjh]|[aeiouàèéìòù]|[^aeiou][^aeiourlh]", b) else 2
    return 0


def _then_verb(tokens: Sequence[_Token], i: int) -> int:
    """'nel terminerà', 'il avevano': forms that only verbs have."""
    a, b = tokens[i].word, tokens[i + 1].word
    if a == "la" and b == "è":
        return 2
    return (
        2
        if a in (_JOINED | _ONLY_ARTICLE | _SIMPLE) and _FINITE.fullmatch(b) and not b.endswith(_NOUNS_LIKE_VERBS)
        else 0
    )


_RULES: tuple[Callable[[Sequence[_Token], int], int], ...] = (
    _article_then_preposition,
    _preposition_then_auxiliary,
    _preposition_then_joined,
    _between_nothing,
    _then_and,
    _relative_then_and,
    _own_nothing,
    _then_stop,
    _then_relative,
    _wrong_form,
    _then_verb,
)
