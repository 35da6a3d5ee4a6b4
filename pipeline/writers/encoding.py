"""Making any string fit for a UTF-8 file. It changes nothing that a decoded text can hold."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` with lone surrogates replaced by U+FFFD: a file name with undecodable bytes has them, and UTF-8 cannot."""
    return _SURROGATE.sub("\ufffd", text)


def file(text: str) -> str:
    """`text` as the content of a file: encodable, and ending with a line break."""
    return encodable(text if text.endswith("\n") else text + "\n")
