"""LoRAs by name: what may be said, and that it never is a path unless a row says it."""

from __future__ import annotations

import pytest

from engine import settings
from engine.errors import SettingError
from engine.models.lora.naming import Wanted, parse

HASH = "0" * 64


def test_names_weights_and_hashes_are_read_and_written_alike() -> None:
    assert parse("") == parse(" , ") == ()
    assert parse("sketch") == (Wanted("sketch"),)
    assert parse("sketch@0.5, owner/name@-1") == (Wanted("sketch", 0.5), Wanted("owner/name", -1.0))
    told = f"my.style_2@0.25#{HASH}"
    assert str(parse(told)[0]) == told
    assert parse("/far/a.safetensors@2", paths=True) == (Wanted("/far/a.safetensors", 2.0),)


@pytest.mark.parametrize(
    "text",
    [
        "/etc/passwd", "/far/a.safetensors", "../a", "a/../b", "a/b/c", "~/a", "a\\b", "a b", ".hidden",
        "a@x", "a@3", "a@nan", "a@-2.5", "a#12", f"a#{HASH}0", "a, a", "a@1, a@0.5", "a,b,c,d,e", "a@", "ä", "C:a",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        parse(text)
    with pytest.raises(SettingError):
        settings.check("loras", text)
