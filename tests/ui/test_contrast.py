"""Every text colour of the page stands out by at least 4.5 to 1 from what it is written on, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "ui" / "look" / "studio.css").read_text(encoding="utf-8")
GROUNDS = ("ground", "surface", "raised")
INKS = ("text", "muted", "accent", "wait", "busy", "bad")


def palette(selector: str) -> dict[str, str]:
    """The custom properties of one rule: name -> #rrggbb."""
    body = SHEET.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("selector", [":root .light", ":root .dark"])
def test_contrast(selector: str) -> None:
    colours = palette(selector)
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS] + [("accent-text", "accent"), ("surface", "text")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(value, 2) for pair, value in weak.items() if value < 4.5} == {}
