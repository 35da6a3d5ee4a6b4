"""Makers of tiny checkpoints with the real layout: MarianMT with two SentencePiece models, BART with byte-level BPE,
T5 with a unigram tokenizer.

They are trained for a moment on the sentences below, so that they end their sentences and tell inputs apart; what they say
is of no importance. Same seed, same bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PAIRS = (
    ("Il gatto dorme sul tetto della casa.", "The cat sleeps on the roof of the house."),
    ("La nave parte domani mattina dal porto.", "The ship leaves the port tomorrow morning."),
    ("Il sindaco ha aperto la nuova scuola.", "The mayor has opened the new school."),
    ("Venerdì il mercato resta chiuso.", "On Friday the market stays closed."),
    ("Due paesi firmano un accordo sul gas.", "Two countries sign an agreement on gas."),
    ("La banca aumenta i tassi di interesse.", "The bank raises interest rates."),
    ("Il fiume attraversa la città vecchia.", "The river crosses the old town."),
    ("Nessuno ha visto il ladro uscire.", "Nobody saw the thief leave."),
    ("Il ministro incontra la stampa a Roma.", "The minister meets the press in Rome."),
    ("La pioggia ha fermato il treno.", "The rain has stopped the train."),
    ("Mille persone in piazza per il lavoro.", "A thousand people in the square for work."),
    ("Il museo riapre dopo tre anni.", "The museum reopens after three years."),
    ("Sì.", "Yes."),
    ("Il prezzo del pane sale ancora.", "The price of bread rises again."),
    ("I medici chiedono più ospedali.", "The doctors ask for more hospitals."),
    ("La squadra vince la finale di coppa.", "The team wins the cup final."),
)


def make_marian(folder: Path, seed: int = 0, legacy: bool = False) -> Path:
    """A MarianMT checkpoint in `folder`: safetensors, or as of old a pickle with the decoding parameters in config.json."""
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    _sentencepiece(folder / "source.spm", [it for it, _ in PAIRS])
    _sentencepiece(folder / "target.spm", [en for _, en in PAIRS])
    vocabulary = _marian_vocabulary(folder)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8", newline="\n")
    pad = vocabulary["<pad>"]
    special = {"source_lang": "it", "target_lang": "en", "model_max_length": 64}
    files = {name: str(folder / file) for name, file in MarianTokenizer.vocab_files_names.items()}
    tokenizer = MarianTokenizer(files["source_spm"], files["target_spm"], files["vocab"], **special)
    torch.manual_seed(seed)
    model = MarianMTModel(
        MarianConfig(
            **_shape(len(vocabulary), positions=64),
            decoder_vocab_size=len(vocabulary),
            pad_token_id=pad,
            eos_token_id=0,
            decoder_start_token_id=pad,
            scale_embedding=True,
            static_position_embeddings=True,
        )
    )
    sources = tokenizer([it for it, _ in PAIRS], padding=True, return_tensors="pt")
    targets = tokenizer(text_target=[en for _, en in PAIRS], padding=True, return_tensors="pt")
    _train(model, dict(sources), targets["input_ids"], pad)
    tokenizer.save_pretrained(folder)
    structure = {"bad_words_ids": [[pad]], "forced_eos_token_id": 0, "max_length": 64, "num_beams": 6}
    _save(model, folder, structure, legacy)
    return folder


def make_bart(folder: Path, seed: int = 0) -> Path:
    """A BART checkpoint in `folder`, with the decoding parameters of the CNN summarisers in its generation config."""
    import torch
    from transformers import BartConfig, BartForConditionalGeneration

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _byte_level_bpe(folder, [en for _, en in PAIRS])
    torch.manual_seed(seed)
    model = BartForConditionalGeneration(
        BartConfig(
            **_shape(len(tokenizer), positions=128),
            bos_token_id=0,
            pad_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=2,
        )
    )
    articles = [" ".join(en for _, en in PAIRS[i : i + 2]) for i in range(len(PAIRS) - 1)]
    sources = tokenizer(articles, padding=True, return_tensors="pt")
    targets = tokenizer([en for _, en in PAIRS[:-1]], padding=True, return_tensors="pt")["input_ids"]
    _train(model, {name: sources[name] for name in ("input_ids", "attention_mask")}, targets, 1)
    structure = {
        "forced_bos_token_id": 0,
        "forced_eos_token_id": 2,
        "max_length": 142,
        "min_length": 56,
        "num_beams": 4,
        "no_repeat_ngram_size": 3,
        "length_penalty": 2.0,
        "early_stopping": True,
    }
    _save(model, folder, structure, legacy=False)
    return folder


def make_t5(folder: Path, seed: int = 0) -> Path:
    """A T5 checkpoint in `folder` that says again what it reads."""
    import sentencepiece
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    folder.mkdir(parents=True, exist_ok=True)
    _sentencepiece(
        folder / "pieces.spm", [en for _, en in PAIRS]
    )  # the other library's trainer is never twice the same
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.spm"))
    (folder / "pieces.spm").unlink()
    learned = [i for i in range(pieces.get_piece_size()) if not (pieces.is_control(i) or pieces.is_unknown(i))]
    vocabulary = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary += [(pieces.id_to_piece(i), pieces.get_score(i)) for i in learned]
    trained = Tokenizer(models.Unigram(vocabulary, unk_id=2))
    trained.pre_tokenizer, trained.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trained.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    marks = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=trained, model_max_length=128, **marks)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    shape = {"d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 1, "num_heads": 2, "dropout_rate": 0.0}
    model = T5ForConditionalGeneration(
        T5Config(vocab_size=len(tokenizer), pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, **shape)
    )
    sources = tokenizer([en for _, en in PAIRS], padding=True, return_tensors="pt")
    _train(model, {name: sources[name] for name in ("input_ids", "attention_mask")}, sources["input_ids"], 0)
    _save(model, folder, {"max_length": 64}, legacy=False)
    return folder


def _shape(vocabulary: int, positions: int) -> dict[str, Any]:
    return {
        "vocab_size": vocabulary,
        "d_model": 32,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 64,
        "decoder_ffn_dim": 64,
        "max_position_embeddings": positions,
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
    }


def _sentencepiece(path: Path, sentences: Sequence[str]) -> None:
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=model,
        vocab_size=120,
        hard_vocab_limit=False,
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
    )
    path.write_bytes(model.getvalue())


def _marian_vocabulary(folder: Path) -> dict[str, int]:
    """As OPUS-MT has it: end mark and unknown first, the pieces of both sides together, the padding last."""
    import sentencepiece

    pieces: dict[str, int] = {"</s>": 0, "<unk>": 1}
    for name in ("source.spm", "target.spm"):
        model = sentencepiece.SentencePieceProcessor(model_file=str(folder / name))
        for i in range(model.get_piece_size()):
            if not model.is_control(i) and not model.is_unknown(i):
                pieces.setdefault(model.id_to_piece(i), len(pieces))
    pieces["<pad>"] = len(pieces)
    return pieces


def _byte_level_bpe(folder: Path, sentences: Sequence[str]) -> Any:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import BartTokenizerFast

    trained = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator(sentences, vocab_size=360, special_tokens=special, show_progress=False)
    trained.save_model(str(folder))
    tokenizer = BartTokenizerFast.from_pretrained(folder, model_max_length=128)
    tokenizer.save_pretrained(folder)
    return tokenizer


def _train(model: Any, sources: dict[str, Any], targets: Any, pad: int, steps: int = 120) -> None:
    import torch

    labels = targets.masked_fill(targets == pad, -100)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0)
    model.train()
    for _ in range(steps):
        loss = model(**sources, labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    model.eval()


def _save(model: Any, folder: Path, generation: dict[str, Any], legacy: bool) -> None:
    """Save weights and configs; `legacy` is the layout of before 2022: a pickle, decoding parameters in config.json."""
    import torch
    from transformers import GenerationConfig

    ids = {name: getattr(model.config, name) for name in ("pad_token_id", "eos_token_id", "decoder_start_token_id")}
    model.generation_config = GenerationConfig(**ids, **generation)
    model.save_pretrained(folder)
    if not legacy:
        return
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    config = folder / "config.json"
    values = json.loads(config.read_text(encoding="utf-8")) | ids | generation
    config.write_text(json.dumps(values, indent=2), encoding="utf-8", newline="\n")
    (folder / "generation_config.json").unlink()
    (folder / "model.safetensors").unlink()
