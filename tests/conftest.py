"""What many tests share: tiny checkpoints made once a session, a home without models, a clean output folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import urllib3.util.connection  # noqa: F401 - trafilatura imports it, and on import it tries out a socket

os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # tiny models run many times faster without threads waiting for each other

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny MarianMT checkpoint, made here and now."""
    from checkpoints import make_marian

    return make_marian(tmp_path_factory.mktemp("models") / "marian")


@pytest.fixture(scope="session")
def bart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BART checkpoint, made here and now."""
    from checkpoints import make_bart

    return make_bart(tmp_path_factory.mktemp("models") / "bart")


@pytest.fixture(autouse=True)
def no_models_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests see no model that happens to be installed on this machine."""
    monkeypatch.setenv("IT2EN_HOME", str(tmp_path_factory.getbasetemp() / "no-models"))
