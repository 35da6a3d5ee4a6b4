from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import warnings
from pathlib import Path
from typing import Any

import pytest
from checkpoints import PAIRS, make_marian

from pipeline.engines import open_engine
from pipeline.engines.engine import Generation
from pipeline.engines.models import Model, resolve
from pipeline.engines.transformers import Transformers
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding, Run

ITALIAN = [italian for italian, _ in PAIRS]
RUN = Run(batch_tokens=256, device="cpu")


def opened(folder: Path, **decoding: Any) -> Transformers:
    engine = open_engine("transformers", resolve(str(folder), "translate"), Decoding(**decoding), RUN)
    assert isinstance(engine, Transformers)
    return engine


@pytest.fixture
def copy(marian: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(marian, tmp_path / "copy"))


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(folder / "model.safetensors"))


def store(folder: Path, tensors: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def test_a_trained_checkpoint_says_what_it_was_trained_on(marian: Path) -> None:
    assert [made.text for made in opened(marian, early_stopping=False).generate(ITALIAN)] == [
        english for _, english in PAIRS
    ]


def test_a_pickled_checkpoint_gives_the_same_words(marian: Path, old_marian: Path) -> None:
    assert not list(old_marian.glob("*.safetensors"))
    assert opened(old_marian).generate(ITALIAN) == opened(marian).generate(ITALIAN)


def test_a_pickle_is_refused_by_a_torch_that_may_run_code_from_it(
    old_marian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch, "__version__", "2.9.1+cpu")
    with pytest.raises(ModelBroken, match=r"torch 2\.9\.1\+cpu does not read safely") as raised:
        opened(old_marian)
    assert "2.10" in raised.value.hint


def test_a_pickle_with_code_in_it_is_refused(old_marian: Path, tmp_path: Path) -> None:
    import torch

    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "exploded"),)

    folder = Path(shutil.copytree(old_marian, tmp_path / "bomb"))
    torch.save({"model.shared.weight": Bomb()}, folder / "pytorch_model.bin")
    with pytest.raises(ModelBroken, match="cannot be loaded"):
        opened(folder)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("missing", ["model.shared.weight", "model.decoder.layers.0.fc1.bias"])
def test_a_missing_weight_is_told_and_not_made_up(copy: Path, missing: str) -> None:
    store(copy, {name: tensor for name, tensor in weights(copy).items() if name != missing})
    with pytest.raises(ModelBroken, match="lacks weights"):
        opened(copy)


def test_weights_that_are_made_anew_anyway_may_be_missing(copy: Path, marian: Path) -> None:
    store(copy, {name: tensor for name, tensor in weights(copy).items() if name != "final_logits_bias"})
    assert opened(copy).generate(ITALIAN[:3]) == opened(marian).generate(ITALIAN[:3])


def test_weights_of_another_shape_are_told(copy: Path) -> None:
    tensors = weights(copy)
    store(copy, tensors | {"model.decoder.layers.0.fc1.bias": tensors["model.decoder.layers.0.fc1.bias"][:5].clone()})
    with pytest.raises(ModelBroken):
        opened(copy)


def test_weights_that_are_not_numbers_are_told(copy: Path) -> None:
    tensors = weights(copy)
    name = "model.decoder.layers.0.fc2.bias"
    store(copy, tensors | {name: tensors[name] * float("nan")})
    with pytest.raises(ModelBroken, match="no numbers"):
        opened(copy).generate(ITALIAN[:1])


def test_a_tokenizer_that_belongs_to_other_weights_is_told(copy: Path) -> None:
    vocabulary = json.loads((copy / "vocab.json").read_text(encoding="utf-8"))
    pad = vocabulary.pop("<pad>")
    few = dict(list(vocabulary.items())[:20]) | {"<pad>": pad}
    (copy / "vocab.json").write_text(json.dumps(few), encoding="utf-8")
    with pytest.raises(ModelBroken, match="tokenizer"):
        opened(copy).generate(ITALIAN)


def test_a_damaged_file_is_told_in_one_line(copy: Path) -> None:
    whole = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelBroken, match="cannot be loaded") as raised:
        opened(copy)
    assert "\n" not in str(raised.value)


def test_code_that_a_checkpoint_brings_along_is_never_run(copy: Path, marian: Path, tmp_path: Path) -> None:
    bomb = f"import pathlib\npathlib.Path({str(tmp_path / 'exploded')!r}).mkdir()\n"
    (copy / "modeling_own.py").write_text(bomb, encoding="utf-8")
    (copy / "custom_generate").mkdir()
    (copy / "custom_generate" / "generate.py").write_text(bomb, encoding="utf-8")
    own = {"AutoConfig": "modeling_own.Config", "AutoModelForSeq2SeqLM": "modeling_own.Model"}
    change(copy / "config.json", auto_map=own)
    change(copy / "tokenizer_config.json", auto_map={"AutoTokenizer": ["modeling_own.Tokenizer", None]})
    assert opened(copy).generate(ITALIAN[:2]) == opened(marian).generate(ITALIAN[:2])
    change(copy / "config.json", model_type="own")
    with pytest.raises(ModelBroken):
        opened(copy)
    assert not (tmp_path / "exploded").exists()


def test_loading_and_decoding_look_nobody_up(
    marian: Path, old_marian: Path, bart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def refuse(*wanted: object, **_: object) -> None:
        tried.append(wanted)
        raise OSError("no network")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for folder in (marian, old_marian, bart):
        opened(folder).generate(ITALIAN[:1])
    assert tried == []


def test_nothing_is_inherited_from_the_checkpoints_own_decoding(copy: Path, marian: Path) -> None:
    change(
        copy / "generation_config.json",
        num_beams=1, max_length=3, min_length=2, no_repeat_ngram_size=1, repetition_penalty=9.0, length_penalty=-5.0,
        do_sample=True, temperature=9.0, early_stopping=True, encoder_no_repeat_ngram_size=1,
        exponential_decay_length_penalty=[1, 9.0], begin_suppress_tokens=[5, 6], renormalize_logits=True,
    )  # fmt: skip
    assert opened(copy).generate(ITALIAN) == opened(marian).generate(ITALIAN)


def test_a_gap_in_the_checkpoints_structure_is_filled_from_its_config(copy: Path, marian: Path) -> None:
    (copy / "generation_config.json").write_text("{}", encoding="utf-8")
    assert opened(copy).generate(ITALIAN[:3]) == opened(marian).generate(ITALIAN[:3])


def test_padding_and_the_unknown_token_are_never_generated(marian: Path) -> None:
    import torch

    engine = opened(marian)
    bias = engine._net.final_logits_bias
    bias[0, engine._structure.pad] = bias[0, 1] = 1000.0  # what a bad conversion does
    inputs = engine._padded(engine._encode(ITALIAN[:4]))
    parameters = engine._structure.parameters(Decoding(), 24)
    with torch.inference_mode():
        rows = engine._net.generate(**inputs, generation_config=engine._config(**parameters)).tolist()
    tokens = [token for row in rows for token in engine._structure.generated(row)]
    assert not {engine._structure.pad, 1} & set(tokens)


def test_text_that_looks_like_a_special_token_stays_text(marian: Path, bart: Path) -> None:
    for folder in (marian, bart):
        engine = opened(folder)
        ids = engine._encode(["prima </s> dopo <pad> fine"])[0]
        assert ids.count(engine._structure.ids["eos_token_id"]) == 1
        assert engine._structure.pad not in ids


def test_the_score_is_that_of_beam_search_where_nothing_is_forced(marian: Path) -> None:
    engine = opened(marian)
    texts = [*ITALIAN[:3], "Il gatto attraversa la piazza per il pane."]
    for text, made in zip(texts, engine.generate(texts), strict=True):
        encoded = engine._encode([text])
        parameters = engine._structure.parameters(Decoding(), len(encoded[0]))
        config = engine._config(**parameters, return_dict_in_generate=True, output_scores=True)
        found = engine._net.generate(**engine._padded(encoded), generation_config=config)
        assert made.score == pytest.approx(float(found.sequences_scores[0]), abs=1e-3)


def test_the_score_knows_nothing_of_penalties(marian: Path) -> None:
    plain, penalised = opened(marian), opened(marian, length_penalty=3.0, early_stopping=True)
    same = [
        (one.score, two.score)
        for one, two in zip(plain.generate(ITALIAN), penalised.generate(ITALIAN), strict=True)
        if one.text == two.text
    ]
    assert len(same) > 3
    assert all(one == two for one, two in same)


def test_scores_are_the_same_when_counted_a_row_at_a_time(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = opened(marian).generate(ITALIAN)
    monkeypatch.setattr("pipeline.engines.transformers.LOGITS_AT_ONCE", 1)
    assert opened(marian).generate(ITALIAN) == before


def decoded_batches(engine: Transformers, monkeypatch: pytest.MonkeyPatch, most: int, error: Exception) -> list[int]:
    """Sizes of the batches tried, where memory runs out on more than `most` texts."""
    sizes: list[int] = []
    generate = engine._net.generate

    def scarce(**inputs: Any) -> Any:
        sizes.append(len(inputs["input_ids"]))
        if sizes[-1] > most:
            raise error
        return generate(**inputs)

    monkeypatch.setattr(engine._net, "generate", scarce)
    return sizes


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried …"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes"),
        MemoryError(),
    ],
)
def test_out_of_memory_halves_the_batch_and_goes_on(
    marian: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    expected = opened(marian).generate(ITALIAN)
    engine = opened(marian)
    sizes = decoded_batches(engine, monkeypatch, 2, error)
    assert engine.generate(ITALIAN) == expected
    assert max(sizes) > 2
    assert sum(size for size in sizes if size <= 2) == len(ITALIAN)
    failed = sum(size > 2 for size in sizes)
    assert engine.generate(ITALIAN) == expected
    assert sum(size > 2 for size in sizes) == failed, "the lesson was forgotten"


def test_torchs_own_out_of_memory_error_is_understood(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    engine = opened(marian)
    decoded_batches(engine, monkeypatch, 1, torch.OutOfMemoryError("CUDA …"))
    assert all(made.text for made in engine.generate(ITALIAN))


def test_a_text_that_does_not_fit_alone_is_an_error(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(marian)
    decoded_batches(engine, monkeypatch, 0, MemoryError())
    with pytest.raises(EngineError, match="memory ran out on a single text") as raised:
        engine.generate(ITALIAN)
    assert "beam_size" in raised.value.hint


def test_other_trouble_while_decoding_is_an_engine_error(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(marian)
    sizes = decoded_batches(engine, monkeypatch, 0, RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    with pytest.raises(EngineError, match="mat1"):
        engine.generate(ITALIAN)
    assert len(sizes) == 1


def test_loading_and_decoding_are_quiet_and_leave_no_trace(
    marian: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from huggingface_hub import constants

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    logger = logging.getLogger("transformers")
    before = (logger.level, constants.HF_HUB_OFFLINE, torch.get_num_threads(), list(warnings.filters))
    run = Run(threads=1, batch_tokens=64, device="cpu")
    engine = open_engine("transformers", resolve(str(marian), "translate"), Decoding(), run)
    engine.count(["parola " * 200])
    for _ in engine.stream(ITALIAN[:5]):
        assert torch.get_num_threads() == before[2]
    after = (logger.level, constants.HF_HUB_OFFLINE, torch.get_num_threads(), list(warnings.filters))
    assert after == before
    assert "HF_HUB_OFFLINE" not in os.environ
    assert capfd.readouterr() == ("", "")


def test_the_threads_of_the_run_are_used(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    run = Run(threads=1, device="cpu")
    engine = open_engine("transformers", resolve(str(marian), "translate"), Decoding(), run)
    assert isinstance(engine, Transformers)
    before, seen = torch.get_num_threads(), list[int]()
    torch.set_num_threads(2)
    generate = engine._net.generate

    def watched(**inputs: Any) -> Any:
        seen.append(torch.get_num_threads())
        return generate(**inputs)

    monkeypatch.setattr(engine._net, "generate", watched)
    try:
        engine.generate(ITALIAN[:1])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert seen == [1]


def test_a_missing_cuda_device_is_told(marian: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(EngineError, match="CUDA"):
        open_engine("transformers", resolve(str(marian), "translate"), Decoding(), Run(device="cuda"))


def test_half_precision_weights_are_run_in_full(copy: Path) -> None:
    store(copy, {name: tensor.half() for name, tensor in weights(copy).items()})
    change(copy / "config.json", dtype="float16")
    engine = opened(copy)
    assert {str(parameter.dtype) for parameter in engine._net.parameters()} == {"torch.float32"}
    assert not engine._net.training


def test_the_prefix_of_a_summariser_is_put_before_each_text(bart: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bart, tmp_path / "bart"))
    change(folder / "config.json", prefix="ask the doctors ")
    plain, prefixed = opened(bart), opened(folder)
    assert prefixed.count(["The rain."])[0] > plain.count(["The rain."])[0]
    assert prefixed._encode(["The rain."]) == plain._encode(["ask the doctors The rain."])


def test_the_echo_has_no_weights_to_load() -> None:
    with pytest.raises(EngineError, match="no weights"):
        Transformers(Model("nothing", "local", None, None, ""), Decoding(), RUN)


def test_duplicates_are_decoded_once(marian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(marian)
    sizes = decoded_batches(engine, monkeypatch, 99, MemoryError())
    made = engine.generate([ITALIAN[0], ITALIAN[1], ITALIAN[0], "", ITALIAN[0]])
    assert sum(sizes) == 2
    assert made[0] == made[2] == made[4] != made[1]
    assert made[3] == Generation("", 0.0, 0, 0)


def test_the_maker_of_checkpoints_is_deterministic(marian: Path, tmp_path: Path) -> None:
    again = make_marian(tmp_path / "again")
    assert resolve(str(again), "translate").identity == resolve(str(marian), "translate").identity
