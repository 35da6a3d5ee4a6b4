"""The recipe for shorter sentences in small: what it counts as added, how it noises, and a bundle that training takes."""

from __future__ import annotations

import json
import lzma
import random
import re
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))  # the recipe is no part of the installed package
pytest.importorskip("sentencepiece")
pytest.importorskip("sacremoses")
pytest.importorskip("nltk")

EMBEDDED = Path(__file__).parents[2] / "pipeline/engines/embedded/it-en"
BRIDGE = "The mayor of Bari, Anna Ferri, reopened the bridge on Monday after 14 months of repairs."
SENTENCES = (
    BRIDGE,
    "The harbour office, which has two boats, counted forty sails before the storm.",
    "A school in the hills, built in the sixties, will teach its children in the open air.",
    "The bakers of the old town, who begin at three in the morning, have asked for a later curfew.",
)


@pytest.mark.parametrize(
    ("shorter", "new"),
    [
        ("The mayor of Bari reopened the bridge after 14 months of repairs.", set()),
        ("The bridge of Bari reopens after a repair of 14 months.", set()),  # inflected, and in another order
        ("Anna Ferri of Lecce reopened the bridge.", {"lecc", "Lecce"}),
        ("The mayor reopened the bridge after 41 months.", {"41"}),
        ("The mayor inaugurated the bridge.", {"inaugur"}),
    ],
)
def test_what_a_compression_adds_is_found(shorter: str, new: set[str]) -> None:
    from training.condense import added

    assert added(shorter, BRIDGE) == new


@given(st.integers(0, 10_000))
def test_noise_leaves_every_word_of_the_sentence_in_its_place(seed: int) -> None:
    from training.condense import noised

    for source, target in noised(SENTENCES, random.Random(seed)):
        assert target in SENTENCES
        rest = iter(re.findall(r"\w+", source.lower()))
        assert all(word in rest for word in re.findall(r"\w+", target.lower()))


def test_noise_is_some_of_the_time_none_and_some_of_the_time_some() -> None:
    from training.condense import noised

    pairs = [pair for seed in range(20) for pair in noised(SENTENCES, random.Random(seed))]
    assert any(source == target for source, target in pairs)
    assert any(len(source) > len(target) for source, target in pairs)


@pytest.fixture
def authored(tmp_path: Path) -> Path:
    """A folder with two written compressions, one of which invents, and an article with a summary."""
    rows = [(BRIDGE, "The mayor of Bari reopened the bridge."), (BRIDGE, "A cheering crowd crossed the Adriatic.")]
    (tmp_path / "compress.train.tsv").write_text("\n".join(map("\t".join, rows)) + "\n", encoding="utf-8")
    article = {"sentences": [["…", s] for s in SENTENCES], "summary": "The bakers have asked for a later curfew."}
    (tmp_path / "articles.train.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    return tmp_path


def test_only_compressions_that_add_next_to_nothing_are_taught(authored: Path) -> None:
    from training.condense import compressed

    pairs = compressed(authored)
    assert (BRIDGE, "The mayor of Bari reopened the bridge.") in pairs
    assert (SENTENCES[3], "The bakers have asked for a later curfew.") in pairs
    assert all("cheering" not in short for _, short in pairs)


def test_the_bundle_is_one_that_training_takes_a_step_on(
    authored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from training import condense, data
    from training.settings import PROFILES
    from training.train import prepare_run

    monkeypatch.setattr(torch.nn.functional, "dropout", torch.nn.functional.dropout)  # training replaces it
    bundle, out = tmp_path / "bundle", tmp_path / "out"
    bundle.mkdir()
    shutil.copyfile(EMBEDDED / "source.spm", bundle / "spm.model")
    shutil.copyfile(EMBEDDED / "vocab.json", bundle / "vocab.json")
    for name in condense.PROSE:
        rows = "\n".join(f"…\t{sentence}" for sentence in SENTENCES)
        (bundle / f"{name}.tsv.xz").write_bytes(lzma.compress(rows.encode()))
    condense.make(bundle, out, authored)
    small = ["d_model=32", "ffn=64", "heads=2", "encoder=1", "decoder=1", "lexicon=false", "guide=0.0"]
    settings = PROFILES["cpu"].override(small)
    run = prepare_run(out, settings, "cpu", None)
    batch = next(data.batches(data.load(out, settings.longest), 800, run.pad, 1, lambda: False))
    assert float(run.step(batch, 0.0)) > 0
