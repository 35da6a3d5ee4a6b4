"""What cleaning may have taken from the article itself: removed spans that read like the report and not like the page.

Judges after the event and changes nothing; the check stage makes a flag of it.
"""

from __future__ import annotations

import re

import re2

from pipeline.cleaning.lines import Line, lines
from pipeline.cleaning.rules import plain
from pipeline.document import CleanText, Removed

_NEVER_BODY = frozenset(  # readers' words, the paper's portrait, legal details, metadata
    [
        "space",
        "comment",
        "copyright",
        "code",
        "title",
        "dateline",
        "byline",
        "source",
        "section",
        "tags",
        "caption",
        "about",
    ]
)
_SPEAKS_TO_READER = re2.compile(  # as pages do of themselves, and reports only within quotation marks
    r"(?i)\b(?:quest[oa] (?:contenuto|sito|articolo|pagina)|siamo|abbiamo|ti|nostr[oaie]|tuo|tua|tuoi|tue|puoi|vuoi|hai|potrai|cookies?|newsletter|e-?mail|clicca|iscriviti|accedi|"
    r"accetti|abbonati|informativa|condividi|registrati|seguici|leggi|scopri|copyright|privacy|javascript)\b"
)
_FULL_STOP = re.compile(r"(?<![.])[.][\"')\]]*$")
_END = re.compile(r"(?<![.])[.!?…][\"')\]]*(?=\s|$)")


def lost_sentences(clean: CleanText) -> list[Removed]:
    """The removed spans that could be sentences of the article: running text that does not speak to the reader."""
    return [removed for removed in clean.removed if removed.kind not in _NEVER_BODY and _like_body(removed.text)]


def lost_share(clean: CleanText) -> float:
    """The share of the article's sentences, lost ones included, that may have been lost. 0 for an empty page.

    Only sentences are counted on both sides, so that neither a long menu nor a short article makes a difference.
    """
    lost = sum(_sentences(removed.text) for removed in lost_sentences(clean))
    kept = sum(_sentences(line.plain) for line in lines(clean.text) if line.sentence)
    return lost / (lost + kept) if lost else 0.0


def _like_body(text: str) -> bool:
    return any(line.sentence and reads_like_body(line) for line in lines(text))


def reads_like_body(line: Line) -> bool:
    """Ended by a full stop, as headlines and questions to the reader are not, and speaking to nobody."""
    return bool(_FULL_STOP.search(line.plain)) and not _SPEAKS_TO_READER.search(line.plain)


def _sentences(text: str) -> int:
    return max(1, len(_END.findall(plain(text))))


def removed_share(clean: CleanText) -> float:
    """The share of the page's running text that was removed, in characters without white space; the readers' comments apart."""
    removed = sum(_running(r.text) for r in clean.removed if r.kind not in {"space", "comment"})
    total = removed + len("".join(clean.text.split()))
    return removed / total if total else 0.0


def _running(text: str) -> int:
    return sum(len("".join(line.plain.split())) for line in lines(text) if line.sentence)
