"""The parts of the Ray executor that need no Ray: what travels, what a worker makes, what is said where Ray is missing."""

from __future__ import annotations

import sys

import pytest
from articles import PORT

from pipeline.config import load
from pipeline.document import CleanText, Document, Failure, Segments, Skip, Source
from pipeline.errors import ConfigError
from pipeline.executors import make_executor
from pipeline.executors.ray import Worker, pack, pack_made, unpack, unpack_made
from pipeline.inputs import read
from pipeline.settings import Inputs
from pipeline.stages import make_stages

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
