from __future__ import annotations

from pathlib import Path

import pytest
from checkpoints import make_marian


@pytest.fixture(scope="session")
def old_marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint `marian` in the layout of before 2022."""
    return make_marian(tmp_path_factory.mktemp("models") / "old-marian", legacy=True)
