"""Translation speed side by side: scripts on transformers and CTranslate2 as one would write them, and it2en's engines.

    python benchmarks/throughput.py --shared DIR [--model embedded|opus-shaped] [--sentences N] [--rounds N] [--threads N]
    python benchmarks/throughput.py --shared DIR --overhead [--model ...] [--articles N]

The first form decodes the same sentences in each way, in rounds, so that every way meets the same weather, and prints medians and
the range of the ratios. The second holds the translation stage of a whole run against the bare engine on the very batches that the run
made. `opus-shaped` is a checkpoint of the size of OPUS-MT with random weights, made here: it speaks of speed only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import corpus

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.engines import ctranslate2 as engine_module
from pipeline.engines import open_engine
from pipeline.engines.batches import caps, longest_first
from pipeline.engines.conversion import converted
from pipeline.engines.models import Model, resolve
from pipeline.runner import Run as MainJob
from pipeline.settings import Decoding, Ladder, Run, Settings, Summarise, Translate
from pipeline.stages import translate as translate_module

PARAGRAPH = 3  # sentences
REFERENCE = "transformers, sorted, by a budget of tokens"
OURS = "it2en, ctranslate2 int8"


@dataclass(frozen=True)
class Task:
    """What every way is given: the paragraphs of many articles, the checkpoint, and how to search."""

    model: Model
    paragraphs: list[list[str]]
    decoding: Decoding
    threads: int

    @property
    def sentences(self) -> list[str]:
        """All of them, in order."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]

    def most(self, tokens: int) -> int:
        """How many tokens a translation may have where the longest text of the batch has `tokens`."""
        return caps(self.decoding, tokens, 512)[1]


Way = Callable[[], int]


def transformers_ways(task: Task) -> dict[str, Way]:
    """As the model card has it: tokenizer, generate(), decode."""
    import torch
    from transformers import AutoTokenizer, MarianMTModel

    torch.set_num_threads(task.threads)
    tokenizer = AutoTokenizer.from_pretrained(task.model.path)
    net = MarianMTModel.from_pretrained(task.model.path, dtype=torch.float32).eval()

    def translate(texts: Sequence[str]) -> list[str]:
        inputs = tokenizer(list(texts), return_tensors="pt", padding=True)
        with torch.inference_mode():
            made = net.generate(
                **inputs,
                num_beams=4,
                early_stopping=True,
                max_length=None,
                max_new_tokens=task.most(inputs["input_ids"].shape[1]),
            )
        return list(tokenizer.batch_decode(made, skip_special_tokens=True))

    def one_by_one() -> int:
        return sum(len(translate([sentence])) for sentence in task.sentences)

    def in_order() -> int:
        texts = task.sentences
        return sum(len(translate(texts[i : i + 16])) for i in range(0, len(texts), 16))

    def by_length() -> int:
        lengths = {text: len(tokenizer(text)["input_ids"]) for text in task.sentences}
        return sum(len(translate(batch)) for batch in batches(lengths, 800))

    return {
        "transformers, one sentence at a time": one_by_one,
        "transformers, 16 at a time in order": in_order,
        REFERENCE: by_length,
    }


def batches(lengths: dict[str, int], budget: int) -> list[list[str]]:
    """The longest texts first, as many at a time as fit into `budget` padded tokens."""
    waiting: Sequence[str] = longest_first(lengths)
    made = []
    while waiting:
        size = max(1, min(len(waiting), budget // lengths[waiting[0]]))
        made.append(list(waiting[:size]))
        waiting = waiting[size:]
    return made


def bare_ways(task: Task, precision: str) -> dict[str, Way]:
    """CTranslate2 as its own guide has it, with the pieces of SentencePiece; and as Argos Translate calls it."""
    import ctranslate2
    from sentencepiece import SentencePieceProcessor

    folder = converted(task.model, precision)
    source, target = (SentencePieceProcessor(model_file=str(folder / f"{side}.spm")) for side in ("source", "target"))
    translator = ctranslate2.Translator(str(folder), compute_type=precision, intra_threads=task.threads)

    def translate(texts: Sequence[str], **options: Any) -> list[str]:
        tokens = [[*pieces, "</s>"] for pieces in source.encode(list(texts), out_type=str)]
        most = task.most(max(map(len, tokens)))
        found = translator.translate_batch(tokens, beam_size=4, max_decoding_length=most, disable_unk=True, **options)
        return [target.decode(result.hypotheses[0]) for result in found]

    def one_by_one() -> int:
        return sum(len(translate([sentence])) for sentence in task.sentences)

    def paragraphs() -> int:
        return sum(len(translate(paragraph, max_batch_size=32)) for paragraph in task.paragraphs)

    def by_length() -> int:
        return len(translate(task.sentences, max_batch_size=2048, batch_type="tokens"))

    return {
        f"ctranslate2 {precision}, one sentence at a time": one_by_one,
        f"ctranslate2 {precision}, paragraph by paragraph (Argos)": paragraphs,
        f"ctranslate2 {precision}, all at once": by_length,
    }


def our_ways(task: Task) -> dict[str, Way]:
    """The engines as a run opens them."""

    def way(name: str, precision: str) -> Way:
        engine = open_engine(name, task.model, task.decoding, Run(threads=task.threads, device="cpu"), precision)
        return lambda: len(engine.generate(task.sentences))

    return {
        "it2en, transformers": way("transformers", "float32"),
        "it2en, ctranslate2 float32": way("ctranslate2", "float32"),
        OURS: way("ctranslate2", "int8"),
    }


def compare(task: Task, rounds: int, only: str) -> None:
    """Run all ways in rounds and print the table."""
    ways = transformers_ways(task) | bare_ways(task, "float32") | bare_ways(task, "int8") | our_ways(task)
    ways = {name: way for name, way in ways.items() if only in name or name == OURS}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(rounds + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            began = time.perf_counter()
            ways[name]()
            if number:  # the first round warms up
                seconds[name].append(time.perf_counter() - began)
            print(f"round {number}: {name}: {time.perf_counter() - began:.2f} s", file=sys.stderr)
    table(seconds, len(task.sentences))


def table(seconds: dict[str, list[float]], sentences: int) -> None:
    """Print what was measured."""
    reference = REFERENCE if REFERENCE in seconds else next(iter(seconds))
    print(f"| way | seconds | sentences a second | ratio to {reference} | range |\n|---|---|---|---|---|")
    for name, times in seconds.items():
        middle, low, high = ratios(seconds[reference], times)
        middle_time = statistics.median(times)
        print(f"| {name} | {middle_time:.2f} | {sentences / middle_time:.1f} | {middle:.2f} | {low:.2f}-{high:.2f} |")
    print("\n| it2en, ctranslate2 int8, against | ratio | range |\n|---|---|---|")
    for name, times in seconds.items():
        if name != OURS:
            middle, low, high = ratios(times, seconds[OURS])
            print(f"| {name} | {middle:.1f} | {low:.1f}-{high:.1f} |")


def ratios(slow: Sequence[float], fast: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and greatest of the ratios, round by round."""
    found = [one / other for one, other in zip(slow, fast, strict=True)]
    return statistics.median(found), min(found), max(found)


def overhead(folder: Path, model: Model, decoding: Decoding, rounds: int, threads: int, articles: int) -> None:
    """The translation stage of whole runs against the bare engine on the very batches of these runs, without and with the ladder.

    With random weights every sentence would climb, so these are measured without it alone.
    """
    for rungs in ([], Ladder().rungs) if model.kind == "embedded" else ([],):
        name = "with the ladder" if rungs else "without the ladder"
        config = Translate(
            model=model.name if model.kind == "embedded" else str(model.path),
            engine="ctranslate2",
            precision="int8",
            decoding=decoding,
            ladder=Ladder(rungs=rungs),
        )
        calls: list[Call] = []
        stage_seconds(folder, f"warm{len(rungs)}", threads, config, partial(record, calls))
        models = {one.name: one for one in (model, resolve("auto", "read"))}
        run = Run(threads=threads, device="cpu")
        engines = {c.model: open_engine("ctranslate2", models[c.model], decoding, run, "int8") for c in calls}
        bare, whole = [], []
        for number in range(rounds):
            bare.append(replayed(engines, calls))
            whole.append(stage_seconds(folder, f"round{number}-{len(rungs)}", threads, config))
            print(f"{name}, round {number}: bare {bare[-1]:.2f} s, stage {whole[-1]:.2f} s", file=sys.stderr)
        middle, low, high = ratios(whole, bare)
        batches = [call for call in calls if call.method == "translate_batch"]
        texts = sum(len(call.given[0]) for call in batches)
        print(f"{articles} articles {name}, {texts} texts decoded in {len(batches)} batches")
        print(f"bare engine {statistics.median(bare):.2f} s, translation stage {statistics.median(whole):.2f} s")
        print(f"the stage takes {middle:.3f} times the bare engine ({low:.3f}-{high:.3f})", flush=True)


class Call(NamedTuple):
    """Something that a run asked of CTranslate2, and of which model."""

    model: str
    method: str
    given: tuple[Any, ...]
    options: dict[str, Any]


def record(calls: list[Call], engine: Any) -> None:
    """Have an engine write down all that it asks of CTranslate2."""

    class Recorder:
        def __init__(self, beneath: Any) -> None:
            self.beneath = beneath

        def __getattr__(self, method: str) -> Callable[..., Any]:
            def asked(*given: Any, **options: Any) -> Any:
                calls.append(Call(engine._name, method, given, options))
                return getattr(self.beneath, method)(*given, **options)

            return asked

    engine._translator = Recorder(engine._translator)


def replayed(engines: dict[str, Any], calls: Sequence[Call]) -> float:
    """Seconds that the bare engines take over the same calls, as many batches in flight as in a run."""
    began = time.perf_counter()
    flying: deque[Any] = deque()
    for call in calls:
        made = getattr(engines[call.model]._translator, call.method)(*call.given, **call.options)
        if call.method == "translate_batch":
            flying.append(made)
        if len(flying) >= engine_module.AHEAD * engines[call.model]._workers:
            [future.result() for future in flying.popleft()]
    for futures in flying:
        [future.result() for future in futures]
    return time.perf_counter() - began


def stage_seconds(
    folder: Path, name: str, threads: int, config: Translate, opened: Callable[[Any], None] = lambda engine: None
) -> float:
    """Seconds of the translation stage of a run with a store of its own, without those that loading the models takes."""
    settings = Settings(
        translate=config,
        summarise=Summarise(method="extractive"),
        run=Run(threads=threads, store=str(folder / f"{name}.sqlite"), device="cpu"),
    )
    loading = 0.0

    def timed_open(*arguments: Any) -> Any:
        nonlocal loading
        began = time.perf_counter()
        engine = open_engine(*arguments)
        opened(engine)
        loading += time.perf_counter() - began
        return engine

    translate_module.open_engine = timed_open
    try:
        job = MainJob([folder / "in"], settings, out=folder / "out", name=name)
        return job.execute().stages["translate"].seconds - loading
    finally:
        translate_module.open_engine = open_engine


def opus_shaped(folder: Path, sentences: Sequence[str]) -> Path:
    """A checkpoint of the size of OPUS-MT (6+6 layers, d 512, 58 k subwords) with random weights and a real tokenizer."""
    import io

    import sentencepiece
    import torch
    from transformers import GenerationConfig, MarianConfig, MarianMTModel, MarianTokenizer

    folder.mkdir(parents=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=model, vocab_size=12000, hard_vocab_limit=False, minloglevel=2
    )
    for side in ("source", "target"):
        (folder / f"{side}.spm").write_bytes(model.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    words = [pieces.id_to_piece(i) for i in range(3, pieces.get_piece_size())]
    words += [f"▁filler{i}" for i in range(57_999 - 2 - len(words))]
    vocabulary = {word: i for i, word in enumerate(["</s>", "<unk>", *words, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    paths = [str(folder / name) for name in ("source.spm", "target.spm", "vocab.json")]
    MarianTokenizer(*paths, source_lang="it", target_lang="en", model_max_length=512).save_pretrained(folder)
    torch.manual_seed(1)
    pad = len(vocabulary) - 1
    shape = {"d_model": 512, "max_position_embeddings": 512, "activation_function": "swish", "scale_embedding": True}
    sizes = {
        f"{side}_{what}": n
        for side in ("encoder", "decoder")
        for what, n in (("layers", 6), ("ffn_dim", 2048), ("attention_heads", 8))
    }
    ids = {"pad_token_id": pad, "eos_token_id": 0, "decoder_start_token_id": pad, "forced_eos_token_id": 0}
    config = MarianConfig(
        vocab_size=len(vocabulary),
        decoder_vocab_size=len(vocabulary),
        static_position_embeddings=True,
        **shape,
        **sizes,
        **ids,
    )
    net = MarianMTModel(config)
    net.generation_config = GenerationConfig(**ids, bad_words_ids=[[pad]])
    net.save_pretrained(folder)
    return folder


def sample(shared: Path, sentences: int) -> list[list[str]]:
    """Paragraphs of whole articles, drawn at random, with about so many different sentences."""
    articles, found = corpus.articles(shared), list[list[str]]()
    random.Random(3).shuffle(articles)
    for _, texts in articles:
        found += [texts[i : i + PARAGRAPH] for i in range(0, len(texts), PARAGRAPH)]
        if sum(map(len, found)) >= sentences:
            break
    return found


def main() -> None:
    """Parse, make what is needed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="a folder with the authored articles")
    parser.add_argument("--model", choices=["embedded", "opus-shaped"], default="embedded")
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=engine_module.available_cores())
    parser.add_argument("--only", default="", metavar="TEXT", help="only the ways with this in their name")
    parser.add_argument("--overhead", action="store_true", help="the stage of a whole run against the bare engine")
    parser.add_argument("--articles", type=int, default=128)
    wanted = parser.parse_args()
    print(f"{wanted.threads} threads, load of the machine {os.getloadavg()[0]:.1f}", file=sys.stderr)
    paragraphs = sample(wanted.shared, wanted.sentences)
    with tempfile.TemporaryDirectory() as folder:
        if wanted.model == "embedded":
            model, decoding = resolve("embedded/it-en", "translate"), Decoding()
        else:
            every = [sentence for _, texts in corpus.articles(wanted.shared) for sentence in texts]
            model = resolve(str(opus_shaped(Path(folder) / "opus", every)), "translate")
            decoding = Decoding(max_new_ratio=1.0, max_new_extra=0)  # random weights never end a sentence themselves
        if wanted.overhead:
            corpus.write(wanted.shared, Path(folder) / "in", wanted.articles)
            overhead(Path(folder), model, decoding, wanted.rounds, wanted.threads, wanted.articles)
            return
        compare(Task(model, paragraphs, decoding, wanted.threads), wanted.rounds, wanted.only)


if __name__ == "__main__":
    main()
