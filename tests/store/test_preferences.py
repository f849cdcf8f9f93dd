"""The choice of a language model: kept for the home, shared by processes, never with a key in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.configuration import LanguageModel
from engine.errors import SettingError, StorageError
from engine.store.preferences import Preferences
from tests.fakes import FullDisk

HERE = LanguageModel("http://localhost:11434/v1", "llama")
THERE = LanguageModel("https://example.org/v1", "large", "MY_KEY", 12.5)


def test_without_a_choice_the_environment_counts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert Preferences(home).language_model(HERE) == HERE
    assert Preferences(home).language_model(None) is None
    assert not home.exists()


def test_a_choice_is_kept_and_the_offline_writer_is_one(tmp_path: Path) -> None:
    Preferences(tmp_path).set_language_model(THERE)
    assert Preferences(tmp_path).language_model(HERE) == THERE
    Preferences(tmp_path).set_language_model(None)
    assert Preferences(tmp_path).language_model(HERE) is None


@pytest.mark.parametrize(
    "choice",
    [
        replace(HERE, base_url="localhost:11434"),
        replace(HERE, base_url="file:///etc/passwd"),
        replace(HERE, base_url="https://me:sk-secret@example.org/v1"),
        replace(HERE, model=" "),
        replace(HERE, key_variable="sk-secret"),
        replace(HERE, timeout_seconds=0),
        replace(HERE, timeout_seconds=float("nan")),
    ],
)
def test_what_cannot_be_asked_is_refused_without_repeating_a_key(tmp_path: Path, choice: LanguageModel) -> None:
    with pytest.raises(SettingError) as caught:
        Preferences(tmp_path).set_language_model(choice)
    assert "secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "rubbish", "[]", "3", '{"language_model": 3}', '{"language_model": {"model": "x"}}']
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(StorageError, match=r"settings\.json"):
        Preferences(tmp_path).language_model(None)


@pytest.mark.parametrize("fails_at", range(4))
def test_a_full_disk_keeps_the_old_choice(tmp_path: Path, fails_at: int) -> None:
    Preferences(tmp_path).set_language_model(HERE)
    with pytest.raises(StorageError):
        Preferences(tmp_path, FullDisk(fails_at)).set_language_model(THERE)
    assert Preferences(tmp_path).language_model(None) == HERE
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]
