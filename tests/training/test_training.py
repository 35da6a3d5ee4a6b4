"""The training recipe in small: thirty pairs, a few steps on the CPU, and a checkpoint that transformers loads."""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # the recipe is no part of the installed package
pytest.importorskip("sentencepiece")
pytest.importorskip("sacremoses")

PLACES = (("Roma", "Rome"), ("Milano", "Milan"), ("Torino", "Turin"), ("Napoli", "Naples"), ("Firenze", "Florence"))
FRAMES = (
    ("Il sindaco di {} ha aperto una nuova scuola.", "The mayor of {} has opened a new school."),
    ("A {} il mercato resta chiuso per tre giorni.", "In {} the market stays closed for three days."),
    ("Il treno per {} parte domani mattina.", "The train to {} leaves tomorrow morning."),
    ("La pioggia ha fermato i lavori a {}.", "The rain has stopped the works in {}."),
    ("I medici di {} chiedono più ospedali.", "The doctors of {} ask for more hospitals."),
    ("Il porto di {} riapre dopo due anni.", "The port of {} reopens after two years."),
)
PAIRS = [(it.format(a), en.format(b)) for it, en in FRAMES for a, b in PLACES]
HELD_OUT = PAIRS[-1]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from training import prepare

    root = tmp_path_factory.mktemp("training")
    rows = "\n".join("\t".join(pair) for pair in [*PAIRS, PAIRS[0], ("Costa 12 euro.", "It costs 13 euros.")])
    (root / "tiny.tsv.xz").write_bytes(lzma.compress(rows.encode()))
    (root / "eval" / "set").mkdir(parents=True)
    (root / "eval" / "set" / "it.txt").write_text(HELD_OUT[0].upper() + "\n", encoding="utf-8")
    mix = {"tiny": {"weight": 2, "late": 4}}
    data = prepare.gather(mix, root, prepare.banned_texts(root / "eval"))
    out = root / "bundle"
    out.mkdir()
    prepare.learn_pieces(data, mix, 420, out)
    prepare.write_bundle(data, out)
    prepare.write_mix({"corpora": mix}, out)
    prepare.count_translations(out, batches=4)
    return out


@pytest.fixture(scope="module")
def trained(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two calls of one run, and what each of them counted."""
    import torch

    from training.settings import PROFILES
    from training.train import Clock, train

    out = tmp_path_factory.mktemp("checkpoint")
    dropout, threads = torch.nn.functional.dropout, torch.get_num_threads()
    sizes = ["d_model=32", "ffn=64", "heads=2", "encoder=1", "decoder=1", "budget=400", "warmup=5"]
    settings, state = PROFILES["cpu"].override(sizes), out / "state.pt"
    first = train(bundle, out, settings, Clock(0.02, 0, 0.05), state).steps
    second = train(bundle, out, settings, Clock(0.03, 0.02, 0.05), state).steps
    torch.nn.functional.dropout = dropout  # training changes both for its process; the other tests are in it too
    torch.set_num_threads(threads)
    vocabulary = len(json.loads((bundle / "vocab.json").read_text(encoding="utf-8")))
    return {"out": out, "first": first, "second": second, "vocabulary": vocabulary}


def test_bundle_holds_neither_duplicates_nor_evaluation_texts_nor_changed_numbers(bundle: Path) -> None:
    from training.prepare import read_pairs

    assert sorted(read_pairs(bundle / "tiny.tsv.xz")) == sorted(PAIRS[:-1])


def test_lower_cased_text_gets_its_capitals_back() -> None:
    from training.prepare import learn_casing, restore_case

    casing = learn_casing(["A Roma oggi.", "Da Roma a Torino.", "Per Torino si parte."])
    assert restore_case("l' aereo da roma a torino , oggi.", casing) == "L'aereo da Roma a Torino, oggi."


def test_counting_finds_translations(bundle: Path) -> None:
    import sentencepiece

    from training import lexicon

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(bundle / "spm.model"))
    counts = lexicon.read(bundle / "lexicon.npz")
    market, rain = (pieces.encode(word)[0] for word in ("market", "rain"))
    mercato, pioggia = (pieces.encode(word)[0] for word in ("mercato", "pioggia"))
    assert counts[market, mercato] > counts[market, pioggia]
    assert counts[rain, pioggia] > counts[rain, mercato]
    vectors = lexicon.embed(counts, 64)
    assert vectors.norm(dim=1).allclose(vectors.new_ones(len(vectors)))


def test_smoothed_loss_is_torchs() -> None:
    import torch

    from training.model import SmoothedLoss

    torch.manual_seed(0)
    states, table = torch.randn(7, 16, requires_grad=True), torch.randn(30, 16, requires_grad=True)
    gold = torch.randint(0, 30, (7,))
    ours = SmoothedLoss.apply(states, table, gold, 0.1)
    ours_grad = torch.autograd.grad(ours, (states, table))
    theirs = torch.nn.functional.cross_entropy(states @ table.T, gold, label_smoothing=0.1, reduction="sum")
    assert float(ours.detach()) == pytest.approx(float(theirs.detach()), rel=0.01)
    for a, b in zip(ours_grad, torch.autograd.grad(theirs, (states, table)), strict=True):
        assert (a - b).norm() < 0.02 * b.norm()  # bfloat16 inside


def test_quick_dropout_keeps_the_mean_and_rests_in_evaluation() -> None:
    import torch

    from training.model import quick_dropout

    torch.manual_seed(0)
    ones = torch.ones(1000, 101)
    dropped = quick_dropout(ones, 0.1)
    assert float((dropped == 0).float().mean()) == pytest.approx(26 / 256, abs=0.005)
    assert float(dropped.mean()) == pytest.approx(1, abs=0.01)
    assert quick_dropout(ones, 0.1, training=False) is ones


def test_batches_respect_budget_and_close_every_sentence(bundle: Path) -> None:
    import itertools

    from training import data

    pad = 999
    for batch in itertools.islice(data.batches(data.load(bundle, 100), 200, pad, 1, lambda: False), 20):
        assert batch.source.numel() <= 200
        assert batch.target.numel() <= 200
        assert ((batch.source == data.EOS).sum(1) == 1).all()
        assert ((batch.target == data.EOS).sum(1) == 1).all()


def test_a_reversed_run_reads_english_and_says_italian(bundle: Path, trained: dict[str, Any], tmp_path: Path) -> None:
    import sentencepiece
    import torch

    from training import data
    from training.evaluate import sides, ways
    from training.settings import PROFILES
    from training.train import Clock, prepare_run, train

    [there], [back] = data.load(bundle, 100), data.load(bundle, 100, reverse=True)
    assert there.source.ids.tolist() == back.target.ids.tolist() != back.source.ids.tolist()
    assert there.target.ids.tolist() == back.source.ids.tolist()
    sizes = ["d_model=32", "ffn=64", "heads=2", "encoder=1", "decoder=1", "budget=400"]
    settings = PROFILES["reader"].override(sizes)
    forth = prepare_run(bundle, PROFILES["cpu"].override(sizes), "cpu").table
    table = prepare_run(bundle, settings, "cpu").table
    assert table is not None
    assert forth is not None
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(bundle / "spm.model"))
    rain, pioggia = (pieces.encode(word)[0] for word in ("rain", "pioggia"))
    assert table[pioggia, rain] > table[rain, pioggia]  # t(source | target), and the target is Italian
    assert forth[rain, pioggia] > forth[pioggia, rain]
    dropout, threads = torch.nn.functional.dropout, torch.get_num_threads()
    train(bundle, tmp_path, settings, Clock(0.005), checkpoint=trained["out"])
    torch.nn.functional.dropout = dropout
    torch.set_num_threads(threads)
    about = json.loads((tmp_path / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert (about["source_lang"], about["target_lang"]) == ("en", "it")
    assert (sides(tmp_path), sides(trained["out"])) == (("en", "it"), ("it", "en"))
    assert list(ways(tmp_path, beams=1)) == ["float32", "int8"], "a reader translates in no run"


def test_second_call_goes_on_where_the_first_stopped(trained: dict[str, Any]) -> None:
    assert 0 < trained["first"] < trained["second"]


def test_checkpoint_decodes_as_it_was_trained_to(trained: dict[str, Any]) -> None:
    from transformers import GenerationConfig

    config, pad = GenerationConfig.from_pretrained(trained["out"]), trained["vocabulary"] - 1
    assert (config.num_beams, config.max_length, config.bad_words_ids) == (4, 512, [[pad]])
    assert config.decoder_start_token_id == pad


def test_checkpoint_is_scored_in_every_way_the_card_reports(trained: dict[str, Any]) -> None:
    from training.evaluate import measure, ways

    sources, references = zip(*PAIRS[:2], strict=True)
    for name, way in ways(trained["out"], beams=1).items():
        score = measure("tiny", name, way(sources), list(references))
        assert score.sentences == 2
        assert 0 <= score.bleu <= 100
        assert "version:" in score.bleu_signature


def test_training_goes_on_from_a_checkpoint_with_more_layers(bundle: Path, trained: dict[str, Any]) -> None:
    import torch

    from training.data import Batch
    from training.model import Shape, adopt, build, states

    pad = trained["vocabulary"] - 1
    torch.manual_seed(0)
    source, target = torch.randint(2, pad, (2, 9)), torch.randint(2, pad, (2, 7))
    seen = []
    for depth in (1, 3):
        model = build(Shape(32, depth, 1, 64, 2, 0.0), trained["vocabulary"])
        fresh, _ = states(model.eval(), Batch(source, target), pad)
        adopt(model, trained["out"])
        known, _ = states(model.eval(), Batch(source, target), pad)
        assert not torch.allclose(fresh, known, atol=0.1)
        seen.append(known)
    assert (seen[1] - seen[0]).norm() < 0.1 * seen[0].norm()  # new layers at first do next to nothing


def test_a_checkpoint_of_another_width_is_refused(trained: dict[str, Any]) -> None:
    from training.model import Shape, adopt, build

    with pytest.raises((ValueError, RuntimeError), match=r"shape|size"):
        adopt(build(Shape(64, 1, 1, 64, 2, 0.0), trained["vocabulary"]), trained["out"])


def test_pieces_of_a_checkpoint_can_be_used_again(trained: dict[str, Any], bundle: Path, tmp_path: Path) -> None:
    from training.prepare import reuse_pieces

    reuse_pieces(trained["out"], tmp_path)
    for name in ("spm.model", "vocab.json"):
        assert (tmp_path / name).read_bytes() == (bundle / name).read_bytes()


@pytest.mark.parametrize(
    ("number", "words", "english"),
    [
        (7, "sette", "seven"),
        (21, "ventuno", "twenty-one"),
        (28, "ventotto", "twenty-eight"),
        (33, "trentatré", "thirty-three"),
        (100, "cento", "one hundred"),
        (108, "centotto", "one hundred and eight"),
        (180, "centottanta", "one hundred and eighty"),
        (1_000, "mille", "one thousand"),
        (2_305, "duemilatrecentocinque", "two thousand three hundred and five"),
        (21_000, "ventunomila", "twenty-one thousand"),
    ],
)
def test_numbers_are_spelt_as_each_language_does(number: int, words: str, english: str) -> None:
    from training import numerals

    assert (numerals.italian(number), numerals.english(number)) == (words, english)


def test_a_kept_name_stands_once_on_each_side_and_opens_no_sentence() -> None:
    from training.names import kept_names

    pair = (
        "Dopo Roma il ministro Locorotondo incontra Rossi e Rossi a Milano.",
        "After Rome Locorotondo meets Rossi at Milan.",
    )
    assert kept_names(pair) == ["Locorotondo"]
    assert kept_names(("Locorotondo parla.", "Locorotondo speaks.")) == []


def test_renamed_pairs_have_the_same_new_names_on_both_sides() -> None:
    from training.names import kept_names, renamed

    originals = [
        (f"Ieri {a} {b} ha parlato a lungo.", f"Yesterday {a} {b} spoke at length.")
        for a in ("Sergio", "Gabriele", "Fatima", "Nils")
        for b in ("Locorotondo", "Metaponto", "Johansson", "Okonkwo")
    ]
    made = renamed([*originals, ("Piove.", "It rains.")], 60)
    assert made == renamed([*originals, ("Piove.", "It rains.")], 60)
    assert 50 < len(made) <= 60, "more than there are originals, hardly any twice"
    assert len(set(made) - set(originals)) > 50
    for source, target in made:
        assert source.replace("Ieri", "Yesterday").replace("ha parlato a lungo", "spoke at length") == target
        assert kept_names((source, target)) or "Nils" in source
    assert renamed([("Piove.", "It rains.")], 5) == []


def test_a_mix_takes_texts_of_the_projects_own_and_makes_others_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training import prepare

    (tmp_path / "written").mkdir()
    for name, row in (
        ("b", "Il vulcano Montebrace erutta.\tThe volcano Montebrace erupts."),
        ("a", "La pizza.\tThe pizza."),
    ):
        (tmp_path / "written" / f"{name}.tsv").write_text(row + "\n", encoding="utf-8")
    monkeypatch.setattr(prepare, "HERE", tmp_path)
    mix = {"written": {"weight": 1, "own": True}, "renamed": {"weight": 1, "renamed": ["written"], "made": 1}}
    data = prepare.gather(mix, tmp_path / "nowhere", frozenset())
    assert [source for source, _ in data["written"]] == ["La pizza.", "Il vulcano Montebrace erutta."]
    assert len(data["renamed"]) == 1


@pytest.mark.parametrize(("trusted", "kept"), [(True, 1), (False, 0)])
def test_digits_may_differ_only_in_what_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool, kept: int
) -> None:
    from training import prepare

    (tmp_path / "written").mkdir()
    row = "Nel XVI secolo e negli anni Novanta.\tIn the 16th century and in the 1990s.\n"
    (tmp_path / "written" / "a.tsv").write_text(row, encoding="utf-8")
    monkeypatch.setattr(prepare, "HERE", tmp_path)
    mix = {"written": {"weight": 1, "own": True, "trusted": trusted}}
    assert len(prepare.gather(mix, tmp_path, frozenset())["written"]) == kept


def test_made_pairs_say_the_same_numbers_on_both_sides() -> None:
    from pipeline.stages.numbers.numerals import numbers, unmatched
    from training import numerals

    made = numerals.pairs(400)
    assert len(set(made)) == 400
    assert made == numerals.pairs(400)
    for source, target in made:
        missing, extra = unmatched(numbers(source, "it"), numbers(target, "en"))
        assert not missing, (source, target)
        assert not extra, (source, target)


def test_tokenizer_round_trip(trained: dict[str, Any]) -> None:
    from transformers import MarianTokenizer

    tokenizer = MarianTokenizer.from_pretrained(trained["out"])
    ids = tokenizer(PAIRS[0][0]).input_ids
    assert ids[-1] == tokenizer.eos_token_id == 0
    assert tokenizer.decode(ids, skip_special_tokens=True) == PAIRS[0][0]


def test_unknown_setting_is_an_error() -> None:
    from training.settings import PROFILES

    with pytest.raises(ValueError, match="no setting is called 'width'"):
        PROFILES["cpu"].override(["width=3"])


def test_card_table_goes_between_its_markers(tmp_path: Path) -> None:
    from training.evaluate import fill, measure

    card = tmp_path / "README.md"
    card.write_text("before\n<!-- scores -->\nold\n<!-- /scores -->\nafter\n", encoding="utf-8")
    fill(card, [measure("set", "int8", ["The cat sleeps here."], ["The cat sleeps here."])])
    text = card.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| set | 1 | 100.0 | 100.0 |" in text
    assert "old" not in text
