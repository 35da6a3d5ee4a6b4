from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from checkpoints import PAIRS, make_t5
from conftest import ROOT

from pipeline.engines import conversion, open_engine
from pipeline.engines import ctranslate2 as module
from pipeline.engines.automatic import settle
from pipeline.engines.conversion import converted, converted_home, is_converted
from pipeline.engines.ctranslate2 import CTranslate2, layout
from pipeline.engines.engine import Generation
from pipeline.engines.models import Model, is_embedded, resolve
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding, Run

ITALIAN = [italian for italian, _ in PAIRS]
ENGLISH = [english for _, english in PAIRS]
RUN = Run(batch_tokens=256, device="cpu")


def two_hundred() -> list[str]:
    """Sentences of the fixtures cut and joined in many ways, and what else turns up in scraped text."""
    words = [text.rstrip(".").split() for text in ITALIAN]
    mixed = [
        " ".join([*one[:cut], *two[cut:]]) + "." for i, one in enumerate(words) for two in words[:i] for cut in (1, 3)
    ]
    odd = ["</s> Il <pad> gatto", ">>fra<< La nave.", "Perché €5 😀?", "x", "…", "«Sì», disse.", "A  B", "1.234,56"]
    return list(dict.fromkeys([*ITALIAN, *odd, *mixed]))[:200]


def opened(folder: Path, precision: str = "float32", run: Run = RUN, **decoding: Any) -> CTranslate2:
    engine = open_engine("ctranslate2", resolve(str(folder), "translate"), Decoding(**decoding), run, precision)
    assert isinstance(engine, CTranslate2)
    return engine


def held_against_transformers(model: Model, texts: list[str], within: float = 0.0015, **decoding: Any) -> None:
    """The same words, and scores that differ by no more than what padding and unknown are thought to be worth."""
    ours, theirs = (
        open_engine(name, model, Decoding(**decoding), RUN, "float32") for name in ("ctranslate2", "transformers")
    )
    assert ours.count(texts) == theirs.count(texts)
    assert ours.limit == theirs.limit
    for one, two in zip(ours.generate(texts), theirs.generate(texts), strict=True):
        assert (one.text, one.tokens_in, one.tokens_out, one.truncated) == (
            two.text, two.tokens_in, two.tokens_out, two.truncated,
        )  # fmt: skip
        assert one.score == pytest.approx(two.score, abs=within)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, where nothing is converted yet."""
    monkeypatch.setenv("IT2EN_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "converted"


@pytest.mark.parametrize("decoding", [{}, {"beam_size": 1}, {"max_new_ratio": 0.1, "max_new_extra": 3}])
def test_float32_says_what_transformers_says_token_for_token(marian: Path, decoding: dict[str, Any]) -> None:
    texts = two_hundred()
    assert len(texts) == 200
    held_against_transformers(resolve(str(marian), "translate"), texts, **decoding)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not is_embedded("embedded/it-en"), reason="the embedded weights are not in this checkout")
def test_float32_says_what_transformers_says_with_real_weights() -> None:
    seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("expected/*"))]
    lines = [part.strip() for text in seeds for line in text.split("\n") for part in line.split(". ")]
    texts = list(dict.fromkeys(line for line in lines if 20 < len(line) < 300))[:200]
    assert len(texts) > 100
    held_against_transformers(resolve("embedded/it-en", "translate"), texts)


def test_a_summariser_says_what_transformers_says(bart: Path) -> None:
    texts = [f"{one} {two}" for one, two in pairwise(ENGLISH)]
    held_against_transformers(resolve(str(bart), "summarise"), texts, no_repeat_ngram_size=3, length_penalty=2.0)
    held_against_transformers(resolve(str(bart), "summarise"), texts, max_new_ratio=0.1, max_new_extra=3)


def test_t5_says_what_transformers_says(tmp_path: Path) -> None:
    model = resolve(str(make_t5(tmp_path / "t5")), "summarise")
    held_against_transformers(model, ENGLISH, within=0.02)  # trained for seconds, it still believes in padding a little
    held_against_transformers(model, ENGLISH, within=0.02, max_new_ratio=0.1, max_new_extra=3)


def test_the_padding_row_that_decoding_starts_from_is_kept(marian: Path) -> None:
    from safetensors.torch import load_file

    row = load_file(marian / "model.safetensors")["model.shared.weight"][-1]
    assert float(row.abs().max()) > 0.01, "this checkpoint cannot show it"
    assert opened(marian).generate(ITALIAN[:1])[0].text == PAIRS[0][1]


def test_a_bart_config_that_does_not_say_where_it_normalises_is_converted(bart: Path, home: Path) -> None:
    assert "normalize_before" not in json.loads((bart / "config.json").read_text(encoding="utf-8"))
    assert opened(bart).generate(ENGLISH[:1])[0].text


def test_int8_is_another_model_on_disk_and_translates(marian: Path) -> None:
    made = opened(marian, "int8").generate(ITALIAN)
    assert sum(one.text == english for one, english in zip(made, ENGLISH, strict=True)) > 12
    assert is_converted(resolve(str(marian), "translate"), "int8")
    assert "int8" in converted(resolve(str(marian), "translate"), "int8").name


def test_the_number_of_workers_changes_nothing(marian: Path) -> None:
    texts = two_hundred()[:60]
    one, three = (opened(marian, run=Run(batch_tokens=64, threads=n, device="cpu")) for n in (1, 3))
    assert one.generate(texts) == three.generate(texts)


def test_a_checkpoint_is_converted_once_and_found_by_content(
    marian: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = resolve(str(marian), "translate")
    assert not is_converted(model, "float32")
    folder = converted(model, "float32")
    assert folder.parent == home
    assert is_converted(model, "float32")
    copy = resolve(str(shutil.copytree(marian, tmp_path / "elsewhere")), "translate")
    monkeypatch.setattr(conversion, "_convert", lambda *_: pytest.fail("converted again"))
    assert converted(copy, "float32") == folder


def test_a_damaged_conversion_is_made_anew(marian: Path, home: Path) -> None:
    model = resolve(str(marian), "translate")
    folder = converted(model, "float32")
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[:-1] + b"x")
    assert (converted(model, "float32") / "model.bin").read_bytes() == whole


def test_an_interrupted_conversion_leaves_nothing_that_is_taken_for_one(
    marian: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = resolve(str(marian), "translate")

    def interrupted(_: Model, folder: Path, precision: str) -> None:
        folder.mkdir()
        (folder / "model.bin").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(conversion, "_convert", interrupted)
        with pytest.raises(KeyboardInterrupt):
            converted(model, "float32")
    assert not is_converted(model, "float32")
    assert opened(marian).generate(ITALIAN[:1])[0].text == PAIRS[0][1]


def test_two_processes_that_want_the_same_conversion_share_it(marian: Path, home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from pipeline.engines import conversion as c\n"
        "from pipeline.engines.models import resolve\n"
        "made, do = [], c._convert\n"
        "c._convert = lambda *a: (made.append(1), do(*a))\n"
        "print(len(made), c.converted(resolve(sys.argv[1], 'translate'), 'float32').name, len(made))"
    )
    command = [sys.executable, "-c", script, str(marian)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0].split() for process in both]
    assert sorted(answer[2] for answer in said) == ["0", "1"]
    assert said[0][1] == said[1][1]


def test_where_the_home_cannot_be_written_a_temporary_folder_serves(
    marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    model = resolve(str(marian), "translate")
    monkeypatch.setenv("IT2EN_HOME", str(tmp_path / "file"))
    engine = open_engine("ctranslate2", model, Decoding(), RUN, "float32")
    assert engine.generate(ITALIAN[:1])[0].text == PAIRS[0][1]
    assert "it2en-converted-" in converted_home().name


def test_what_is_wrong_with_a_checkpoint_is_told_as_transformers_tells_it(marian: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(marian, tmp_path / "copy"))
    whole = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelBroken, match="cannot be loaded") as raised:
        opened(copy)
    assert "models check" in raised.value.hint


def test_weights_that_are_not_numbers_are_told(marian: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    copy = Path(shutil.copytree(marian, tmp_path / "copy"))
    tensors = dict(load_file(copy / "model.safetensors"))
    name = "model.decoder.layers.0.fc2.bias"
    save_file(tensors | {name: tensors[name] * float("nan")}, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelBroken, match="no numbers"):
        opened(copy).generate(ITALIAN[:1])


def test_once_converted_a_model_needs_neither_torch_nor_transformers(marian: Path) -> None:
    opened(marian)
    script = (
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "from pipeline.engines import open_engine; from pipeline.engines.models import resolve\n"
        "from pipeline.settings import Decoding, Run\n"
        "model = resolve(sys.argv[1], 'translate')\n"
        "engine = open_engine('ctranslate2', model, Decoding(), Run(device='cpu'), 'float32')\n"
        "print(engine.generate([sys.argv[2]])[0].text)"
    )
    command = [sys.executable, "-c", script, str(marian), ITALIAN[0]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == PAIRS[0][1]


class Scarce:
    """A translator that has memory for so many texts at a time."""

    def __init__(self, translator: Any, most: int, error: Exception) -> None:
        self.translator, self.most, self.error, self.sizes = translator, most, error, list[int]()

    def translate_batch(self, source: list[list[str]], **options: Any) -> Any:
        self.sizes.append(len(source))
        if len(source) > self.most:
            raise self.error
        return self.translator.translate_batch(source, **options)


@pytest.mark.parametrize("error", [RuntimeError("CUDA failed with error out of memory"), MemoryError("std::bad_alloc")])
def test_out_of_memory_halves_the_batch_and_goes_on(marian: Path, error: Exception) -> None:
    expected, engine = opened(marian).generate(ITALIAN), opened(marian, run=Run(batch_tokens=256, threads=1))
    scarce = engine._translator = Scarce(engine._translator, 2, error)
    assert engine.generate(ITALIAN) == expected
    assert max(scarce.sizes) > 2
    scarce.sizes.clear()
    assert engine.generate(ITALIAN) == expected
    assert max(scarce.sizes) <= 2, "the lesson was forgotten"


def test_a_text_that_does_not_fit_alone_is_an_error(marian: Path) -> None:
    engine = opened(marian)
    engine._translator = Scarce(engine._translator, 0, MemoryError())
    with pytest.raises(EngineError, match="memory ran out on a single text"):
        engine.generate(ITALIAN)


def test_other_trouble_while_decoding_is_an_engine_error(marian: Path) -> None:
    engine = opened(marian)
    engine._translator = Scarce(engine._translator, 0, RuntimeError("device lost"))
    with pytest.raises(EngineError, match="device lost"):
        engine.generate(ITALIAN)


def test_a_precision_that_the_device_does_not_have_is_told(marian: Path) -> None:
    with pytest.raises(EngineError, match="float16") as raised:
        opened(marian, "float16")
    assert "int8" in raised.value.hint


def test_a_missing_cuda_device_is_told(marian: Path) -> None:
    if module.has_cuda():
        pytest.skip("there is one")
    with pytest.raises(EngineError, match="CUDA"):
        opened(marian, run=Run(device="cuda"))


def test_a_checkpoint_of_another_kind_is_told(marian: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(marian, tmp_path / "copy"))
    values = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    (copy / "config.json").write_text(json.dumps(values | {"model_type": "prophetnet"}), encoding="utf-8")
    with pytest.raises(EngineError, match="does not run"):
        opened(copy)
    assert settle("auto", "auto", resolve(str(copy), "translate"), RUN).engine == "transformers"


def test_the_threads_are_laid_out_over_workers() -> None:
    assert [layout(n) for n in (1, 2, 8, 9, 16, 64)] == [(1, 1), (2, 1), (8, 1), (4, 2), (8, 2), (8, 8)]
    assert layout(0) == layout(module.available_cores())


def test_auto_takes_ctranslate2_and_int8_on_a_cpu_and_says_so(marian: Path) -> None:
    settled = settle("auto", "auto", resolve(str(marian), "translate"), RUN)
    assert (settled.engine, settled.precision) == ("ctranslate2", "int8")
    assert "int8" in settled.why
    assert "CPU" in settled.why


def test_auto_does_without_ctranslate2(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.automatic.find_spec", lambda _: None)
    settled = settle("auto", "auto", resolve(str(marian), "translate"), RUN)
    assert (settled.engine, settled.precision) == ("transformers", "float32")
    assert "not installed" in settled.why


def test_what_is_named_is_not_chosen_again(marian: Path) -> None:
    model = resolve(str(marian), "translate")
    for engine, precision in (("ctranslate2", "float32"), ("transformers", "float32")):
        settled = settle(engine, precision, model, RUN)
        assert (settled.engine, settled.precision, settled.why) == (engine, precision, "")


def test_duplicates_are_decoded_once(marian: Path) -> None:
    engine = opened(marian)
    scarce = engine._translator = Scarce(engine._translator, 99, MemoryError())
    made = engine.generate([ITALIAN[0], ITALIAN[1], ITALIAN[0], "", ITALIAN[0]])
    assert sum(scarce.sizes) == 2
    assert made[0] == made[2] == made[4] != made[1]
    assert made[3] == Generation("", 0.0, 0, 0)


def test_several_batches_are_under_way_before_the_first_is_read(marian: Path) -> None:
    engine = opened(marian, run=Run(batch_tokens=32, threads=1))
    scarce = engine._translator = Scarce(engine._translator, 99, MemoryError())
    stream: Iterator[Any] = engine.stream(ITALIAN)
    next(stream)
    assert len(scarce.sizes) == module.AHEAD
