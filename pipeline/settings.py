"""Every setting that it2en has, as pydantic models: what `configs/default.yaml` may say and nothing else.

Reading files, `extends`, `--set` and error messages are `config.py`'s. Each stage is handed its own section. One rule:
**what is under `run` changes no word of the output**; everything else is part of a stage's key in the store.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

FlagLevel = Annotated[
    Literal["off", "info", "warning", "error"],
    BeforeValidator(lambda value: "off" if value is False else value),  # YAML 1.1 reads a bare off as false
]
FlagName = Annotated[str, AfterValidator(lambda name: _known_flag(name))]
Precision = Literal["auto", "float32", "int8", "float16", "bfloat16", "int8_float16", "int8_bfloat16"]


class Section(BaseModel):
    """A part of the config: immutable, and strict about names and types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _maxima_are_not_below_minima(self) -> Self:
        for name, most in self:
            lower = f"min_{name.removeprefix('max_')}"
            least = getattr(self, lower, None) if name.startswith("max_") else None
            if least is not None and most < least:
                told = {"name": name, "most": most, "lower": lower, "least": least}
                raise PydanticCustomError("minimum", "{name} ({most}) is below {lower} ({least})", told)
        return self

    def fingerprint(self, without: frozenset[str] = frozenset()) -> str:
        """A hash of the values, whatever the order and layout they were written in."""
        values = self.model_dump(mode="json", exclude=set(without))
        return hashlib.blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=16).hexdigest()


class Inputs(Section):
    """Which files are read, and how. The columns say where a table (JSONL, CSV, Parquet) has what; `a.b` is b within a."""

    suffixes: list[str] = [".txt", ".text", ".html", ".htm"]
    max_bytes: int = Field(10_000_000, ge=1)
    repair_mojibake: bool = True
    text_column: str = "text"
    id_column: str | None = None
    title_column: str | None = None
    date_column: str | None = None
    author_column: str | None = None
    section_column: str | None = None
    source_column: str | None = None


class Site(Section):
    """What is different for some documents: `packs` to add, and `without`, ids of rules to do without."""

    packs: list[str] = []
    without: list[str] = []


class Clean(Section):
    """Taking the page's boilerplate out of the article.

    `without` are ids of rules to do without; `sites` maps globs over a document's path, such as '*/corriere/*', to what is
    different there. Where several match, all of them count. `recurring` is the number of articles of a site (a folder) that a
    line must stand in for that to count as evidence against it; 0 never looks beyond the document itself.
    """

    packs: list[str] = [
        "italian-news",
        "social-share",
        "cookie-consent",
        "newsletter-paywall",
        "credits-datelines",
        "comments-related",
        "menus",
    ]
    without: list[str] = []
    sites: dict[str, Site] = {}
    recurring: int = Field(3, ge=0)
    language: Literal["skip", "keep"] = "skip"


class Segment(Section):
    """Splitting the clean text into sentences. `abbreviations` are more of them, whose full stop never ends a sentence."""

    abbreviations: list[str] = []


class Decoding(Section):
    """Beam search, spelled out: nothing is inherited from a checkpoint's own defaults.

    A text of n tokens may become at most `max_new_ratio * n + max_new_extra` tokens and at least `min_new_ratio * n`, with n
    rounded up to the length bucket that the text is decoded in. `early_stopping` ends the search once `beam_size` texts are
    finished, as Marian's own decoder does, and is what both engines do alike; without it the search goes on while a longer text
    could still win, which with a `length_penalty` above 1 it nearly always could.
    """

    beam_size: int = Field(4, ge=1, le=32)
    length_penalty: float = 1.0
    early_stopping: bool = True
    no_repeat_ngram_size: int = Field(0, ge=0)
    repetition_penalty: float = Field(1.0, gt=0)
    max_new_ratio: float = Field(1.6, gt=0)
    max_new_extra: int = Field(16, ge=0)
    min_new_ratio: float = Field(0.0, ge=0)


Rung = Literal["rerank", "penalty", "beam", "period", "split", "alternative"]


class Ladder(Section):
    """What is tried, in this order, where detectors object to the plain decoding of a sentence; [] tries nothing.

    `rerank` takes, of `beam_size` hypotheses, the one from which the `reader`, who goes from English to Italian, can best tell the
    Italian; it is also tried where by words alone a clause is in `doubt` (log-odds in nats that it is missing or invented). The reader's
    log-probability a token counts `reader_weight` times against the translator's own. The reader 'auto' is the one that ships with the
    program, for the translator that ships with it, and nobody for any other.
    `penalty` decodes again with `no_repeat_ngram_size` and `repetition_penalty`; `beam` with `beam_size` hypotheses, all of which
    are candidates; `period` with the final full stop taken away or added; `split` in clauses; `alternative` with the model of
    that name. `triggers` are the flags that make a sentence climb. `pass_through` are those with which even the best
    candidate is not taken: the Italian stands in its place, marked. What is `not_italian` is not decoded at all then.
    """

    rungs: list[Rung] = ["rerank", "penalty", "beam", "period", "split", "alternative"]
    triggers: list[FlagName] = [
        "empty",
        "copied",
        "garbled",
        "repetition",
        "length_ratio",
        "wrong_language",
        "numbers",
        "missing_clause",
        "names",
        "unrelated",
        "negation",
        "opposite",
        "broken_off",
        "hit_limit",
        "low_score",
        "leak",
        "addresses",
        "glossary",
    ]
    pass_through: list[FlagName] = ["empty", "not_italian"]
    no_repeat_ngram_size: int = Field(4, ge=0)
    repetition_penalty: float = Field(1.2, gt=0)
    beam_size: int = Field(8, ge=1, le=32)
    alternative: str | None = None
    reader: str | None = "auto"
    reader_weight: float = Field(0.2, ge=0)
    doubt: float = -2.4

    @property
    def second(self) -> str | None:
        """The name of the model that the last rung decodes with; None where there is no such rung or no model for it."""
        return self.alternative if "alternative" in self.rungs else None

    def reader_of(self, embedded: bool) -> str | None:
        """The name of the model that reads for a translator, which is an embedded one or another; None where none does."""
        if "rerank" not in self.rungs or (self.reader == "auto" and not embedded):
            return None
        return self.reader


class EditExample(Section):
    """A text, and what the rule makes of it: the same text where the rule is not to speak."""

    text: str
    gives: str


class Edit(Section):
    """A rule of the user's: `find`, an RE2 pattern, becomes `replace` (groups as \\1) in the Italian for the model or in the English."""

    id: str = Field(min_length=1)
    language: Literal["italian", "english"]
    find: str = Field(min_length=1)
    replace: str = ""
    examples: list[EditExample] = Field(min_length=1)


class Translate(Section):
    """Italian sentences to English sentences.

    `glossary`: paths of CSV or TBX files with terms and their renderings. `keep`: strings that stay as they are, or paths of `.txt` files
    that hold one a line. `corrections`: paths of TSV, CSV or TMX files, or of folders of them, with sentences as a reviewer wants them. `repair`: put right what the source settles without doubt (a garbled number, an address, a misspelt name).
    `precision` is that of the weights; it may change words, so it is part of the key. `edits` are rules of the user's own, applied in
    their order; their examples are run whenever the settings are checked. `probe` decodes every sentence with another ending as well.
    """

    enabled: bool = True
    model: str = "auto"
    revision: str | None = None
    engine: str = "auto"
    precision: Precision = "auto"
    soft_limit: int = Field(100, ge=8)
    normalise: bool = True
    quotes: Literal["keep", "straight", "typographic"] = "keep"
    repair: bool = True
    glossary: list[str] = []
    keep: list[str] = []
    corrections: list[str] = []
    edits: list[Edit] = []
    probe: bool = False
    decoding: Decoding = Decoding()
    ladder: Ladder = Ladder()


class Reread(Section):
    """A model from English to Italian that reads doubtful pairs again: how much does the English tell of each clause of the Italian?

    `suspicion`: from which log-odds on, by words and surroundings, a pair is in doubt. What is not read again is flagged by these alone. The
    weights behind `check.missing_clause` and `check.extra_text` were fitted with `embedded/en-it` as the reader, which ships with the program.
    """

    enabled: bool = True
    model: str = "embedded/en-it"
    revision: str | None = None
    engine: str = "auto"
    precision: Precision = "auto"
    suspicion: float = -3.5


class Summarise(Section):
    """A summary of the English text.

    `method` 'auto' takes a model if one is installed, else chooses sentences. The summary has `ratio` of the text's
    sentences, `min_sentences` to `max_sentences`; a text of fewer than `min_words` words gives its first sentences as they
    are. `evidence`: how many segments are named in support of each sentence. `lead`: how much a sentence's position counts
    when sentences are chosen, against how central it is (0.6 measured best on CNN/DailyMail news).
    """

    enabled: bool = True
    method: Literal["auto", "abstractive", "extractive"] = "auto"
    model: str = "auto"
    revision: str | None = None
    engine: str = "auto"
    precision: Precision = "auto"
    ratio: float = Field(0.2, gt=0, le=1)
    min_sentences: int = Field(2, ge=1)
    max_sentences: int = Field(6, ge=1)
    min_words: int = Field(80, ge=0)
    evidence: int = Field(2, ge=1)
    lead: float = Field(0.6, ge=0, le=1)
    decoding: Decoding = Decoding(no_repeat_ngram_size=3, length_penalty=2.0, max_new_ratio=0.25, max_new_extra=40)


class Flags(Section):
    """How loud each flag is; 'off' does without it.

    `empty`: no translation. `copied`: left in Italian. `garbled`: has characters that cannot be read. `repetition`: goes round in circles. `length_ratio`: far too short or
    long. `numbers`: numbers or months differ. `hit_limit`: decoding was cut off. `wrong_language`: not in English.
    `missing_clause`: part of the sentence has no counterpart. `extra_text`: part of the English has none. `unrelated`: next to nothing
    corresponds. `swapped`: the English is a neighbour's. `names`: a name is missing. `negation`: a negation is lost or was put in. `opposite`: a word became its opposite, or another of its set (a day of the week, a relative). `broken_off`: ends in mid-sentence.
    `sentence_count`: more or fewer sentences. `marks`: quotes or brackets differ. `low_score`: the model was unsure. `unchecked`: too long to be checked. `over_removed`: cleaning took out much of the
    page. `source_gap`: the Italian itself lacks words. `not_italian`: a sentence is in another language than Italian and English, or a quotation in another than Italian. `untranslated`: the Italian stands in the English's place. `leak`: the model added a phrase of its training data.
    `addresses`: a web or mail address, hashtag or @name differs. `glossary`: a term is not rendered as it says. `inconsistent`: a name or
    term is rendered in several ways. `repaired`: a number, address or name was put right. `edited`: a rule of the user's changed the English. `unstable`: with another ending the sentence is translated otherwise (`translate.probe`). `low_coverage`: the summary did not
    read the whole text. `summary_numbers`: it has a number that the text has not.
    """

    empty: FlagLevel = "error"
    copied: FlagLevel = "warning"
    garbled: FlagLevel = "error"
    repetition: FlagLevel = "error"
    length_ratio: FlagLevel = "warning"
    numbers: FlagLevel = "warning"
    hit_limit: FlagLevel = "error"
    wrong_language: FlagLevel = "error"
    missing_clause: FlagLevel = "warning"
    extra_text: FlagLevel = "warning"
    unrelated: FlagLevel = "error"
    swapped: FlagLevel = "error"
    names: FlagLevel = "warning"
    negation: FlagLevel = "warning"
    opposite: FlagLevel = "warning"
    broken_off: FlagLevel = "warning"
    sentence_count: FlagLevel = "info"
    marks: FlagLevel = "info"
    low_score: FlagLevel = "info"
    untranslated: FlagLevel = "error"
    leak: FlagLevel = "warning"
    addresses: FlagLevel = "warning"
    glossary: FlagLevel = "warning"
    inconsistent: FlagLevel = "info"
    repaired: FlagLevel = "info"
    edited: FlagLevel = "info"
    unstable: FlagLevel = "warning"
    unchecked: FlagLevel = "warning"
    over_removed: FlagLevel = "warning"
    source_gap: FlagLevel = "warning"
    not_italian: FlagLevel = "warning"
    low_coverage: FlagLevel = "error"
    summary_numbers: FlagLevel = "error"


def _known_flag(name: str) -> str:
    """The name of a flag as it is; a fault otherwise, since a misspelt one would silently stand for nothing."""
    if name in Flags.model_fields:
        return name
    near = difflib.get_close_matches(name, Flags.model_fields, 1)
    hint = f"; did you mean '{near[0]}'?" if near else "; `it2en list flags` names them"
    raise PydanticCustomError("flag", "there is no such flag{hint}", {"hint": hint})


class Check(Section):
    """Flags for the reviewer, and the thresholds that raise them.

    `copied_share`: the share of the Italian words, names apart, that the English still has. `repeated_share`: the share of
    English words in sequences of three said before. `min_length_ratio` and `max_length_ratio`: English over Italian
    characters, 15 added to both; of 3,634 human translations five lie outside. `max_lost_share`: the share of the
    article's sentences that cleaning may have taken from it, telling by their wording. `max_removed_share`: the share of the
    page's running text that was removed, in characters. `missing_clause`, `extra_text`, `unrelated`: log-odds in nats
    from which on a sentence is flagged; `lost_name`: evidence in nats; docs/faithfulness.md says what they catch and how often
    they are wrong. `unstable_likeness`: how
    much of its words, in order, a translation must share with that of the sentence with another ending. `sentence_difference`: so many sentences more or fewer. `min_score`: in nats a token; `score_spread`: so many
    median deviations below the document's median, of sentences that are `score_gap` nats below it as well.
    `fail_on`: from which severity on flags make the run end with exit code 4; everything is written all the same.
    """

    enabled: bool = True
    flags: Flags = Flags()
    copied_share: float = Field(0.7, gt=0, le=1)
    repeated_share: float = Field(0.3, gt=0, le=1)
    min_length_ratio: float = Field(0.6, gt=0)
    max_length_ratio: float = Field(1.6, gt=0)
    max_lost_share: float = Field(0.1, ge=0, le=1)
    max_removed_share: float = Field(0.35, gt=0, le=1)
    missing_clause: float = -0.7
    extra_text: float = -0.8
    unrelated: float = -1.0
    lost_name: float = Field(1.9, gt=0)
    unstable_likeness: float = Field(0.5, ge=0, le=1)
    sentence_difference: int = Field(2, ge=1)
    min_score: float = Field(-3.0, le=0)
    score_spread: float = Field(2.5, gt=0)
    score_gap: float = Field(0.25, ge=0)
    fail_on: Literal["never", "error", "warning"] = "never"


class Write(Section):
    """Which files each document gets, and which tables of all documents the run gets."""

    formats: list[str] = Field(["text", "segments", "json", "review"], min_length=1)
    tables: list[Literal["jsonl", "parquet"]] = []


class Ray(Section):
    """Where the executor 'ray' finds its workers, and how large they are.

    `address`: 'local' starts Ray on this machine, 'auto' or HOST:PORT joins a cluster that this machine is part of. Each of
    `actors` workers takes `cpus` cores and `num_gpus` GPUs (or a share of one), and `batch` documents at a time.
    """

    address: str = "local"
    actors: int = Field(2, ge=1)
    cpus: int = Field(1, ge=1)
    num_gpus: float = Field(0.0, ge=0)
    batch: int = Field(64, ge=1)


class Run(Section):
    """How the work is done. Nothing here changes a word of the output, and nothing here is part of a key.

    A window is what is taken through a stage at a time: at most `window` documents and `window_bytes` of input, a larger
    document alone.
    """

    executor: str = "local"
    ray: Ray = Ray()
    window: int = Field(64, ge=1)
    window_bytes: int = Field(2_000_000, ge=1)
    batch_tokens: int = Field(2048, ge=16)
    threads: int = Field(0, ge=0)
    device: Literal["auto", "cpu", "cuda"] = "auto"
    store: str | None = None


class Settings(Section):
    """The whole config."""

    inputs: Inputs = Inputs()
    clean: Clean = Clean()
    segment: Segment = Segment()
    translate: Translate = Translate()
    reread: Reread = Reread()
    summarise: Summarise = Summarise()
    check: Check = Check()
    write: Write = Write()
    run: Run = Run()

    @property
    def is_reread(self) -> bool:
        """Whether translations are read again: there have to be some, which are no echo, and a flag that makes use of it."""
        flags = self.check.flags
        is_asked = self.check.enabled and {flags.missing_clause, flags.extra_text} != {"off"}
        return self.reread.enabled and self.translate.enabled and self.translate.model != "echo" and is_asked
