"""The main job: files in, outputs out, through every stage. `Run` is what the command line and `from pipeline import Run` drive.

Stage by stage over all documents, in windows, so that batches cross documents and one model is in memory at a time.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.census import Census
from pipeline.cleaning.loading import identity as identity_of_rules
from pipeline.cleaning.loading import matches
from pipeline.delivery import Delivery
from pipeline.document import Document
from pipeline.engines import check_name
from pipeline.engines.choice import choose_models
from pipeline.errors import UsageError
from pipeline.executors import make_executor
from pipeline.explanation import Explanation
from pipeline.inputs import INPUTS_VERSION, expand, find, safe_name
from pipeline.outputs import OutputFolder
from pipeline.passes import Desk, Meter, Reading, StageWork, timed
from pipeline.progress import Progress, Silent
from pipeline.result import RunResult, StageCount, program_version, signature
from pipeline.roll import Entry, Roll, enough_room
from pipeline.settings import Settings
from pipeline.stages import make_stages
from pipeline.stages.stage import Stage
from pipeline.stages.translate import TranslateStage
from pipeline.stages.translation.corrections import read_corrections
from pipeline.stages.translation.edits import check_edits
from pipeline.stages.translation.glossary import read_glossary
from pipeline.store import Store
from pipeline.writers import load as load_writer
from pipeline.writers.run_info import RunInfo
from pipeline.writers.tables import check_tables


class Run:
    """One run over some inputs: iterate it for the documents, or `execute` it for the files alone; then see `result`.

    `inputs` are files, folders and globs; output goes to `<out>/<name>`, the store lies in `<out>` unless `run.store` says
    otherwise. Raises UsageError for inputs or settings that make no run and ModelError for weights that are not there,
    before any work is done. With `explain`, `explanations` say why each artifact was found or made.
    """

    def __init__(
        self,
        inputs: str | Path | Sequence[str | Path],
        settings: Settings | None = None,
        *,
        out: str | Path = "outputs",
        name: str | None = None,
        progress: Progress | None = None,
        explain: bool = False,
    ) -> None:
        settings = settings or Settings()
        check_settings(settings)
        inputs = [inputs] if isinstance(inputs, str | Path) else inputs
        self.name = _checked(name) if name is not None else default_name(inputs)
        folder, aside = Path(out) / self.name, Counter[str]()
        with enough_room():
            found = find([str(i) for i in inputs], settings.inputs, aside, folder)
            self._roll = Roll(expand(found, settings.inputs))
        choice = choose_models(settings)
        self.settings = choice.settings
        self.stages = make_stages(self.settings)
        line = signature({"read": f"v{INPUTS_VERSION}", **{s.name: s.signature() for s in self.stages}})
        self._executor = make_executor(self.settings)
        self._progress: Progress = progress or Silent()
        self._store_path = Path(self.settings.run.store or Path(out) / "it2en.sqlite")
        self._output = OutputFolder(folder)
        self._info = RunInfo(self.name, line, choice.notices, tuple(choice.models.items()), program_version())
        self.result = RunResult(
            self.name, self._output.path, self.settings, line, choice.models, choice.notices, choice.hints
        )
        self.result.left_aside, self.result.unmet_sites = aside, sorted(self.settings.clean.sites)
        for stage in self.stages:
            if isinstance(stage, TranslateStage):
                self.result.terms.update((term, Counter()) for term in stage.terms)
                self.result.corrections.update(dict.fromkeys(stage.corrected, 0))
        self._explain = explain
        self.explanations: list[Explanation] = []

    def __iter__(self) -> Iterator[Document]:
        """Run, and give each document out once its files are written."""
        yield from self._run(give=True)

    def execute(self) -> RunResult:
        """Run for the files alone: a document whose files are up to date is not even loaded."""
        for _ in self._run(give=False):
            pass
        return self.result

    def _run(self, give: bool) -> Iterator[Document]:
        if self.result.stages:
            raise UsageError("this Run has run already", "make another one: results are found in the store")
        began = time.monotonic()
        with enough_room(), self._output.alone(), Store(self._store_path) as store, closing(self._executor):
            self._remember_settings(store)
            desk = Desk(store, self._output.key, self.explanations if self._explain else None)
            self._read(desk)
            self._count(store)
            for stage in self.stages:
                self._stage(stage, store, desk)
            delivery = Delivery(store, self._output, self._info, self.settings.write, self.result, self._roll)
            with self._counted("write", len(self._roll)) as count:
                for window in self._windows(ended=True):
                    yield from delivery.deliver(window, count, give)
                    self._progress.advance(len(window))
                delivery.tables(self._windows(ended=True))
            self.result.seconds = time.monotonic() - began
            delivery.finish()

    def _read(self, desk: Desk) -> None:
        reading = Reading(self.settings.inputs)
        with self._counted(reading.name, self._roll.live) as count:
            for window in self._windows():
                desk.take(reading, window, count, lambda _: None)
                self.result.unmet_sites = [
                    site for site in self.result.unmet_sites if not any(matches(e.found.path, site) for e in window)
                ]
                self._roll.carry(reading.forget())
                self._roll.save(window)
                self._progress.advance(len(window))

    def _count(self, store: Store) -> None:
        census = Census(store, self._output.key, self.settings.clean.recurring)
        with timed(self.result.stages["read"]):
            census.take(self._windows, self._roll.save)

    def _stage(self, stage: Stage, store: Store, desk: Desk) -> None:
        with (
            self._counted(stage.name, self._roll.live) as count,
            Meter(store, self._progress, count) as meter,
            self._executor.opened(stage, meter, self._store_path) as work,
        ):
            step = StageWork(stage, work, store, meter)
            for window in self._windows(times=self._executor.windows):
                desk.take(step, window, count, meter.made)
                self._roll.save(window)
                meter.finish(len(window))

    def _windows(self, ended: bool = False, times: int = 1) -> Iterator[list[Entry]]:
        size = self.settings.run
        return self._roll.windows(times * size.window, times * size.window_bytes, ended)

    def _remember_settings(self, store: Store) -> None:
        steps: list[Reading | Stage] = [Reading(self.settings.inputs), *self.stages]
        for step in steps:
            values = step.settings.model_dump(mode="json", exclude=set(step.not_in_key))
            store.remember_config(step.fingerprint, values)

    @contextmanager
    def _counted(self, name: str, documents: int) -> Iterator[StageCount]:
        count = self.result.stages.setdefault(name, StageCount())
        self._progress.begin(name, documents)
        with timed(count):
            yield count
        self._progress.end(str(count))


def check_settings(settings: Settings) -> None:
    """Raise UsageError for names in the settings that stand for nothing: formats, executor, engines, rule packs, glossaries, corrections, stages."""
    for name in settings.write.formats:
        load_writer(name)
    check_tables(settings.write.tables)
    for engine in (settings.translate.engine, settings.reread.engine, settings.summarise.engine):
        check_name(engine)
    identity_of_rules(settings.clean)  # loads the packs, those of sites as well
    check_edits(settings.translate.edits)
    read_glossary(settings.translate.glossary, settings.translate.keep)
    read_corrections(settings.translate.corrections)
    make_stages(settings)
    make_executor(settings).close()


def default_name(inputs: Sequence[str | Path]) -> str:
    """The name of a run over these inputs: that of the first file or folder."""
    first = Path(str(inputs[0])) if inputs else Path()
    while re.search(r"[*?\[]", str(first)):
        first = first.parent
    whole = Path(os.path.abspath(first))  # noqa: PTH100 - resolve() would follow links
    return safe_name(whole.stem if os.path.isfile(whole) else whole.name)  # noqa: PTH113 - is_file() trips over link loops


def _checked(name: str) -> str:
    if name != safe_name(name):
        raise UsageError(f"--name {name}: cannot be the name of a folder", f"use something like '{safe_name(name)}'")
    return name
