"""A user's own rules: what they change, that nothing is changed in secret, and that their examples are run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import Run, load_settings
from pipeline.document import Document, Pair, Segment, Segments, Translation
from pipeline.engines.engine import Forgetful
from pipeline.errors import ConfigError
from pipeline.runner import check_settings
from pipeline.settings import Check, Edit, EditExample, Settings, Translate
from pipeline.settings import Run as RunSettings
from pipeline.stages.flagging.consistency import edited
from pipeline.stages.translate import TranslateStage
from pipeline.stages.translation.edits import Edits, check_edits
from pipeline.stages.translation.repair import Repaired


def rule(on: str, find: str, replace: str, **more: Any) -> Edit:
    example = EditExample(text="zzz", gives="zzz")
    return Edit(**{"id": "r", "on": on, "find": find, "replace": replace, "examples": [example], **more})


def translated(*rules: Edit, text: str = "L'on. Rossi è a Città di Castello.") -> Pair:
    stage = TranslateStage(Translate(model="echo", engine="echo", edits=list(rules)), RunSettings())
    stage.open(Forgetful())
    segments = Segments((Segment(1, 1, 0, len(text), "paragraph", text, ""),))
    [(_, made)] = stage.make([Document("d", "d").plus(segments)])
    assert isinstance(made, Translation)
    return made.pairs[0]


def test_a_rule_on_the_italian_changes_what_the_model_reads_and_not_the_source() -> None:
    pair = translated(rule("italian", r"\bon\. ([A-Z])", r"onorevole \1"))
    assert pair.source == "L'on. Rossi è a Città di Castello."
    assert pair.reading == "L'onorevole Rossi è a Città di Castello."
    assert pair.target == f"[en] {pair.reading}"


def test_without_a_rule_that_speaks_there_is_no_reading() -> None:
    assert translated().reading == ""
    assert translated(rule("italian", "Bianchi", "Verdi")).reading == ""


def test_a_rule_on_the_english_is_recorded_with_its_place_and_flagged() -> None:
    pair = translated(rule("english", "Città", "City"))
    assert pair.target == "[en] L'on. Rossi è a City di Castello."
    (repair,) = pair.repairs
    assert (repair.kind, repair.before, repair.after) == ("edit", "Città", "City")
    assert pair.target[repair.start : repair.end] == "City"
    (found,) = edited(Document("d", "d").plus(Translation((pair,), "m")), Check())
    assert (found.message, found.target_spans) == ("'Città' became 'City'", ((repair.start, repair.end),))


def test_rules_are_applied_in_their_order() -> None:
    made = Edits([rule("english", "uno", "due"), rule("english", "due", "tre", id="s")]).english(Repaired("uno due"))
    assert made.target == "tre tre"


def test_a_rule_that_would_leave_nothing_changes_nothing() -> None:
    edits = Edits([rule("english", ".+", ""), rule("italian", ".+", "", id="s")])
    assert edits.english(Repaired("Yes.")) == Repaired("Yes.")
    assert edits.italian("Sì.") == "Sì."


def test_accents_around_a_match_do_not_shift_it() -> None:
    assert Edits([rule("english", "(c)(d)", r"\2è\1")]).english(Repaired("àè cd é")).target == "àè dèc é"


@given(st.text(max_size=40), st.sampled_from(["a", "[a-m]+", "à|e", "(.)x"]), st.sampled_from(["", "b", r"\0\0"]))
def test_every_change_is_told_where_it_stands(text: str, find: str, replace: str) -> None:
    made = Edits([rule("english", find, replace)]).english(Repaired(text))
    for one in made.repairs:
        assert made.target[one.start : one.end] == one.after
    before = made.target
    for one in sorted(made.repairs, key=lambda r: -r.start):
        before = before[: one.start] + one.before + before[one.end :]
    assert before == text


def settings(*edits: dict[str, Any]) -> Settings:
    return Settings.model_validate({"translate": {"model": "echo", "engine": "echo", "edits": list(edits)}})


GOOD = {"id": "s", "on": "english", "find": "per cent", "replace": "percent"}


def test_examples_that_hold_are_fine() -> None:
    examples = [{"text": "ten per cent", "gives": "ten percent"}, {"text": "ten percent", "gives": "ten percent"}]
    check_settings(settings({**GOOD, "examples": examples}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"examples": [{"text": "a per cent", "gives": "a pct"}]},
            "s: 'a per cent' should give 'a pct', and gives 'a percent'",
        ),
        ({"find": "(?<=a)b"}, "s: find: invalid perl operator"),
        ({"replace": r"\1"}, r"s: replace: there is no group \\1"),
    ],
)
def test_a_rule_that_does_not_do_what_it_says_is_refused(change: dict[str, Any], said: str) -> None:
    example = [{"text": "x", "gives": "x"}]
    with pytest.raises(ConfigError, match=said):
        check_settings(settings({**GOOD, "examples": example, **change}))


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigError, match="two rules called 's'"):
        check_edits([rule("english", "a", "b", id="s"), rule("english", "c", "d", id="s")])


def test_a_rule_without_examples_is_no_rule(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("extends: default\ntranslate:\n  edits:\n    - {id: a, on: english, find: a}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="examples"):
        load_settings(str(config))


def test_a_changed_rule_remakes_translations_and_only_decodes_what_the_model_is_given_anew(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("Il ponte\n\nIl ponte è chiuso da ieri per lavori.\n", encoding="utf-8")

    def decoded(*edits: dict[str, Any]) -> tuple[int, int]:
        config = settings(*edits).model_copy(update={"check": Check(enabled=False)})
        result = Run([tmp_path / "in"], config, out=tmp_path / "out", name="r").execute()
        return result.stages["translate"].made, result.stages["translate"].decoded

    example = [{"text": "x", "gives": "x"}]
    assert decoded()[0] == 1
    assert decoded({**GOOD, "find": "chiuso", "replace": "shut", "examples": example}) == (1, 0)
    assert decoded({**GOOD, "on": "italian", "find": "chiuso", "replace": "sbarrato", "examples": example}) == (1, 1)
