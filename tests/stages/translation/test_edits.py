"""A user's own rules: what they change, that nothing is changed in secret, and that their examples are run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
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


def rule(language: str, find: str, replace: str, **more: Any) -> Edit:
    example = EditExample(text="zzz", gives="zzz")
    return Edit(**{"id": "r", "language": language, "find": find, "replace": replace, "examples": [example], **more})


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
    assert (found.message, found.target_spans) == ("r: 'Città' became 'City'", ((repair.start, repair.end),))


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


def test_a_rule_that_speaks_everywhere_in_a_text_is_applied_everywhere() -> None:
    made = Edits([rule("english", "a", "bb")]).english(Repaired("a " * 20_000))
    assert made.target == "bb " * 20_000
    assert (made.repairs[-1].start, made.repairs[-1].end) == (59_997, 59_999)


def test_a_repair_is_still_found_where_a_rule_has_changed_what_it_made() -> None:
    repaired = Repaired("It costs 1.200 euros here.").change("number", 9, 14, "1,200")
    made = Edits([rule("english", "([0-9,]+) euros", r"EUR \1"), rule("english", "It", "This", id="s")]).english(
        repaired
    )
    assert [(r.kind, r.rule, made.target[r.start : r.end]) for r in made.repairs] == [
        ("edit", "s", "This"),
        ("number", "", "EUR 1,200"),
        ("edit", "r", "EUR 1,200"),
    ]


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), min_size=2, max_size=6))
def test_places_stay_within_the_text_however_many_rules_follow(letters: list[str], found: list[str]) -> None:
    rules = [rule("english", f"{letter}+.?", letter.upper() * n, id=str(n)) for n, letter in enumerate(found)]
    made = Edits(rules).english(Repaired("".join(letters) or "f"))
    assert all(0 <= r.start <= r.end <= len(made.target) for r in made.repairs)
    last = str(len(found) - 1)
    assert all(made.target[r.start : r.end] == r.after for r in made.repairs if r.rule == last)


def test_spaces_are_left_alone_where_no_rule_speaks() -> None:
    assert Edits([rule("italian", "z", "y")]).italian("a  b") == "a  b"


def settings(*edits: dict[str, Any]) -> Settings:
    return Settings.model_validate({"translate": {"model": "echo", "engine": "echo", "edits": list(edits)}})


GOOD = {"id": "s", "language": "english", "find": "per cent", "replace": "percent"}


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
    config.write_text(
        "extends: default\ntranslate:\n  edits:\n    - {id: a, language: english, find: a}\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="examples"):
        load_settings(str(config))


def shown(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def test_the_rules_that_the_documents_show_can_be_copied(tmp_path: Path) -> None:
    whole = re.search(r"^translate:\n  edits:\n(?:    .*\n)+", shown("docs/translation.md"), re.MULTILINE)
    line = re.search(r"^  #   (- \{id: .*\})$", shown("configs/default.yaml"), re.MULTILINE)
    assert whole
    assert line
    for number, text in enumerate((whole[0], f"translate:\n  edits:\n    {line[1]}\n")):
        config = tmp_path / f"{number}.yaml"
        config.write_text(f"extends: default\n{text}", encoding="utf-8")
        edits = load_settings(str(config)).translate.edits
        assert edits
        check_edits(edits)


def test_another_example_changes_no_key() -> None:
    def key(text: str) -> str:
        edits = [rule("english", "a", "b", examples=[EditExample(text=text, gives=text)])]
        return TranslateStage(Translate(edits=edits), RunSettings()).fingerprint

    assert key("x") == key("y")


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
    assert decoded({**GOOD, "language": "italian", "find": "chiuso", "replace": "sbarrato", "examples": example}) == (
        1,
        1,
    )
