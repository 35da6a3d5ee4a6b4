"""How an Italian sentence is made ready for the model, and put together again after it. Pure functions of text.

The model sees a copy: punctuation as OPUS-MT saw it in training (Moses normalisation), capitals lowered, parts short enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.stages.detection.lexicon import function_words
from pipeline.stages.detection.words import ADDRESS, may_have_addresses
from pipeline.stages.numbers.thousandths import has_unsure

NORMALISER = "moses.v1"

WORDLIKE = re.compile(r"[^\W\d_]{2}")
IDENTIFIER = re.compile(r"(?=.*(?:\d|[_/\\=#@]|[a-z][A-Z]|\w[.:]\w))(?=.*[A-Za-z])[A-Za-z0-9_./\\:=#@+-]+")
CODE_MARK = re.compile(r"[{}<=\\$_`]|\w\[|\(\)|->|::|\s--\w")
CODE_FRAME = re.compile(r"\{[^{}]*[:=].*\}|\[\s*[\d\"'].*\]|<[^<>]+>")
NO_FIGURE = re.compile(r"[^\W\d_]{2}|[^\W\d_]\(|[{}<>=\\_`#@&\[\]]|://")
TELEPHONE = re.compile(r"[☎☏✆📞📱📠]|(?<!\d)\+\d{2}[ .-]|\A\W*[38]\d\d\.\d{3}\.(?!000)\d{3}\W*\Z")
FOUR_WORDS = re.compile(r"(?:\b[^\W\d_]+ ){3}[^\W\d_]+\b")
PLAIN = re.compile(r"(?<!\S)[^\W\d_]{2,60}(?: [^\W\d_]+){3}\b")
"""Four words in a row of which the first is no part of an address or of a string without end: language, certainly."""
UNBROKEN = re.compile(r"(?<!\S)\S{61,}")
_CAPITALISED = frozenset(
    {"I", "Dr", "Mr", "Mrs", "Ms", "May", "Will"}
)  # words of grammar that are names as well, or titles
SPACED_MARK = re.compile(r"\s+([?!,;:.]+)(?=\s|$)")  # text after a spaced mark has been seen to vanish

# Where a sentence may be cut, best first: after these marks, or before these words.
CUTS = (
    re.compile(r"[;:](?=\s)|\s[–—-](?=\s)"),
    re.compile(
        r",(?=\s(?:e|ed|ma|però|mentre|perché|poiché|quando|dove|che|il quale|la quale|i quali|le quali|cui|se|sebbene|nonché|come)\s)"
    ),
    re.compile(r"[,)](?=\s)"),
    re.compile(r"(?=\s(?:e|ed|o|ma|che|perché|mentre|quando|dove|con|per|nel|nella|alla|dalla|sulla)\s)"),
    re.compile(r"(?=\s)"),
)


class Normaliser:
    """Moses punctuation normalisation for Italian (Koehn et al. 2007), as OPUS-MT was trained behind; or nothing."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    def __call__(self, text: str) -> str:
        """The model's copy of a sentence, on one line, with single spaces and none before a mark."""
        if not self.enabled:
            return " ".join(text.split())
        return SPACED_MARK.sub(r"\1", " ".join(_moses(text).split()))


def _moses(text: str) -> str:
    """What sacremoses' MosesPunctNormalizer makes of it, without trying the substitutions that have nothing to replace."""
    for mark, pattern, instead in _substitutions():
        if mark in text:
            text = pattern.sub(instead, text)
    return text.strip()


@lru_cache(maxsize=1)
def _substitutions() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """sacremoses' own, in their order: what no match can be without, the pattern, what it becomes."""
    from sacremoses import MosesPunctNormalizer

    found = MosesPunctNormalizer("it").substitutions
    return tuple((_mark(pattern), re.compile(pattern), instead) for pattern, instead in found)


def _mark(pattern: str) -> str:
    """The marks of one of these patterns, without the digits and letters around them; a single space is not worth replacing."""
    if pattern == " +":
        return "  "
    bare = re.sub(r"\(\\d\)|\(\[.+?\]\)", "", pattern)
    return bare.replace(r"\r", "\r").replace("\\", "")


def has_words(text: str) -> bool:
    """Whether there is anything to translate: two letters in a row outside addresses and unbroken strings, and no code."""
    if PLAIN.search(text):
        return True
    plain = ADDRESS.sub(" ", text) if may_have_addresses(text) else text
    return bool(WORDLIKE.search(UNBROKEN.sub(" ", plain))) and not is_code(text)


def is_code(text: str) -> bool:
    """Whether a text is a line of code, markup or an identifier rather than language."""
    if FOUR_WORDS.search(text):
        return False
    words = text.split()
    if len(words) == 1 and IDENTIFIER.fullmatch(text.strip(".,;:")):
        return True
    return bool(CODE_FRAME.fullmatch(text.strip())) or len(CODE_MARK.findall(text)) > 0.12 * len("".join(words))


def are_figures(text: str, bare: str) -> bool:
    """`is_figures` of a text without its list marks, `bare`; a telephone among the marks says that it is a number to call."""
    return is_figures(bare) and not TELEPHONE.search(text)


def is_figures(text: str) -> bool:
    """Whether a text is quantities and marks alone, with units of one letter at most: no telephone number, nor what may be no quantity."""
    if not any(map(str.isdigit, text)) or NO_FIGURE.search(text):
        return False
    return not TELEPHONE.search(text) and not has_unsure(text)


def pieces(text: str) -> tuple[str, ...]:
    """A text parted around strings of more than 60 characters without a space, which are no words of any language."""
    parts = re.split(f"({UNBROKEN.pattern})", text)
    return tuple(part.strip() for part in parts if part.strip())


def clauses(text: str) -> tuple[str, ...]:
    """A text in two or four parts at its strongest boundaries, none of fewer than five words."""
    parts: tuple[str, ...] = (text,)
    for _ in range(2):
        parts = tuple(half for part in parts for half in (_in_two(part) if len(part.split()) >= 12 else (part,)))
    return parts


def _in_two(text: str) -> tuple[str, ...]:
    halves = halve(text)
    return halves if min(len(half.split()) for half in halves) >= 5 else (text,)


def other_ending(text: str) -> str:
    """A sentence without its final full stop, or with one where it has no mark; as it is where it ends otherwise."""
    if text.endswith(".") and not text.endswith(".."):
        return text[:-1]
    return text + "." if text[-1:].isalnum() else text


def whole(text: str) -> bool:
    """Whether a text cannot be cut any more: it is a single word."""
    return len(text.split()) < 2


def halve(text: str) -> tuple[str, str]:
    """Cut a text in two at the best kind of boundary near its middle. Joined by a space they are the text again."""
    middle = len(text) / 2
    for cut in CUTS:
        ends = [m.end() for m in cut.finditer(text) if 0 < len(text[: m.end()].strip()) < len(text.rstrip())]
        near = [end for end in ends if 0.2 * len(text) <= end <= 0.8 * len(text)]
        if near or (ends and cut is CUTS[-1]):
            end = min(near or ends, key=lambda e: abs(e - middle))
            return text[:end].strip(), text[end:].strip()
    raise ValueError("a single word cannot be cut")


def join_parts(sources: Sequence[str], targets: Sequence[str]) -> str:
    """The parts' translations as one sentence: a full stop that the model put where the source goes on is taken back, and so is a capital."""
    joined = []
    for i, (source, target) in enumerate(zip(sources, targets, strict=True)):
        piece = _continued(source, target.strip()) if i else target.strip()
        if i < len(sources) - 1 and piece.endswith(".") and not source.endswith("."):
            mark = source[-1] if source[-1] in ",;:" else ""
            piece = piece.rstrip(". ") + mark
        joined.append(piece)
    return " ".join(piece for piece in joined if piece)


def _continued(source: str, target: str) -> str:
    """The target without the capital of its first word, if the source has none there and the word is one of grammar, which no name is."""
    first = re.match(r"[^\W\d_]+", target)
    if not first or not source[:1].islower() or not first[0].istitle() or first[0] in _CAPITALISED:
        return target
    return target[0].lower() + target[1:] if first[0].lower() in function_words("en") else target
