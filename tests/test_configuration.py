"""What the environment says, and what it may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.configuration import Configuration, LanguageModel
from engine.errors import SettingError


def test_an_empty_environment_gives_the_defaults() -> None:
    found = Configuration.from_environment({})
    assert (found.host, found.port, found.language_model) == ("127.0.0.1", 7860, None)
    assert found.home.is_absolute()
    assert "greenlight" in str(found.home)


def test_every_variable_is_read(tmp_path: Path) -> None:
    given = {
        "GREENLIGHT_HOME": str(tmp_path),
        "GREENLIGHT_HOST": "0.0.0.0",
        "GREENLIGHT_PORT": "8080",
        "GREENLIGHT_LLM_BASE_URL": "http://localhost:11434/v1",
        "GREENLIGHT_LLM_MODEL": "llama",
        "GREENLIGHT_LLM_API_KEY": "sk-secret",
        "GREENLIGHT_LLM_TIMEOUT": "5",
        "GREENLIGHT_MEMORY": "group offload",
    }
    model = LanguageModel("http://localhost:11434/v1", "llama", "GREENLIGHT_LLM_API_KEY", 5)
    found = Configuration.from_environment(given)
    assert found == Configuration(tmp_path, "0.0.0.0", 8080, model, "group offload")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    "given",
    [
        {"GREENLIGHT_PORT": "web"},
        {"GREENLIGHT_PORT": "70000"},
        {"GREENLIGHT_PORT": "-1"},
        {"GREENLIGHT_LLM_BASE_URL": "localhost"},
        {"GREENLIGHT_LLM_BASE_URL": "http://x/v1", "GREENLIGHT_LLM_TIMEOUT": "soon"},
    ],
)
def test_what_cannot_be_used_is_named(given: dict[str, str]) -> None:
    with pytest.raises(SettingError) as caught:
        Configuration.from_environment(given)
    assert caught.value.remedy
