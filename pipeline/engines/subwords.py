"""Text to subwords and back without PyTorch: what a checkpoint's own tokenizer does, from its files, token for token.

MarianMT comes with two SentencePiece models, the others with a `tokenizer.json`, which conversion writes where it is missing.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

MARIAN_FILES = ("source.spm", "target.spm")
FAST_FILE = "tokenizer.json"
BLANK = "\u2581"  # SentencePiece's mark for a space
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")


class Subwords(ABC):
    """Encodes texts as the encoder reads them, special tokens included, and makes text of what the decoder says."""

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text, nothing cut off, the end mark included."""

    @abstractmethod
    def encode_target(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text as the decoder says them, without special tokens."""

    @abstractmethod
    def decode(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """The text of each row of tokens, without special tokens."""


class Pieces(Subwords):
    """MarianMT's pair of SentencePiece models."""

    def __init__(self, folder: Path, end: str, special: Sequence[str]) -> None:
        from sentencepiece import SentencePieceProcessor

        self._source, self._target = (SentencePieceProcessor(model_file=str(folder / name)) for name in MARIAN_FILES)
        self._end, self._special = end, frozenset(special)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """Pieces and the end mark. A language code before the text ('>>fra<<') is a token of its own."""
        codes = [text[: text.index("<<") + 2] if text.startswith(">>") and "<<" in text else "" for text in texts]
        plain = [text[len(code) :] for text, code in zip(texts, codes, strict=True)]
        pieces: list[list[str]] = self._source.encode(plain, out_type=str) if plain else []
        return [[code] * bool(code) + row + [self._end] for code, row in zip(codes, pieces, strict=True)]

    def encode_target(self, texts: Sequence[str]) -> list[list[str]]:
        """By the target side's model."""
        pieces: list[list[str]] = self._target.encode(list(texts), out_type=str)
        return pieces

    def decode(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """By the target side's model."""
        plain = [[token for token in row if token not in self._special] for row in rows]
        said = [row for row in plain if row]  # SentencePiece 0.2.0 takes rows for numbers if the first is empty
        texts = iter(self._target.decode_pieces(said, num_threads=1) if said else ())
        return [next(texts).replace(BLANK, " ").strip() if row else "" for row in plain]


class Fast(Subwords):
    """Any tokenizer in the format of the `tokenizers` library."""

    def __init__(self, folder: Path, prefix: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / FAST_FILE))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # '</s>' in a text is text
        self._prefix = prefix

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """Tokens with the special ones that the tokenizer's own template adds."""
        encodings = self._tokenizer.encode_batch([self._prefix + text for text in texts])
        return [encoding.tokens for encoding in encodings]

    def encode_target(self, texts: Sequence[str]) -> list[list[str]]:
        """The same tokens on both sides, without the template's special ones and without the prefix."""
        return [e.tokens for e in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def decode(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Without special tokens and without anybody's clean-up of spaces."""
        ids = [[i for i in map(self._tokenizer.token_to_id, row) if i is not None] for row in rows]
        return [text.strip() for text in self._tokenizer.decode_batch(ids, skip_special_tokens=True)]


def plain_pieces(tokens: Sequence[str]) -> list[str]:
    """SentencePiece's tokens as text with the blanks before them, of which a text's first has none.

    Of a character that is spelled in bytes ('<0xE2>', '<0x80>', '<0x9C>') the first byte stands for it.
    """
    found = [_byte(token) if _BYTE.fullmatch(token) else token.replace(BLANK, " ") for token in tokens]
    return [found[0].lstrip(), *found[1:]] if found else []


def _byte(token: str) -> str:
    return "" if 0x80 <= int(token[3:5], 16) < 0xC0 else "?"
