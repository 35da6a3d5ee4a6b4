from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import dump, keys, load, profiles
from pipeline.errors import ConfigError
from pipeline.settings import Settings


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_a_config_the_defaults_hold() -> None:
    assert load() == Settings()


def test_default_yaml_spells_out_every_key_with_its_default() -> None:
    written = yaml.safe_load((ROOT / "configs/default.yaml").read_text(encoding="utf-8"))
    assert written == Settings().model_dump(mode="json")


def test_every_key_of_default_yaml_carries_a_comment() -> None:
    lines = (ROOT / "configs/default.yaml").read_text(encoding="utf-8").split("\n")
    naked = []
    for number, line in enumerate(lines):
        if re.match(r"\s*[a-z_]+:", line) and "#" not in line and not lines[number - 1].lstrip().startswith("#"):
            naked.append(line.strip())
    assert naked == []


@pytest.mark.parametrize("name", profiles())
def test_a_profile_that_ships_is_valid(name: str) -> None:
    assert load(name)


def test_a_child_changes_only_what_it_names(tmp_path: Path) -> None:
    write(tmp_path / "parent.yaml", "translate:\n  soft_limit: 60\n  decoding:\n    beam_size: 2\n")
    child = write(tmp_path / "child.yaml", "extends: parent.yaml\ntranslate:\n  decoding:\n    length_penalty: 0.8\n")
    translate = load(child).translate
    assert (translate.soft_limit, translate.decoding.beam_size, translate.decoding.length_penalty) == (60, 2, 0.8)


def test_one_decoding_key_leaves_the_summarisers_own_defaults_alone() -> None:
    changed = load(None, ["summarise.decoding.beam_size=2"]).summarise.decoding
    assert changed == Settings().summarise.decoding.model_copy(update={"beam_size": 2})


def test_set_wins_over_files_and_later_over_earlier(tmp_path: Path) -> None:
    config = write(tmp_path / "c.yaml", "run:\n  window: 8\n")
    assert load(config, ["run.window=9", "run.window=10"]).run.window == 10


def test_an_unknown_key_is_refused_with_file_line_and_the_nearest_right_one(tmp_path: Path) -> None:
    config = write(tmp_path / "c.yaml", "# a comment\ntranslate:\n  decoding:\n    beam_sise: 4\n")
    with pytest.raises(
        ConfigError, match=r"c\.yaml:4: unknown key 'translate\.decoding\.beam_sise'.*'translate\.decoding\.beam_size'"
    ):
        load(config)


def test_a_key_in_the_wrong_section_is_pointed_to_its_home(tmp_path: Path) -> None:
    config = write(tmp_path / "c.yaml", "translate:\n  beam_size: 4\n")
    with pytest.raises(ConfigError, match=r"did you mean 'translate\.decoding\.beam_size'"):
        load(config)


@pytest.mark.parametrize("key", ["triggers", "pass_through"])
def test_a_misspelt_flag_in_the_ladder_is_refused_rather_than_stand_for_nothing(key: str) -> None:
    with pytest.raises(ConfigError, match=rf"translate\.ladder\.{key}\.1.*did you mean 'numbers'"):
        load(None, [f"translate.ladder.{key}=[empty, number]"])


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    config = write(tmp_path / "c.yaml", "run:\n  window: 0\ntranslte: {}\n")
    with pytest.raises(ConfigError) as caught:
        load(config)
    assert "c.yaml:2: run.window" in str(caught.value)
    assert "c.yaml:3: unknown key 'translte'; did you mean 'translate'?" in str(caught.value)


def test_norway_is_not_false(tmp_path: Path) -> None:
    config = write(tmp_path / "c.yaml", "translate:\n  model: no\n")
    with pytest.raises(ConfigError, match=r"c\.yaml:2: translate\.model: .*string"):
        load(config)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("translate: [", "not valid YAML"),
        ("- a\n- b\n", "a config is a mapping"),
        ("run:\n  window: 1\n  window: 2\n", r"c\.yaml:3: 'run\.window' is written twice"),
        ("extends: nowhere\n", "neither a file nor a profile"),
        ("extends: c.yaml\n", "goes round in a circle"),
        ("extends: [a, b]\n", "takes one file or profile"),
    ],
)
def test_a_config_that_says_nothing_valid_is_a_config_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path / "c.yaml", text))


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["summarise.min_sentences=9"], r"summarise: max_sentences \(6\) is below min_sentences \(9\)\Z"),
        (
            ["summarise.max_sentences=1"],
            r"summarise: max_sentences \(1\) is below min_sentences \(2\)",
        ),
        (
            ["check.min_length_ratio=1.5", "check.max_length_ratio=1.2"],
            r"check: max_length_ratio \(1\.2\) is below min_length_ratio \(1\.5\)",
        ),
    ],
)
def test_a_maximum_below_its_minimum_is_a_config_error(overrides: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(None, overrides)


def test_a_minimum_may_equal_its_maximum() -> None:
    assert load(None, ["summarise.min_sentences=3", "summarise.max_sentences=3"]).summarise.max_sentences == 3


@pytest.mark.parametrize("override", ["window", "=3", "run..window=3", "run.window=[", "run.windows=3", "run=3"])
def test_an_override_that_cannot_be_understood_is_quoted(override: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"--set {override}") if override != "run..window=3" else "--set"):
        load(None, [override])


def test_a_parent_that_is_not_there_is_told_with_the_line_that_names_it(tmp_path: Path) -> None:
    config = write(tmp_path / "c.yaml", "# mine\nextends: embeded\n")
    with pytest.raises(ConfigError, match=r"c\.yaml:2: extends: config 'embeded' is neither"):
        load(config)


def test_a_misspelt_profile_gets_a_suggestion() -> None:
    with pytest.raises(ConfigError) as caught:
        load("qualty")
    assert "'quality'" in caught.value.hint


def test_a_section_whose_lines_are_all_commented_out_is_the_default(tmp_path: Path) -> None:
    assert load(write(tmp_path / "c.yaml", "translate:\n#  model: x\n")) == Settings()


def test_what_is_shown_can_be_read_back(tmp_path: Path) -> None:
    settings = load("quality", ["summarise.ratio=0.1"])
    assert load(write(tmp_path / "shown.yaml", dump(settings))) == settings


@given(st.permutations(["beam_size: 5", "length_penalty: 0.7", "max_new_ratio: 2.0"]))
def test_the_fingerprint_does_not_depend_on_the_order_of_keys(lines: list[str]) -> None:
    values = yaml.safe_load("\n".join(lines))
    settings = Settings.model_validate({"translate": {"decoding": values}})
    assert (
        settings.translate.fingerprint()
        == load(None, [f"translate.decoding.{k}={v}" for k, v in sorted(values.items())]).translate.fingerprint()
    )


def test_nothing_under_run_is_part_of_a_stages_settings() -> None:
    sections = {key[0] for key in keys() if len(key) == 1}
    assert sections == {"inputs", "clean", "segment", "translate", "reread", "summarise", "check", "write", "run"}
