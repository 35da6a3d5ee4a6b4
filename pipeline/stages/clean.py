"""The stage that makes the clean text, and leaves out documents that have none or are in another language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline.cleaning import cleaner, loading
from pipeline.document import CleanText, Document, Recurrence, Skip, Source
from pipeline.settings import Clean, Run
from pipeline.stages.detection.language import KINDRED, NAMES, ranked_languages
from pipeline.stages.stage import Made, Stage

MIN_WORDS = 8  # in running text; what is shorter tells too little of its language
MIN_LETTERS = 60
MIN_PROBABILITY = 0.9  # that it is in the other language
MIN_MARGIN = 0.5  # over the probability that it is Italian
SAMPLE = 4000  # characters; more of them make the judgement no better


class CleanStage(Stage):
    """Source to CleanText by the rules of `clean.packs`."""

    name = "clean"
    version = 6
    reads = (Source,)
    may_read = (Recurrence,)
    makes = CleanText
    not_in_key = frozenset({"packs", "without", "sites", "recurring"})  # what comes of them is

    def __init__(self, config: Clean, run: Run) -> None:
        super().__init__(config, run)
        self.config = config

    def identity(self) -> str:
        """A hash of all rules, so that a changed pack shows in the signature."""
        return loading.identity(self.config)

    def parts(self, digests: Mapping[type, str], path: str = "") -> dict[str, str]:
        """As for any stage, but with the rules for documents at this path alone, and with the lines that recur, where any do."""
        made = {**super().parts(digests, path), "model": loading.load(self.config, path).digest()}
        return {**made, "recurring": digests[Recurrence]} if Recurrence in digests else made

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """The clean text of each document, or a Skip: 'no_text', 'wrong_language'."""
        for position, document in enumerate(documents):
            yield position, self._one(document)

    def _one(self, document: Document) -> Made:
        recurrence = document.recurrence or Recurrence()
        clean = cleaner.clean(document.get(Source), self.config, document.path, recurrence)
        if not any(character.isalnum() for character in clean.text):
            return Skip(self.name, "no_text", f"nothing is left but menus and other boilerplate ({_takers(clean)})")
        if self.config.language == "skip":
            other = foreign_language(clean)
            if other is not None:
                name, probability = other
                advice = "set clean.language: keep to translate it anyway"
                return Skip(self.name, "wrong_language", f"reads as {name} (p = {probability:.2f}); {advice}")
        return clean


def _takers(clean: CleanText) -> str:
    """The rules that took most, with the number of lines each took."""
    counts = Counter(removed.rule for removed in clean.removed if removed.kind != "space")
    return ", ".join(f"{rule}: {count}" for rule, count in counts.most_common(4)) or "no rule took anything"


def foreign_language(clean: CleanText) -> tuple[str, float] | None:
    """The language that an article is clearly in, with its probability, if that is not Italian; None where in doubt."""
    sample = _running_text(clean)
    if len(sample.split()) < MIN_WORDS or sum(c.isalpha() for c in sample) < MIN_LETTERS:
        return None
    ranked = ranked_languages(sample)
    best, probability = next(iter(ranked.items()))
    if best in KINDRED or probability < MIN_PROBABILITY or probability - ranked.get("it", 0.0) < MIN_MARGIN:
        return None
    return NAMES.get(best, f"language '{best}'"), probability


def _running_text(clean: CleanText) -> str:
    """The article's start without headings, where most foreign names are; all of it if there are only headings."""
    pieces: list[str] = []
    position = 0
    for kept in clean.kept:
        length = kept.end - kept.start
        if kept.kind in {"paragraph", "list", "subtitle"}:
            pieces.append(clean.text[position : position + length])
        position += length + len(kept.after)
    return (" ".join(pieces) or clean.text)[:SAMPLE]
