"""The stages, in the order a document passes them. `make_stages` makes those that the settings switch on."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from pipeline.document import FIELDS, Source
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.stages.stage import Stage

STAGES: dict[str, str] = {
    "clean": "pipeline.stages.clean:CleanStage",
    "segment": "pipeline.stages.segment:SegmentStage",
    "translate": "pipeline.stages.translate:TranslateStage",
    "reread": "pipeline.stages.reread:RereadStage",
    "summarise": "pipeline.stages.summarise:SummariseStage",
    "check": "pipeline.stages.check:CheckStage",
}


def stage_class(name: str) -> Any:
    """The class behind a name of `STAGES`."""
    module, _, attribute = STAGES[name].partition(":")
    return getattr(import_module(module), attribute)


def make_stages(settings: Settings) -> list[Stage]:
    """The stages that are switched on, in order. Raises ConfigError when one reads what none before it makes."""
    stages: list[Stage] = []
    made: list[type] = [Source]
    for name in STAGES:
        section = getattr(settings, name)
        if not getattr(section, "enabled", True) or (name == "reread" and not settings.is_reread):
            continue
        stage_type = stage_class(name)
        if name == "check":  # reads whatever there is to check
            stage = stage_type(section, settings.run, tuple(k for k in stage_type.reads if k in made))
        else:
            stage = stage_type(section, settings.run)
        stages.append(stage)
        made.append(stage.makes)
    check_order(stages)
    return stages


def check_order(stages: Sequence[Stage]) -> None:
    """Raise ConfigError where a stage reads an artifact that no stage before it makes."""
    made: set[type] = {Source}
    for stage in stages:
        for kind in stage.reads:
            if kind not in made:
                maker = next((n for n in STAGES if stage_class(n).makes is kind), FIELDS[kind])
                raise ConfigError(
                    f"the stage '{stage.name}' reads what '{maker}' makes, which is not part of this run",
                    f"switch on {maker}.enabled, or switch off {stage.name}.enabled",
                )
        made.add(stage.makes)
