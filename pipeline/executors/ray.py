"""Runs stages on Ray Data actors, on this machine or a cluster. Workers share nothing: no disk, no store, no pickled stage.

A worker is told a stage's name and settings and builds the stage itself. What it wants to remember it asks of a library on
the driver's machine, which reads the store; what it decodes goes back with its results, and the driver stores it.
"""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import errors
from pipeline.document import FIELDS, Document, Failure, Generation, Skip
from pipeline.engines.engine import Memory
from pipeline.errors import ConfigError, EngineError, It2enError, ModelBroken
from pipeline.executors.executor import Executor, Work
from pipeline.settings import Settings
from pipeline.stages import make_stages
from pipeline.stages.stage import Made, Stage
from pipeline.store import Store, deserialise, serialise

APPETITE = 8  # windows for each worker: starting workers takes seconds, so they are given much at once
RETRIES = 3  # of a batch whose worker died: a document that kills every worker must not be tried for ever


class RayExecutor(Executor):
    """One Ray Data job for each portion of documents; Ray is started, or joined, when the first stage has work."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigError where Ray is not installed or cannot be used as configured."""
        try:
            import ray.data  # noqa: F401 - found out before any work is done
        except ImportError as error:
            raise ConfigError(
                "run.executor: 'ray' needs Ray, which is not installed", "install it with: pip install 'it2en[ray]'"
            ) from error
        if settings.run.ray.address.startswith("ray://"):
            raise ConfigError(
                f"run.ray.address: {settings.run.ray.address}: the Ray client is not supported",
                "run it2en on a machine of the cluster, with the address auto or HOST:PORT",
            )
        self._settings, self._ray = settings, settings.run.ray
        self.windows = APPETITE * self._ray.actors
        self._mine = False
        self._library: Any = None

    @contextmanager
    def opened(self, stage: Stage, memory: Memory, store: Path) -> Iterator[Work]:
        """A work function that sends documents to workers. The stage here is never opened: it only gives its name."""
        if str(store) == ":memory:":
            raise ConfigError("run.store: workers cannot read a store in memory", "name a file")
        yield partial(self._work, stage, memory, store)

    def close(self) -> None:
        """Let go of Ray, if it was started or joined here."""
        import ray

        if self._library is not None:
            ray.kill(self._library)
            self._library = None
        if self._mine:
            ray.shutdown()
            self._mine = False

    def _start(self, store: Path) -> None:
        """Start or join Ray, and set up the library; once."""
        if self._library is None:
            self._join()
            self._library = _library(store)

    def _join(self) -> None:
        import ray
        from ray.data import DataContext

        DataContext.get_current().enable_progress_bars = False
        if ray.is_initialized():
            return
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        if self._ray.address == "local":  # room for the workers, and a core for Ray's own tasks
            cores = max(os.cpu_count() or 1, self._ray.actors * self._ray.cpus + 1)
            options |= {"num_cpus": cores, "include_dashboard": False}
        try:
            ray.init(address=self._ray.address, **options)
        except Exception as error:  # Ray raises what it likes here: ConnectionError, RuntimeError, ValueError
            raise EngineError(
                f"run.ray.address: {self._ray.address}: {' '.join(str(error).split())[:300]}",
                "is the cluster up, and RAY_AUTH_TOKEN the same on every machine? See docs/scale.md",
            ) from error
        self._mine = True
        for name in ("ray.data", "ray"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised

    def _work(
        self, stage: Stage, memory: Memory, store: Path, documents: Sequence[Document]
    ) -> Iterator[tuple[int, Made]]:
        import ray

        self._start(store)
        rows = [
            {"position": i, "inputs": pack(document, (*stage.reads, *stage.may_read))}
            for i, document in enumerate(documents)
        ]
        job = self._job(rows, [stage.name, self._told(), stage.identity(), self._library])
        try:
            for row in job.iter_rows():
                _raise(row["error"])
                for space, generations in json.loads(row["fresh"]).items():
                    memory.keep(space, {text: Generation(*values) for text, values in generations})
                yield int(row["position"]), unpack_made(row["made"])
        except ray.exceptions.RayError as error:
            raise EngineError(
                f"Ray gave up on the stage '{stage.name}': {str(error).splitlines()[-1][:300]}",
                "what was made is stored; where a document kills its worker, run.executor=local finds it",
            ) from error

    def _job(self, rows: Sequence[Mapping[str, Any]], constructor: Sequence[Any]) -> Any:
        import ray

        portion = min(self._ray.batch, -(-len(rows) // self._ray.actors))
        portions = -(-len(rows) // portion)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # 2.60 calls max_task_retries deprecated, and has no other name for it
            return ray.data.from_items(list(rows), override_num_blocks=portions).map_batches(
                Worker,
                batch_size=portion,
                compute=ray.data.ActorPoolStrategy(size=min(self._ray.actors, portions)),
                num_cpus=self._ray.cpus,
                num_gpus=self._ray.num_gpus or None,
                max_task_retries=RETRIES,
                fn_constructor_args=list(constructor),
            )

    def _told(self) -> str:
        """The settings as workers get them: with threads for the cores that each has."""
        run = self._settings.run
        return self._settings.model_copy(
            update={"run": run.model_copy(update={"threads": run.threads or self._ray.cpus})}
        ).model_dump_json()


class Worker:
    """A stage in a process of its own, somewhere. Errors of the program travel as values, so that they arrive as they were."""

    def __init__(self, stage: str, settings: str, identity: str, library: Any) -> None:
        self._loan = Loan(library)
        self._error = ""
        try:
            known = {s.name: s for s in make_stages(Settings.model_validate_json(settings))}
            self._stage = known[stage]
            if self._stage.identity() != identity:
                raise ModelBroken(
                    f"the model behind '{stage}' on {os.uname().nodename} is not the one on the driver's machine",
                    "install the same models everywhere (copy IT2EN_HOME)",
                )
            self._stage.open(self._loan)
        except It2enError as error:
            self._error = _packed_error(error)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Rows {position, inputs} to rows {position, made, fresh, error}."""
        positions = [int(p) for p in batch["position"]]
        if not self._error:
            try:
                made = dict(self._stage.attempt([unpack(inputs) for inputs in batch["inputs"]]))
                fresh = ["{}"] * (len(made) - 1) + [self._loan.returned()]
                bodies = [pack_made(made[i]) for i in range(len(positions))]
                return {"position": positions, "made": bodies, "fresh": fresh, "error": [""] * len(positions)}
            except It2enError as error:
                self._error = _packed_error(error)
        empty = [""] * len(positions)
        return {"position": positions, "made": empty, "fresh": empty, "error": [self._error] * len(positions)}


class Loan:
    """A worker's memory: what the library knows, and what was decoded here since the last return."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._fresh: dict[str, dict[str, Generation]] = {}

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        """What is known of these texts, here or in the store."""
        import ray

        known: dict[str, Generation] = ray.get(self._library.recall.remote(space, list(texts)))
        own = self._fresh.get(space, {})
        return {**{text: own[text] for text in texts if text in own}, **known}

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        """Hold what was decoded until it is returned."""
        self._fresh.setdefault(space, {}).update(generations)

    def returned(self) -> str:
        """Everything that is held, as JSON for the driver; it is held no longer."""
        fresh, self._fresh = self._fresh, {}
        return json.dumps({s: [[text, astuple(g)] for text, g in held.items()] for s, held in fresh.items()})


class Library:
    """Reads the store for all workers. It lies on the driver's machine, beside the one process that writes."""

    def __init__(self, store: str) -> None:
        self._store = Store(store)

    def recall(self, space: str, texts: list[str]) -> dict[str, Generation]:
        """What the store knows of these texts."""
        return self._store.recall(space, texts)


def _library(store: Path) -> Any:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    remote = ray.remote(Library).options(num_cpus=0, max_restarts=-1, max_task_retries=-1, scheduling_strategy=here)
    return remote.remote(str(store.resolve()))


# ---- what travels


def pack(document: Document, kinds: Sequence[type]) -> str:
    """A document with artifacts of these kinds as JSON; `unpack` gives it back."""
    artifacts = [[kind.__name__, serialise(document.get(kind)).decode()] for kind in kinds if document.has(kind)]
    return json.dumps([document.id, document.path, artifacts])


def unpack(packed: str) -> Document:
    """The document that was packed."""
    name, path, artifacts = json.loads(packed)
    document = Document(name, path)
    for kind, body in artifacts:
        document = document.plus(deserialise(kind, body.encode()))
    return document


def pack_made(made: Made) -> str:
    """What a stage made as JSON; `unpack_made` gives it back."""
    if isinstance(made, Failure):
        return json.dumps(["Failure", asdict(made)])
    return json.dumps([type(made).__name__, serialise(made).decode()])


def unpack_made(packed: str) -> Made:
    """What was packed."""
    kind, body = json.loads(packed)
    if kind == "Failure":
        return Failure(**body)
    made: Made = deserialise(kind, body.encode())
    assert isinstance(made, (*FIELDS, Skip))
    return made


def _packed_error(error: It2enError) -> str:
    return json.dumps([type(error).__name__, str(error), error.hint])


def _raise(packed: str) -> None:
    if packed:
        name, message, hint = json.loads(packed)
        raise getattr(errors, name)(message, hint)
