"""The check stage: flags for the reviewer. It changes nothing and drops nothing; what each flag is, `flagging/flags.py` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.document import Checks, CleanText, Document, Flag, Rereading, Segments, Summary, Translation
from pipeline.settings import Check, Run
from pipeline.stages.flagging.flags import FLAGS, look_for
from pipeline.stages.stage import Made, Stage


class CheckStage(Stage):
    """All that can be checked of a document to Checks. `reads` leaves out what is switched off: so do the flags that need it."""

    name = "check"
    version = 11
    not_in_key = frozenset({"fail_on"})  # it decides how a run ends, not what is flagged
    reads: tuple[type, ...] = (CleanText, Segments, Translation, Rereading, Summary)
    makes = Checks

    def __init__(self, config: Check, run: Run, reads: tuple[type, ...] = reads) -> None:
        super().__init__(config, run)
        self.config = config
        self.reads = reads  # what there is to read depends on the run

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """The flags of each document: those on the whole first, then by segment, then by sentence of the summary."""
        for i, document in enumerate(documents):
            yield i, Checks(tuple(sorted(self._flags(document), key=_order)))

    def _flags(self, document: Document) -> Iterator[Flag]:
        levels, there = self.config.flags.model_dump(), set(self.reads)
        wanted = [name for name, flag in FLAGS.items() if levels[name] != "off" and there.issuperset(flag.reads)]
        for name, found in look_for(wanted, document, self.config):
            spans = found.source_spans, found.target_spans
            yield Flag(name, levels[name], found.message, found.segment, found.sentence, *spans)


def _order(flag: Flag) -> tuple[int, int, int, int]:
    """The document, then its segments, then the summary; ties are broken by the table's order."""
    whole = (flag.segment is not None) + 2 * (flag.sentence is not None)
    return whole, flag.segment or 0, flag.sentence or 0, _PLACE[flag.id]


_PLACE = {name: i for i, name in enumerate(FLAGS)}
