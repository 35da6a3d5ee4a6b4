from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from pipeline.document import CleanText, Document, Generation, Segment, Segments, Translation
from pipeline.engines.engine import Engine, Forgetful, Remembered
from pipeline.errors import ConfigError, EngineError
from pipeline.settings import Run, Translate
from pipeline.stages import translate as module
from pipeline.stages.translate import TranslateStage, _Decoded
from pipeline.stages.translation.planning import Plan


class Recorder(Engine):
    """Upper-cases, counts words as tokens, and writes down what it was asked."""

    limit = 12

    def __init__(self, poison: str = "") -> None:
        self.asked: list[str] = []
        self.poison = poison

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(t.split()) for t in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        for i in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
            if self.poison and self.poison in texts[i]:
                raise RuntimeError("poison")
            self.asked.append(texts[i])
            yield i, Generation(texts[i].upper(), -0.5, len(texts[i].split()), len(texts[i].split()))


class Dictionary:
    """A memory in a dict."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Generation] = {}

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        return {t: self.known[space, t] for t in texts if (space, t) in self.known}

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        self.known.update({(space, t): g for t, g in generations.items()})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(module, "open_engine", lambda *_: recorder)
    return recorder


def document(*sentences: str) -> Document:
    items = tuple(Segment(i, 0, 0, len(s), "paragraph", s, " ") for i, s in enumerate(sentences, 1))
    return Document("d", "d.txt").plus(Segments(items))


def translate(*documents: Document, memory: object = None, **config: object) -> list[Translation]:
    config.setdefault("ladder", {"rungs": []})  # the ladder has its own tests
    stage = TranslateStage(Translate(model="echo", **config), Run())  # type: ignore[arg-type]
    stage.open(memory or Forgetful())  # type: ignore[arg-type]
    made = dict(stage.make(documents))
    return [made[i] for i in range(len(documents))]  # type: ignore[misc]


def test_each_segment_gets_one_pair_in_its_place(engine: Recorder) -> None:
    (made,) = translate(document("Buongiorno a tutti.", "-", "Piove."))
    assert [(p.segment, p.target, p.provenance) for p in made.pairs] == [
        (1, "BUONGIORNO A TUTTI.", "model"),
        (2, "-", "copied"),
        (3, "PIOVE.", "model"),
    ]


def test_a_sentence_that_occurs_twice_is_decoded_once(engine: Recorder) -> None:
    translate(document("Piove.", "Piove."), document("Piove."))
    assert engine.asked == ["Piove."]


def test_the_model_sees_normalised_text_and_the_pair_keeps_the_source(engine: Recorder) -> None:
    (made,) = translate(document("L’ora “legale”."))
    assert engine.asked == ['L\'ora "legale".']
    assert made.pairs[0].source == "L’ora “legale”."


def test_a_sentence_over_the_soft_limit_is_split_and_every_word_is_fed_once(engine: Recorder) -> None:
    text = "uno due tre quattro cinque, e sei sette otto nove; dieci undici dodici tredici quattordici"
    (made,) = translate(document(text), soft_limit=8)
    assert made.pairs[0].provenance == "split"
    assert made.pairs[0].tokens_in == len(text.split())
    assert made.pairs[0].target.split() == text.upper().split()
    assert all(len(asked.split()) <= 8 for asked in engine.asked)


def test_the_engines_own_limit_holds_where_it_is_lower_than_the_soft_one(engine: Recorder) -> None:
    translate(document(" ".join(["parola"] * 100)), soft_limit=50)
    assert max(len(asked.split()) for asked in engine.asked) <= Recorder.limit


def test_an_unbroken_string_inside_a_long_sentence_is_copied_not_decoded(engine: Recorder) -> None:
    junk = "x" * 200
    (made,) = translate(
        document(f"uno due tre quattro cinque sei sette otto nove dieci undici dodici {junk} tredici"), soft_limit=8
    )
    assert junk in made.pairs[0].target


def test_a_shouted_title_is_decoded_as_the_body_writes_its_words_and_shouted_again(engine: Recorder) -> None:
    title = "CINA, SVILUPPO E LIMITI CON IL KAZAKHSTAN"
    (made,) = translate(document(title, "Ieri il Kazakhstan ha detto sì."))
    assert "Cina, sviluppo e limiti con il Kazakhstan" in engine.asked
    assert made.pairs[0].target == title


def test_a_corrected_sentence_is_not_decoded_and_stands_as_the_reviewer_wrote_it(
    engine: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "c.tsv").write_text("Costa 1.200.000 euro .\tIt costs 1.200.000 .\n", encoding="utf-8")
    corrections = [str(tmp_path / "c.tsv")]
    (made,) = translate(document("Costa  1.200.000\neuro .", "Piove."), corrections=corrections)
    assert [(p.target, p.provenance) for p in made.pairs] == [("It costs 1.200.000 .", "approved"), ("PIOVE.", "model")]
    assert engine.asked == ["Piove."]


def test_a_correction_wins_over_what_would_be_copied_or_left_as_it_is(engine: Recorder, tmp_path: Path) -> None:
    (tmp_path / "c.tsv").write_text(f"1.234,5\tabout 1,200\n{GERMAN}\tIt rains.\n", encoding="utf-8")
    (made,) = translate(document("Piove.", "1.234,5", GERMAN), corrections=[str(tmp_path)])
    assert [p.target for p in made.pairs] == ["PIOVE.", "about 1,200", "It rains."]


def test_a_number_that_the_source_settles_is_put_right_and_told(engine: Recorder) -> None:
    (made,) = translate(document("Sono 2.200.112."))
    assert made.pairs[0].target == "SONO 2,200,112."
    assert [(r.before, r.after) for r in made.pairs[0].repairs] == [("2.200.112", "2,200,112")]


def test_repairs_may_be_switched_off(engine: Recorder) -> None:
    (made,) = translate(document("Sono 2.200.112."), repair=False)
    assert made.pairs[0].target == "SONO 2.200.112."
    assert made.pairs[0].repairs == ()


def test_typographic_quotes_go_out_by_config(engine: Recorder) -> None:
    (made,) = translate(document('L\'ora "legale".'), quotes="typographic")
    assert made.pairs[0].target == "L’ORA “LEGALE”."


def test_the_content_of_a_glossary_is_part_of_the_key_and_its_path_is_not(tmp_path: Path) -> None:
    def key(name: str, content: str) -> str:
        (tmp_path / name).write_text(content, encoding="utf-8")
        stage = TranslateStage(Translate(model="echo", glossary=[str(tmp_path / name)]), Run())
        return stage.key({Segments: "x"})

    first = key("a.csv", "gas,gas\n")
    assert key("b.csv", "gas,gas\n") == first
    assert key("a.csv", "gas,natural gas\n") != first


def test_what_is_remembered_is_not_decoded_again(engine: Recorder) -> None:
    memory = Dictionary()
    first = translate(document("Piove.", "Nevica."), memory=memory)
    assert translate(document("Piove.", "Nevica."), memory=memory) == first
    assert sorted(engine.asked) == ["Nevica.", "Piove."]


def test_a_whole_decoding_from_a_higher_soft_limit_is_not_taken_for_a_lower_one(engine: Recorder) -> None:
    text = "uno due tre quattro cinque sei sette otto nove dieci"
    memory = Dictionary()
    translate(document(text), memory=memory, soft_limit=12)
    (made,) = translate(document(text), memory=memory, soft_limit=8)
    assert made.pairs[0].provenance == "split"


def test_other_decoding_parameters_have_another_memory(engine: Recorder) -> None:
    memory = Dictionary()
    translate(document("Piove."), memory=memory)
    translate(document("Piove."), memory=memory, decoding={"beam_size": 1})
    assert engine.asked == ["Piove.", "Piove."]


def test_a_poisonous_sentence_fails_its_document_alone(engine: Recorder) -> None:
    engine.poison = "veleno"
    documents = [document("Piove."), document("Un veleno."), document("Nevica molto.")]
    stage = TranslateStage(Translate(model="echo"), Run())  # the ladder is on: it must not take the others along either
    stage.open(Forgetful())
    made = dict(stage.attempt(documents))
    assert [type(made[i]).__name__ for i in range(3)] == ["Translation", "Failure", "Translation"]


def test_an_engine_that_cannot_run_stops_everything(engine: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Engine:
        raise EngineError("no")

    monkeypatch.setattr(module, "open_engine", broken)
    stage = TranslateStage(Translate(model="echo"), Run())
    stage.open(Forgetful())
    with pytest.raises(EngineError):
        list(stage.attempt([document("Piove.")]))


def test_a_document_without_words_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "open_engine", lambda *_: pytest.fail("loaded"))
    (made,) = translate(document("12", "---"))
    assert [p.target for p in made.pairs] == ["12", "---"]


def test_verbatim_text_is_kept_to_the_letter() -> None:
    text = "\n  Prima riga. \n\n seconda\n"
    clean = CleanText.verbatim(text)
    assert clean.restore() == text
    assert clean.text == "Prima riga. \n\n seconda\n"


def test_a_glossary_that_is_not_there_is_told_when_the_stage_opens() -> None:
    stage = TranslateStage(Translate(model="echo", glossary=["nowhere.csv"]), Run())
    with pytest.raises(ConfigError, match=r"nowhere\.csv"):
        stage.open(Forgetful())


def test_a_segment_is_judged_while_later_ones_are_still_being_decoded() -> None:
    happened: list[str] = []
    decoded = _Decoded([[_plan("uno"), _plan("due")], [_plan("due")]])

    class Slow(Recorder):
        def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
            for place, text in enumerate(texts):
                happened.append(f"decoded {text}")
                yield place, Generation(text, -0.1, 1, 1)

    for place in decoded.complete(Remembered(Slow, Forgetful(), "space")):
        happened.append(f"complete {place}")
    assert happened == ["decoded uno", "complete (0, 0)", "decoded due", "complete (0, 1)", "complete (1, 0)"]


def _plan(text: str) -> Plan:
    return Plan(Segment(0, 0, 0, len(text), "paragraph", text, ""), (text,), "plain")


def test_figures_alone_are_written_as_english_writes_them_and_told(engine: Recorder) -> None:
    (made,) = translate(document("2023 | 1,80", "12.500", "10.30", "☎ 333.123.456", "x=1,5"))
    assert [p.target for p in made.pairs] == ["2023 | 1.80", "12,500", "10.30", "☎ 333.123.456", "x=1,5"]
    assert {p.provenance for p in made.pairs} == {"copied"}
    assert [(r.kind, r.before, r.after) for p in made.pairs for r in p.repairs] == [
        ("number", "1,80", "1.80"),
        ("number", "12.500", "12,500"),
    ]
    assert translate(document("12.500"), repair=False)[0].pairs[0].target == "12.500"


def test_a_list_mark_makes_no_difference_to_figures(engine: Recorder) -> None:
    (made,) = translate(document("> 12.500", "• 12.500 €", "• 1.500 €", "> 1.500", "☎ 333.123.000"))
    assert [p.target for p in made.pairs] == ["> 12,500", "• 12,500 €", "• 1.500 €", "> 1.500", "☎ 333.123.000"]


GERMAN = "Das ist ein schwarzer Tag für unsere Stadt."


def test_a_sentence_in_another_language_is_left_as_it_is_behind_a_mark(engine: Recorder) -> None:
    (made,) = translate(document("Piove da ieri.", GERMAN))
    assert (made.pairs[1].target, made.pairs[1].provenance) == (f"[untranslated] {GERMAN}", "source")
    assert engine.asked == ["Piove da ieri."]


def test_a_model_that_knows_other_languages_is_given_their_sentences(engine: Recorder) -> None:
    translate(document("Piove da ieri.", GERMAN), ladder={"rungs": [], "pass_through": ["empty"]})
    assert GERMAN in engine.asked


def test_a_document_that_is_mostly_in_another_language_was_kept_on_purpose_and_is_translated(engine: Recorder) -> None:
    translate(document("Piove da ieri.", GERMAN, "Wir wissen noch nicht, was gestern passiert ist."))
    assert GERMAN in engine.asked


def test_a_sentence_in_english_is_copied(engine: Recorder) -> None:
    text = "We do not know yet what happened."
    (made,) = translate(document("Piove da ieri.", text))
    assert (made.pairs[1].target, made.pairs[1].provenance) == (text, "copied")
