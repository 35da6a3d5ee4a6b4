"""The Marian model of the recipe: built, trained through a leaner loss, exported as a transformers checkpoint.

What it is not: the program's translator; pipeline/engines loads what is exported here.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import MarianConfig, MarianMTModel

from training.data import EOS, Batch


class Shape(NamedTuple):
    """Sizes of the network; d_model must be a multiple of heads."""

    d_model: int
    encoder: int
    decoder: int
    ffn: int
    heads: int
    dropout: float


def configure(shape: Shape, vocab: int) -> MarianConfig:
    """Configuration as OPUS-MT's models have it; the last piece of the vocabulary is padding and decoder start."""
    pad = vocab - 1
    return MarianConfig(
        vocab_size=vocab,
        d_model=shape.d_model,
        encoder_layers=shape.encoder,
        decoder_layers=shape.decoder,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        encoder_ffn_dim=shape.ffn,
        decoder_ffn_dim=shape.ffn,
        activation_function="swish",
        scale_embedding=True,
        static_position_embeddings=True,
        max_position_embeddings=512,
        dropout=shape.dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        normalize_embedding=False,
        normalize_before=False,
        add_final_layer_norm=False,
        pad_token_id=pad,
        eos_token_id=EOS,
        bos_token_id=None,
        decoder_start_token_id=pad,
        forced_eos_token_id=EOS,
    )


def build(shape: Shape, vocab: int, embeddings: Tensor | None = None) -> Any:
    """The untrained model; embeddings [V, d_model] of unit rows, random ones if none are given.

    The class's own initialisation (deviation 0.02) hardly learns to look at the source; Xavier weights and embeddings of
    length 1 (deviation d^-0.5) do.
    """
    model: Any = MarianMTModel(configure(shape, vocab))
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) and "lm_head" not in name:
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    table = model.model.shared.weight
    with torch.no_grad():
        nn.init.normal_(table, std=shape.d_model**-0.5) if embeddings is None else table.copy_(embeddings)
        table[vocab - 1] = 0
    model.tie_weights()
    model.generation_config.update(
        num_beams=4,
        max_length=512,
        bad_words_ids=[[vocab - 1]],
        decoder_start_token_id=vocab - 1,
        pad_token_id=vocab - 1,
        eos_token_id=EOS,
        forced_eos_token_id=EOS,
        bos_token_id=None,
        _from_model_config=False,
    )
    return model


def adopt(model: Any, checkpoint: Path) -> None:
    """Take the weights of a trained checkpoint of the same width; encoder layers that it lacks start as doing nothing.

    They come after the first. A layer whose two output matrices are zero passes its input on through its post-norms, and what
    the first layer gives out has nearly the same mean and deviation at every token (those of random pieces serve): norms with
    just these as offset and gain undo themselves, and training goes on where it was instead of from the bottom.
    """
    trained: Any = MarianMTModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    layers, known = model.model.encoder.layers, len(trained.model.encoder.layers)
    new = tuple(f"model.encoder.layers.{i}." for i in range(known, len(layers)))
    missing, surplus = model.load_state_dict(trained.state_dict(), strict=False)
    strange = [name for name in [*missing, *surplus] if not name.startswith(new)]
    if strange:
        raise ValueError(f"{checkpoint} is a model of another shape: {strange[0]}")
    anything = torch.randint(EOS + 1, model.config.vocab_size - 1, (16, 40), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        given = trained.model.encoder(anything, output_hidden_states=True).hidden_states[1]
        for layer in layers[known:]:
            layer.self_attn.out_proj.weight.zero_()
            layer.fc2.weight.zero_()
            for norm in (layer.self_attn_layer_norm, layer.final_layer_norm):
                norm.weight.fill_(given.std(-1).mean())
                norm.bias.fill_(given.mean())
    model.model.encoder.layers = nn.ModuleList([layers[0], *layers[known:], *layers[1:known]])
    model.tie_weights()


def quick_dropout(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout whose probability is rounded to a 256th: a random byte an element, where torch draws a double on the CPU.

    Stands in for torch.nn.functional.dropout during CPU training, of which the original takes an eighth.
    """
    cut = round(p * 256)
    if not training or cut == 0:
        return x
    words = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), 2**63 - 1)
    keep = words.view(torch.uint8)[: x.numel()].view(x.shape) >= cut
    return x * (keep.to(x.dtype) * (256 / (256 - cut)))


class SmoothedLoss(torch.autograd.Function):
    """Output layer and label-smoothed cross-entropy (Szegedy et al. 2016) in one step: states [N, d], table [V, d], gold [N].

    The gradient is p - q, so it is made while the logits are at hand; keeping no log-softmax for the backward pass saves a
    quarter of a CPU step. Returns the summed loss.
    """

    @staticmethod
    def forward(ctx: Any, states: Tensor, table: Tensor, gold: Tensor, smoothing: float) -> Tensor:
        """Loss, and both gradients stored for backward, a chunk of rows at a time."""
        low = torch.bfloat16
        weights, grad_states = table.to(low), torch.empty_like(states, dtype=low)
        grad_table = torch.zeros_like(table)
        total = states.new_zeros((), dtype=torch.float32)
        size = 1024 if states.device.type == "cpu" else 8192
        for start in range(0, len(states), size):
            rows = slice(start, start + size)
            part, right = states[rows].to(low), gold[rows, None]
            logits = (part @ weights.T).float()
            norm = logits.logsumexp(1, keepdim=True)
            total += (norm - (1 - smoothing) * logits.gather(1, right) - smoothing * logits.mean(1, keepdim=True)).sum()
            grad = logits.sub_(norm).exp_().sub_(smoothing / logits.shape[1])
            grad.scatter_add_(1, right, torch.full_like(right, smoothing - 1, dtype=grad.dtype))
            grad = grad.to(low)
            grad_states[rows] = grad @ weights
            grad_table += grad.T @ part
        ctx.save_for_backward(grad_states, grad_table)
        return total

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, Tensor, None, None]:
        """The stored gradients, scaled."""
        grad_states, grad_table = ctx.saved_tensors
        return grad_states * upstream, grad_table * upstream, None, None


class Gaze:
    """Reads where one cross-attention head looks, without slowing attention down: [B, T, S] logits after a forward pass."""

    def __init__(self, model: Any, heads: int) -> None:
        attention = model.model.decoder.layers[-1].encoder_attn
        self.width = attention.q_proj.out_features // heads
        self.seen: dict[str, Tensor] = {}
        for name in ("q_proj", "k_proj"):
            getattr(attention, name).register_forward_hook(
                lambda _m, _i, out, name=name: self.seen.__setitem__(name, out)
            )

    def logits(self) -> Tensor:
        """Unmasked attention logits of head 0."""
        query, keys = (self.seen[n][..., : self.width].float() for n in ("q_proj", "k_proj"))
        product: Tensor = query @ keys.transpose(1, 2) * self.width**-0.5
        return product


def guided(gaze: Gaze, batch: Batch, wanted: Tensor, pad: int) -> Tensor:
    """Summed cross-entropy between where the head looks and the alignment [B, T, S] (Chen et al. 2016)."""
    masked = gaze.logits().masked_fill((batch.source == pad)[:, None, :], -1e4)
    # The state that predicts a word should look at that word's translation, hence no shift.
    each = -(wanted * masked.log_softmax(-1)).sum(-1)
    total: Tensor = each[batch.target != pad].sum()
    return total


def states(model: Any, batch: Batch, pad: int) -> tuple[Tensor, Tensor]:
    """Decoder states [N, d] and gold ids [N] of the target positions that are not padding."""
    start = torch.full_like(batch.target[:, :1], pad)
    hidden = model.model(
        input_ids=batch.source,
        attention_mask=(batch.source != pad).long(),
        decoder_input_ids=torch.cat([start, batch.target[:, :-1]], 1),
        use_cache=False,
    ).last_hidden_state
    real = batch.target != pad  # causal attention keeps the padded tail from the real positions: no decoder mask needed
    return hidden[real], batch.target[real]


def export(model: Any, bundle: Path, folder: Path, reverse: bool = False) -> None:
    """Write a float16 transformers checkpoint with its tokenizer; each file appears whole or not at all."""
    fresh = folder / f".export-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    model.half().save_pretrained(fresh)
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(bundle / "spm.model", fresh / name)
    shutil.copyfile(bundle / "vocab.json", fresh / "vocab.json")
    about = {
        "model_max_length": 512,
        "source_lang": "en" if reverse else "it",
        "target_lang": "it" if reverse else "en",
        "tokenizer_class": "MarianTokenizer",
        "separate_vocabs": False,
    }
    (fresh / "tokenizer_config.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    for file in fresh.iterdir():
        file.chmod(0o644)  # safetensors makes files for their owner only
        file.replace(folder / file.name)
    fresh.rmdir()
