"""The packs: every rule's own examples, and what a pack must not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cleaning.lines import lines
from pipeline.cleaning.loading import available, list_rules, load
from pipeline.cleaning.rules import Rule, Rules
from pipeline.errors import ConfigError
from pipeline.settings import Clean

RULES = list_rules(Clean())
PACK = """
about: Rules of a user's own.
rules:
  - id: own-slogan
    kind: other
    why: The paper's slogan.
    phrases: ["il giornale di chi legge"]
    examples: {match: ["Il giornale di chi legge"], keep: ["Il giornale di ieri"]}
"""


def matches(rule: Rule, text: str) -> bool:
    (line,) = lines(text)
    return any(Rules([rule]).hits(line.plain, line.words, line.sentence))


@pytest.mark.parametrize(
    ("rule", "text"), [(r, t) for r in RULES for t in r.examples.match], ids=lambda v: getattr(v, "id", None)
)
def test_a_rule_matches_its_examples(rule: Rule, text: str) -> None:
    assert matches(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"), [(r, t) for r in RULES for t in r.examples.keep], ids=lambda v: getattr(v, "id", None)
)
def test_a_rule_keeps_its_hands_off_its_counter_examples(rule: Rule, text: str) -> None:
    assert not matches(rule, text)


def test_all_packs_of_the_program_are_in_the_default_config() -> None:
    assert sorted(Clean().packs) == available()


def test_rules_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_a_pack_of_the_users_own_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mio.yaml"
    path.write_text(PACK, encoding="utf-8")
    (rule,) = list_rules(Clean(packs=[str(path)]))
    assert rule.id == "own-slogan"
    assert matches(rule, "IL GIORNALE  DI CHI LEGGE!")


def test_rules_together_find_what_each_finds_alone() -> None:
    together = load(Clean())
    for rule in RULES:
        for text in rule.examples.match:
            (line,) = lines(text)
            assert rule.id in {hit.rule.id for hit in together.hits(line.plain, line.words, line.sentence)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kind: other", "kind: oddity"), "kind"),
        (("phrases:", "phrase:"), "phrase"),
        (("phrases: [", "pattern: x\n    phrases: ["), "either a pattern or phrases"),
        (('phrases: ["il giornale di chi legge"]', 'pattern: "(a"'), "missing"),
        (('phrases: ["il giornale di chi legge"]', 'pattern: "(?=a)b"'), "invalid"),
        (("    kind: other", "    kind: other\n    action: metadata:date"), "needs a group"),
        (("    kind: other", "    kind: other\n    scope: middle"), "scope"),
        (('keep: ["Il giornale di ieri"]', "keep: []"), "examples"),
        (("about:", "about: ["), "expected"),
        (('match: ["Il', 'match: ["Un'), "own-slogan: 'Un giornale di chi legge' should match, and does not"),
        (('keep: ["Il giornale di ieri"]', 'keep: ["Il giornale di chi legge!"]'), "should be kept, and is not"),
    ],
)
def test_a_pack_that_is_not_valid_is_refused_by_name_and_place(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    path = tmp_path / "mio.yaml"
    path.write_text(PACK.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mio\.yaml") as error:
        load(Clean(packs=[str(path)]))
    assert message in str(error.value)


def test_a_pack_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mio.yaml"
    path.write_bytes(PACK.replace("Rules", "Perch\u00e9").encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(Clean(packs=[str(path)]))


def test_a_pack_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ConfigError, match="menues") as error:
        load(Clean(packs=["menues"]))
    assert "menus" in error.value.hint


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("uno.yaml", "due.yaml"):
        (tmp_path / name).write_text(PACK, encoding="utf-8")
    with pytest.raises(ConfigError, match="own-slogan"):
        load(Clean(packs=[str(tmp_path / "uno.yaml"), str(tmp_path / "due.yaml")]))
