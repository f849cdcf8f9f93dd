"""What a training needs is asked for before it begins: in a sentence, and nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.train.__main__ import DEEDS, main
from engine.train.arguments import parsed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("generator", "generator needs --autoencoder"),
        ("forward --toy", "forward needs --autoencoder"),
        ("critic --base owner/name", "critic needs --labels-from"),
        ("labels --results {here}", "labels needs --videos"),
        ("generator --autoencoder {here}/none", "nothing is there that --autoencoder names (got "),
        ("judge --start {here}/none", "nothing is there that --start names (got "),
    ],
)
def test_what_is_missing_is_named_before_anything_is_made(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words.format(here=tmp_path).split(), "--output", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("model", ["autoencoder", "reading", "judge", "detector", "inverse", "critic", "release"])
def test_others_need_nothing_but_a_place(model: str, tmp_path: Path) -> None:
    chosen = parsed([model, "--output", str(tmp_path / "new"), "--checkpoint", str(tmp_path / "at")], "", tuple(DEEDS))
    assert chosen.model == model
