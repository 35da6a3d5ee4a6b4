"""Marks and spaces of the English, put in order without touching a word: what stands between words, and nothing else."""

from __future__ import annotations

import re
from typing import Literal

Quotes = Literal["keep", "straight", "typographic"]

# of texts with single spaces; patterns that begin with what they look for are the quickest
_BEFORE_MARK = re.compile(r" (?<=[^\W_] )(?=[,;:.!?](?:\s|$))(?!\.\.\.)")
_IN_BRACKETS = re.compile(r" (?:(?<=[(\[] )|(?=[)\]]))")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_QUOTE = re.compile(r'["“”„«»]')
_BEFORE_OPENING = frozenset("([{—–-")


def tidy(source: str, target: str, quotes: Quotes = "keep") -> str:
    """The target with single spaces, none before a mark or inside brackets, and its quotation marks closed and in style.

    A mark is added only at an end of the target, where the source has one too and the target's do not add up.
    """
    text = " ".join(target.split())
    text = _IN_BRACKETS.sub("", _BEFORE_MARK.sub("", text))
    if quotes == "keep":
        return _closed(source, text)
    text = _closed(source, text.translate(_STRAIGHT))
    return text if quotes == "straight" else _curled(text)


def _closed(source: str, target: str) -> str:
    """A quotation mark that the model lost at the beginning or the end, given back."""
    if '"' not in target or len(_QUOTE.findall(target)) % 2 == 0 or len(_QUOTE.findall(source)) % 2:
        return target
    first, last = source.lstrip()[:1], source.rstrip(" .,;:!?")[-1:]
    if _QUOTE.match(first) and not _QUOTE.match(target[:1]):
        return '"' + target
    body = target.rstrip(" .,;:!?")
    if _QUOTE.match(last) and not _QUOTE.match(body[-1:]) and body:
        return body + '"' + target[len(body) :]
    return target


def _curled(text: str) -> str:
    """Straight quotation marks and apostrophes as typographic ones, opening or closing by what stands before them."""
    made: list[str] = []
    for i, c in enumerate(text):
        opens = i == 0 or text[i - 1].isspace() or text[i - 1] in _BEFORE_OPENING
        if c == '"':
            made.append("“" if opens else "”")
        elif c == "'":
            made.append("‘" if opens and not text[i + 1 : i + 2].isdigit() else "’")
        else:
            made.append(c)
    return "".join(made)
