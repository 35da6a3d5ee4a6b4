"""Summarising a text of any length with a model of limited length: chunk, summarise, join, and again where that is too long.

No text is cut off: every sentence is read exactly once, chunks end where sentences end, and what was read is counted. A job is a
generator that asks for texts to be decoded and is sent the generations, so that a stage can run many jobs through one engine.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from pipeline.document import Generation
from pipeline.engines.engine import Remembered
from pipeline.stages.segmentation.sentences import Sentences
from pipeline.stages.summarisation.extractive import Pool, distinct
from pipeline.stages.translation.preparation import halve, whole

MOST_LEVELS = 4
_ENDED = re.compile(r".*[.!?…][”\"’')\]]*\Z", re.DOTALL)
_ENGLISH = Sentences(extra=("gov", "rep", "pres", "jr", "sr"))

Job = Generator[list[str], list[Generation], "Condensed"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and its tokens: a sentence, a part of one that is over the model's limit, or a chunk of several."""

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Condensed:
    """The sentences of a summary, the chunks that the text was read in, and how many of its tokens the model saw."""

    sentences: list[str]
    chunks: int
    tokens_read: int
    tokens_total: int


def condense(sentences: Sequence[str], engine: Remembered, most: int) -> Job:
    """A job that summarises the sentences in at most `most`; none come back when the model leaves no whole one.

    Where several chunks' summaries together are too long they are summarised again, as long as that makes them shorter and
    `MOST_LEVELS` times at most; what is still too many then is chosen from.
    """
    chunks = chunked(sentences, engine)
    generations = yield [chunk.text for chunk in chunks]
    total, read, count = sum(chunk.tokens for chunk in chunks), _read(chunks, generations), len(chunks)
    found = _whole_sentences(generations)
    level = 1
    while len(found) > most and len(generations) > 1 and level < MOST_LEVELS:
        generations = yield [chunk.text for chunk in chunked(found, engine)]
        shorter = _whole_sentences(generations)
        if not shorter or _size(shorter) >= _size(found):
            break
        found, level = shorter, level + 1
    if len(found) > most:
        found = [found[i] for i in Pool(found).choose(most, lead=0.3)]
    return Condensed(found, count, read, total)


def chunked(sentences: Sequence[str], engine: Remembered) -> list[Piece]:
    """The sentences as the fewest chunks of about equal length that the model can read, in order, none left out."""
    text = " ".join(sentences)
    known = engine.recall([text]).get(text)
    if known is not None:  # read before in one go: no need to load a tokenizer
        return [Piece(text, known.tokens_in)]
    pieces = fitted(sentences, engine)
    total = _tokens(pieces)
    for count in range(-(-total // engine.limit), len(pieces)):
        chunks = _balanced(pieces, total, count)
        if engine.count([_joined(max(chunks, key=_tokens))])[0] > engine.limit:
            continue  # found out without counting all of the text once more
        texts = list(map(_joined, chunks))
        tokens = engine.count(texts)
        if max(tokens) <= engine.limit:
            return [Piece(text, n) for text, n in zip(texts, tokens, strict=True)]
    return pieces


def _tokens(chunk: Sequence[Piece]) -> int:
    return sum(piece.tokens for piece in chunk)


def _joined(chunk: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in chunk)


def _balanced(pieces: Sequence[Piece], total: int, count: int) -> list[list[Piece]]:
    """Pieces grouped by where their middle falls when the text is cut in `count` equal stretches."""
    chunks: list[list[Piece]] = [[] for _ in range(count)]
    position = 0
    for piece in pieces:
        chunks[min(count - 1, (2 * position + piece.tokens) * count // (2 * total))].append(piece)
        position += piece.tokens
    return [chunk for chunk in chunks if chunk]


def fitted(sentences: Sequence[str], engine: Remembered) -> list[Piece]:
    """Every sentence as one piece, or as several where it alone is over the limit: cut at clauses, else between words."""
    pieces: list[Piece] = []
    for sentence, tokens in zip(sentences, engine.count(list(sentences)), strict=True):
        if tokens <= engine.limit or len(sentence) < 2:
            pieces.append(Piece(sentence, tokens))
        else:
            pieces += fitted(_cut(sentence), engine)
    return pieces


def _cut(text: str) -> tuple[str, str]:
    """A text in two; a single word is cut through its middle, since no other way reads it all."""
    middle = len(text) // 2
    return (text[:middle], text[middle:]) if whole(text) else halve(text)


def _read(chunks: Sequence[Piece], generations: Sequence[Generation]) -> int:
    """The tokens that the engine says it read, and no more than it was given."""
    return sum(min(c.tokens, g.tokens_in) for c, g in zip(chunks, generations, strict=True))


def _whole_sentences(generations: Sequence[Generation]) -> list[str]:
    """The sentences of all generations but those that were not finished and those that repeat another."""
    found: list[str] = []
    for generation in generations:
        text = " ".join(generation.text.split())
        sentences = [text[start:end] for start, end in _ENGLISH.split(text)]
        if sentences and not _ENDED.match(sentences[-1]):
            sentences.pop()
        found += sentences
    return distinct(found)


def _size(sentences: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
