"""Marks and spaces of the English, put in order without touching a word: what stands between words, and nothing else."""

from __future__ import annotations

import re
from typing import Literal

Quotes = Literal["keep", "straight", "typographic"]

_BEFORE_MARK = re.compile(r"(?<=[^\W_]) +(?=[,;:.!?](?:\s|$))(?! *\.\.\.)")
_IN_BRACKETS = re.compile(r"(?<=[(\[]) +| +(?=[)\]])")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_QUOTE = re.compile(r'["“”„«»]')
_OPENING = re.compile(r"(?:^|[\s(\[{—–-])$")


def tidy(source: str, target: str, quotes: Quotes = "keep") -> str:
    """The target with single spaces, none before a mark or inside brackets, and its quotation marks closed and in style.

    A mark is added only at an end of the target, where the source has one too and the target's do not add up.
    """
    text = " ".join(target.split())
    text = _IN_BRACKETS.sub("", _BEFORE_MARK.sub("", text))
    return _styled(_closed(source, text), quotes)


def _closed(source: str, target: str) -> str:
    """A quotation mark that the model lost at the beginning or the end, given back."""
    if len(_QUOTE.findall(target)) % 2 == 0 or len(_QUOTE.findall(source)) % 2 or '"' not in target:
        return target
    first, last = source.lstrip()[:1], source.rstrip(" .,;:!?")[-1:]
    if _QUOTE.match(first) and not _QUOTE.match(target[:1]):
        return '"' + target
    body = target.rstrip(" .,;:!?")
    if _QUOTE.match(last) and not _QUOTE.match(body[-1:]) and body:
        return body + '"' + target[len(body) :]
    return target


def _styled(text: str, quotes: Quotes) -> str:
    if quotes == "keep":
        return text
    text = text.translate(_STRAIGHT)
    if quotes == "straight":
        return text
    made: list[str] = []
    for i, c in enumerate(text):
        if c == '"':
            made.append("“" if _OPENING.search(text[:i]) else "”")
        elif c == "'":
            made.append("‘" if _OPENING.search(text[:i]) and not text[i + 1 : i + 2].isdigit() else "’")
        else:
            made.append(c)
    return "".join(made)
