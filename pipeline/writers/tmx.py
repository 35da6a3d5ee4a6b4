"""A translation memory in TMX 1.4b, a unit a sentence, for translators' tools; `translate.corrections` reads what they make of it.

Each unit says where its English comes from, its score and its flags, as properties. Schema: https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from pipeline.document import Document, Pair
from pipeline.writers.reading import Side, sides
from pipeline.writers.run_info import RunInfo

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document can hold: most control characters, and halves of characters."""


def write(document: Document, run: RunInfo) -> dict[str, Iterator[str]]:
    """`translation.tmx`: the sentences that have an English; nothing for a document that is not translated."""
    if not document.translation or not document.segments:
        return {}
    return {"translation.tmx": _lines(document, run)}


def _lines(document: Document, run: RunInfo) -> Iterator[str]:
    header = (
        f'creationtool="it2en" creationtoolversion={_quoted(run.version)} segtype="sentence" o-tmf="it2en" '
        'adminlang="en" srclang="it" datatype="plaintext"'
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
    yield f'<tmx version="1.4">\n<header {header}/>\n<body>\n'
    yield from (
        _unit(document.id, side, side.pair) for side in sides(document) if side.pair and side.pair.target.strip()
    )
    yield "</body>\n</tmx>\n"


def _unit(document: str, side: Side, pair: Pair) -> str:
    flags = ";".join(dict.fromkeys(mark.flag.id for mark in side.marks))
    told = {"provenance": pair.provenance, "score": "" if pair.score is None else str(pair.score), "flags": flags}
    properties = "".join(f'<prop type="x-{name}">{escape(value)}</prop>' for name, value in told.items() if value)
    variants = "".join(
        f'<tuv xml:lang="{language}"><seg>{escape(_sound(text))}</seg></tuv>'
        for language, text in (("it", side.segment.text), ("en", pair.target))
    )
    return f"<tu tuid={_quoted(f'{document}#{side.segment.id}')}>{properties}{variants}</tu>\n"


def _quoted(text: str) -> str:
    return quoteattr(_sound(text))


def _sound(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
