"""The bytes of one file to its `Source`, and the way back from a text file's `Source` to its bytes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Literal

from pipeline.document import Repair, Skip, Source
from pipeline.errors import DocumentError
from pipeline.inputs import decoding
from pipeline.inputs.edits import Edited
from pipeline.inputs.hygiene import clean_unicode
from pipeline.settings import Inputs

INPUTS_VERSION = 3  # part of the key of a Source: changes whenever the same bytes may give another one
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)  # HTML, whatever its name


def read(data: bytes, format: Literal["txt", "html"], settings: Inputs) -> Source | Skip:
    """The text of a file's bytes, or why there is none: 'empty' or 'binary'. A text file that begins as a page does is HTML."""
    kind = decoding.binary_kind(data)
    if kind:
        return Skip("inputs", "binary", f"is not text but a {kind} file")
    if format == "html":
        from pipeline.inputs.html import read_html

        return read_html(data, settings)
    decoded = decoding.decode(data)
    if decoded is None:
        return Skip("inputs", "binary", "is not text: too many control characters")
    if is_page(decoded.text):
        return read(data, "html", settings)
    edited, counts = clean_unicode(decoded.text, settings.repair_mojibake)
    if not edited.text.strip():
        return Skip("inputs", "empty", "holds no text" if data else "is empty")
    return Source(
        text=edited.text,
        format="txt",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding=decoded.encoding,
        newline=edited.newline,
        bom=decoded.bom,
        repairs=repairs(counts, decoded.undecodable),
        edits=edited.edits,
    )


def is_page(text: str) -> bool:
    """Whether a text is HTML, whatever its file is called."""
    return _PAGE.match(text) is not None


def repairs(counts: Counter[str], undecodable: int) -> tuple[Repair, ...]:
    """The counts as repairs, sorted by kind."""
    kinds = {**counts, "undecodable bytes": undecodable}
    return tuple(Repair(kind, kinds[kind]) for kind in sorted(kinds) if kinds[kind])


def original(source: Source) -> str:
    """The text as it was decoded, before any repair. For HTML, whose text is taken out of a page, just the text."""
    return Edited(source.text, source.edits, source.newline).original()


def original_bytes(source: Source) -> bytes:
    """The very bytes of a text file. Raises DocumentError for HTML and where undecodable bytes were replaced."""
    if source.format != "txt":
        raise DocumentError("the text of an HTML page does not lead back to its bytes")
    if any(repair.kind == "undecodable bytes" for repair in source.repairs):
        raise DocumentError(f"some bytes had no meaning in {source.encoding} and were replaced")
    mark = dict(decoding.BOMS)[source.encoding] if source.bom else b""
    return mark + original(source).encode(source.encoding)
