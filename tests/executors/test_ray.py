"""The parts of the Ray executor that need no Ray: what travels, what a worker makes, what is said where Ray is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from articles import PORT, write_articles

from pipeline import Run
from pipeline.config import load
from pipeline.document import CleanText, Document, Failure, Generation, Segment, Segments, Skip, Source, Translation
from pipeline.engines.choice import choose_models
from pipeline.errors import ConfigError
from pipeline.executors import make_executor
from pipeline.executors.ray import Worker, pack, pack_made, unpack, unpack_made
from pipeline.inputs import read
from pipeline.settings import Inputs
from pipeline.stages import make_stages
from pipeline.store import Store

SETTINGS = load(None, ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive"])


def source() -> Source:
    made = read(PORT.encode(), "txt", Inputs())
    assert isinstance(made, Source)
    return made


def test_a_document_arrives_as_it_left() -> None:
    document = Document("porto", "in/porto.txt", source=source())
    assert unpack(pack(document, (Source, CleanText))) == document


@pytest.mark.parametrize(
    "made", [source(), Skip("clean", "empty", "is empty"), Failure("clean", "E", "broke"), Segments(())]
)
def test_what_was_made_arrives_as_it_left(made: Source | Skip | Failure | Segments) -> None:
    assert unpack_made(pack_made(made)) == made


def test_a_worker_builds_the_stage_from_its_name_and_settings() -> None:
    (clean,) = [stage for stage in make_stages(SETTINGS) if stage.name == "clean"]
    worker = Worker("clean", SETTINGS.model_dump_json(), clean.identity(), None)
    document = Document("porto", "in/porto.txt", source=source())
    rows = worker({"position": [4], "inputs": [pack(document, (Source,))]})
    ((_, expected),) = clean.make([document])
    assert (rows["position"], rows["error"]) == ([4], [""])
    assert unpack_made(rows["made"][0]) == expected


def test_a_worker_with_another_model_says_so_and_works_not() -> None:
    worker = Worker("clean", SETTINGS.model_dump_json(), "other weights", None)
    rows = worker({"position": [0], "inputs": [pack(Document("a", "a", source=source()), (Source,))]})
    assert "is not the one on the driver's machine" in rows["error"][0]
    assert rows["made"] == [""]


class FakeLibrary:
    """A library that answers at once: `ray.get(library.recall.remote(...))` without Ray."""

    def __init__(self, store: Store) -> None:
        self.recall = SimpleNamespace(remote=store.recall)


def test_workers_make_of_a_document_what_a_local_run_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(get=lambda answer: answer))
    write_articles(tmp_path / "in")
    documents = list(Run([tmp_path / "in"], SETTINGS, out=tmp_path / "out"))
    with Store(":memory:") as store:
        store.keep("elsewhere", {"Ciao.": Generation("Hello.", -0.1, 3, 3)})
        for expected in documents:
            document = Document(expected.id, expected.path, source=expected.source)
            for stage in make_stages(choose_models(SETTINGS).settings):
                worker = Worker(stage.name, SETTINGS.model_dump_json(), stage.identity(), FakeLibrary(store))
                rows = worker({"position": [0], "inputs": [pack(document, stage.reads)]})
                document = document.plus(unpack_made(rows["made"][0]))
                for space, fresh in json.loads(rows["fresh"][0]).items():
                    store.keep(space, {text: Generation(*values) for text, values in fresh})
            assert document == expected


def test_a_worker_decodes_nothing_that_the_library_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(get=lambda answer: answer))
    segments = Segments((Segment(1, 0, 0, 5, "paragraph", "Piove da ieri.", ""),))
    packed = pack(Document("a", "a", segments=segments), (Segments,))
    (translate,) = [s for s in make_stages(choose_models(SETTINGS).settings) if s.name == "translate"]
    with Store(":memory:") as store:
        worker = Worker("translate", SETTINGS.model_dump_json(), translate.identity(), FakeLibrary(store))
        ((space, fresh),) = json.loads(worker({"position": [0], "inputs": [packed]})["fresh"][0]).items()
        store.keep(space, {text: Generation("It has been raining since yesterday.", -0.1, 4, 7) for text, _ in fresh})
        rows = worker({"position": [0], "inputs": [packed]})
    made = unpack_made(rows["made"][0])
    assert isinstance(made, Translation)
    assert made.pairs[0].target == "It has been raining since yesterday."
    assert json.loads(rows["fresh"][0]) == {}


def test_without_ray_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(ConfigError, match="not installed") as caught:
        make_executor(load(None, ["run.executor=ray"]))
    assert "it2en[ray]" in caught.value.hint


def test_an_unknown_executor_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        make_executor(load(None, ["run.executor=rai"]))
    assert "did you mean 'ray'" in caught.value.hint
