"""The conversion of one checkpoint to CTranslate2's format, run as `python -m pipeline.engines.converter` by `conversion.py`.

It loads the checkpoint as the engine 'transformers' does, with the same checks, and writes the weights, the tokenizer's files and a
description of what decoding needs to know. Nothing else in it2en imports CTranslate2's converters.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from ctranslate2.converters import transformers as library

from pipeline.engines import checkpoint
from pipeline.engines.conversion import Description
from pipeline.engines.structure import Structure, structure
from pipeline.engines.subwords import FAST_FILE, MARIAN_FILES
from pipeline.engines.transformers import load_checkpoint, offline, quiet
from pipeline.errors import It2enError


class Marian(library.MarianMTLoader):  # type: ignore[misc]
    """MarianMT with its padding row kept.

    The library's own loader takes that row for zeros and leaves it out, and starts decoding from nothing. OPUS-MT checkpoints are such;
    ones trained elsewhere need not be, and would be decoded from a start they have never seen.
    """

    def get_model_spec(self, model: Any) -> Any:
        """The structure and weights, padding included."""
        return library.BartLoader.get_model_spec(self, model)

    def set_decoder(self, spec: Any, decoder: Any) -> None:
        """The decoder as any other, which reads its start token."""
        library.BartLoader.set_decoder(self, spec, decoder)

    def get_vocabulary(self, model: Any, tokenizer: Any) -> Any:
        """All tokens."""
        return library.BartLoader.get_vocabulary(self, model, tokenizer)

    def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:
        """The start token that the checkpoint names."""
        super().set_config(config, model, tokenizer)
        config.decoder_start_token = tokenizer.convert_ids_to_tokens(model.config.decoder_start_token_id)


class Converter(library.TransformersConverter):  # type: ignore[misc]
    """The library's converter, over a checkpoint that is loaded already."""

    def __init__(self, folder: Path, net: Any, tokenizer: Any) -> None:
        super().__init__(str(folder))
        self._net, self._tokenizer = net, tokenizer

    def load_model(self, *_: Any, **__: Any) -> Any:
        """The network. What configs written by newer libraries no longer say is said again: OpenNMT/CTranslate2 issue 888."""
        is_bart = self._net.config.model_type == "bart"
        for name, value in (("normalize_before", False), ("normalize_embedding", is_bart)):
            if not hasattr(self._net.config, name) or not is_bart:
                setattr(self._net.config, name, value)
        return self._net

    def load_tokenizer(self, *_: Any, **__: Any) -> Any:
        """The tokenizer."""
        return self._tokenizer


def convert(source: Path, name: str, target: Path, precision: str) -> None:
    """Write the checkpoint in `source` to the new folder `target`. Raises ModelBroken as loading it does."""
    library._MODEL_LOADERS["MarianConfig"] = Marian()
    with quiet(), offline():
        tokenizer, net = load_checkpoint(source, name)
        found = structure(source, net.config, net.generation_config, tokenizer)
        Converter(source, net, tokenizer).convert(str(target), quantization=precision)
        family = str(checkpoint.config(source)["model_type"])
        if family == "marian":
            for file in MARIAN_FILES:
                shutil.copyfile(source / file, target / file)
        else:
            tokenizer.backend_tokenizer.save(str(target / FAST_FILE))
    description(family, found, tokenizer, target).write(target)


def description(family: str, found: Structure, tokenizer: Any, target: Path) -> Description:
    """What decoding needs to know, as tokens rather than ids. The unknown token is banned by an option of its own."""
    ids = found.ids
    known = set(tokenizer.get_vocab())

    def tokens(sequence: list[int]) -> list[str]:
        return [str(token) for token in tokenizer.convert_ids_to_tokens(sequence)]

    banned = [tokens(sequence) for sequence in ids["bad_words_ids"] or []]
    banned += [tokens([i]) for i in ids["suppress_tokens"] if i != tokenizer.unk_token_id]
    banned = [list(one) for one in dict.fromkeys(map(tuple, banned)) if one and set(one) <= known]
    first = ids["forced_bos_token_id"]
    return Description(
        family,
        found,
        end=tokens([ids["eos_token_id"]])[0],
        first="" if first is None else tokens([first])[0],
        banned=banned,
        special=sorted({str(token) for token in tokenizer.all_special_tokens}),
        files={path.name: checkpoint.sha256(path) for path in sorted(target.iterdir())},
    )


def main(source: str, name: str, target: str, precision: str) -> int:
    """Convert; an error that a person should read is printed as JSON."""
    try:
        convert(Path(source), name, Path(target), precision)
    except It2enError as error:
        print(json.dumps({"error": type(error).__name__, "message": str(error), "hint": error.hint}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
