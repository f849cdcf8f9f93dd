"""The tiny twins of the model table, shared by all tests of a process."""

from __future__ import annotations

import pytest

from tests.models.twins.shelf import Shelf


@pytest.fixture(scope="session")
def shelf_of_twins(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Each twin is built when it is first asked for, and saved once for all tests of a session."""
    return Shelf.below(tmp_path_factory.mktemp("twins"))
