"""`it2en config`: what a config says, whether it is right, and what it may say."""

from __future__ import annotations

import json

import typer

from pipeline.cli.app import Config, Set, app, settings_of, write_text

config_app = typer.Typer(no_args_is_help=True, help="Show, check and describe configs.")
app.add_typer(config_app, name="config")


@config_app.command()
def show(config: Config = None, set_: Set = None) -> None:
    """Print the whole config as it is used: defaults, profile and --set resolved."""
    from pipeline.config import dump

    write_text(dump(settings_of(config, set_)))


@config_app.command()
def check(
    config: str = typer.Argument(metavar="FILE", help="A config file, or the name of a profile."), set_: Set = None
) -> None:
    """Check a config; every fault is named with its line."""
    from pipeline.runner import check_settings

    check_settings(settings_of(config, set_))
    print(f"{config}: fine")


@config_app.command()
def schema() -> None:
    """Print the JSON Schema of configs, for editors."""
    from pipeline.settings import Settings

    described = Settings.model_json_schema()
    described["properties"]["extends"] = {
        "type": "string",
        "description": "The config or profile that this one changes.",
    }
    write_text(json.dumps(described, indent=2) + "\n")
