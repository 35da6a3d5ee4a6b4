"""Bytes to text: which encoding a file is in, or that it is no text at all. Repairs nothing: that is `hygiene`'s work."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BOMS = (
    ("utf-8", b"\xef\xbb\xbf"),
    ("utf-32-le", b"\xff\xfe\x00\x00"),
    ("utf-32-be", b"\x00\x00\xfe\xff"),
    ("utf-16-le", b"\xff\xfe"),
    ("utf-16-be", b"\xfe\xff"),
)
LEGACY = ("cp1252", "mac_roman", "cp850", "latin-1")  # in order of preference where the bytes leave it open
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP (or docx, odt, epub)"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\xd0\xcf\x11\xe0", "old Office"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"wOF", "font"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 65_536
_MAX_CONTROLS = 0.02  # share of control bytes above which a file is no text
_TYPICAL = frozenset("àèéìòùÀÈÉÌÒÙ’‘“”«»–—…€°")  # what makes Italian text leave ASCII


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text without its byte order mark. `undecodable` counts bytes that had no meaning in the encoding."""

    text: str
    encoding: str
    bom: bool = False
    undecodable: int = 0


def binary_kind(data: bytes) -> str:
    """What kind of binary file this is by its first bytes ('PDF', 'ZIP', …), or ''."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "MP4"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def decode(data: bytes, declared: str = "") -> Decoded | None:
    """The text of a file, or None when it is binary. `declared` is a charset that the file itself names, tried early.

    In order: byte order marks; UTF-16 and UTF-32 by where their zero bytes stand; UTF-8, strictly; the declared charset;
    mostly-UTF-8 with a few stray bytes; the legacy encoding that reads most like Italian, CP1252 where that is open.
    """
    for encoding, mark in BOMS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], encoding, bom=True)
    wide = _wide(data)
    if wide:
        return _strict(data, wide) or _forgiving(data, wide)
    if _looks_binary(data):
        return None
    for encoding in ("utf-8", declared):
        if encoding and (decoded := _strict(data, encoding)):
            return decoded
    return _mostly_utf8(data) or _legacy(data)


def _strict(data: bytes, encoding: str) -> Decoded | None:
    """Decoded without loss, so that encoding gives the same bytes again; None otherwise."""
    try:
        text = data.decode(encoding)
        if not isinstance(text, str) or text.encode(encoding) != data:
            return None
    except (ValueError, LookupError):
        return None
    return Decoded(text, encoding)


def _forgiving(data: bytes, encoding: str, bom: bool = False) -> Decoded:
    strict = _strict(data, encoding)
    if strict is not None:
        return Decoded(strict.text, encoding, bom)
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, bom, max(1, text.count("\ufffd")))


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: Latin letters leave zero bytes at every second (or three of four) places."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    zeros = [sample[i::4].count(0) / max(1, len(sample[i::4])) for i in range(4)]
    patterns = {
        "utf-32-le": zeros[0] < 0.1 and min(zeros[1:]) > 0.7,
        "utf-32-be": zeros[3] < 0.1 and min(zeros[:3]) > 0.7,
        "utf-16-le": max(zeros[0], zeros[2]) < 0.1 and min(zeros[1], zeros[3]) > 0.6,
        "utf-16-be": max(zeros[1], zeros[3]) < 0.1 and min(zeros[0], zeros[2]) > 0.6,
    }
    return next((encoding for encoding, fits in patterns.items() if fits), "")


def _looks_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return len(_CONTROLS.findall(sample)) > max(1.0, _MAX_CONTROLS * len(sample))


def _mostly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with stray bytes (a cut-off end, pieces in another encoding): those are read as CP1252."""
    text = data.decode("utf-8", "surrogateescape")
    stray = re.findall("[\udc80-\udcff]", text)
    good = sum(1 for _ in re.finditer("[\x80-\ud7ff\ue000-\U0010ffff]", text))
    if len(stray) > 0.2 * good:
        return None
    table = {0xDC00 + b: bytes([b]).decode("cp1252", "replace") for b in range(0x80, 0x100)}
    return Decoded(text.translate(table), "utf-8", undecodable=len(stray))


def _legacy(data: bytes) -> Decoded:
    read = [d for d in (_strict(data, encoding) for encoding in LEGACY) if d is not None]
    scores = [_italian(d.text) for d in read]
    best = max(scores)
    leaders = [d for d, score in zip(read, scores, strict=True) if score == best]
    if len(leaders) == 1 or best > 0:
        return leaders[0]
    return _detected(data, leaders) or leaders[0]


def _italian(text: str) -> int:
    """How much the characters outside ASCII look like those of Italian text: letters after letters, quotes, no symbols."""
    score = 0
    for character in re.findall(r"[^\x00-\x7f]", text[:_SAMPLE]):
        if character in _TYPICAL:
            score += 1
        elif unicodedata.category(character)[0] not in "LPZ":
            score -= 1
    for character in re.findall(r"(?<=[a-z])[^\x00-\x7fàèéìòù’”»…–—]+(?=[\s.,;:!?]|$)", text[:_SAMPLE]):
        score -= len(character)  # Italian words end in no other letter
    return score


def _detected(data: bytes, among: list[Decoded]) -> Decoded | None:
    """charset-normalizer's choice among the candidates, for what does not look Italian either way."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=[d.encoding for d in among]).best()
    return next((d for d in among if best is not None and d.encoding == best.encoding), None)
