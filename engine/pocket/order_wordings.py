"""How edits are asked for: tables of templates, and nothing else. The first of each is the plain one.

`{thing}` is a noun, perhaps with an adjective; `{scene}` and `{style}` are phrases (in a meadow, in voxel style),
`{place}` a bare name (meadow), `{sized}` an adjective (bigger). `a` becomes `an` where it must.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from engine.pocket.wordings import Phrases

ORDERS: Final[Phrases] = MappingProxyType(
    {
        "recolour": (
            "make the {thing} {colour}", "turn the {thing} {colour}", "paint the {thing} {colour}",
            "color the {thing} {colour}", "change the colour of the {thing} to {colour}",
            "change the color of the {thing} to {colour}", "the {thing} should be {colour}",
            "the {thing} becomes {colour}", "recolour the {thing} in {colour}", "give the {thing} a {colour} colour",
            "let the {thing} be {colour}", "change the {thing} to {colour}", "please make the {thing} {colour}",
            "turn the {thing} into a {colour} one", "a {colour} {noun} instead of the {thing}",
            "the same video with the {thing} in {colour}",
        ),
        "replace": (
            "turn the {thing} into a {other}", "replace the {thing} with a {other}", "make the {thing} a {other}",
            "change the {thing} into a {other}", "swap the {thing} for a {other}", "the {thing} becomes a {other}",
            "transform the {thing} into a {other}", "put a {other} in place of the {thing}",
            "a {other} instead of the {thing}", "exchange the {thing} for a {other}",
            "substitute a {other} for the {thing}", "show a {other} instead of the {thing}",
            "the {thing} should be a {other}", "please turn the {thing} into a {other}",
        ),
        "remove": (
            "remove the {thing}", "take the {thing} away", "take away the {thing}", "delete the {thing}",
            "erase the {thing}", "get rid of the {thing}", "without the {thing}", "make the {thing} disappear",
            "the {thing} should be gone", "hide the {thing}", "leave out the {thing}", "please remove the {thing}",
            "let the {thing} vanish", "remove the {thing} from the video", "no {thing}",
        ),
        "add": (
            "add a {size} {colour} {noun} {position}", "put a {size} {colour} {noun} {position}",
            "place a {size} {colour} {noun} {position}", "insert a {size} {colour} {noun} {position}",
            "add another thing: a {size} {colour} {noun} {position}", "show also a {size} {colour} {noun} {position}",
            "there should be a {size} {colour} {noun} {position}", "please add a {size} {colour} {noun} {position}",
            "{position} add a {size} {colour} {noun}", "include a {size} {colour} {noun} {position}",
            "let there be a {size}, {colour} {noun} {position}",
        ),
        "scene": (
            "change the scene to {place}", "the background becomes a {place}", "set it {scene}",
            "move it all {scene}", "show it {scene}",
            "change the background to a {place}", "let it happen {scene}", "put everything {scene}",
            "the same {scene}", "the scene should be {scene}", "it should be {scene}", "now {scene}",
            "replace the background with a {place}", "turn the scene into a {place}", "please move it {scene}",
        ),
        "style": (
            "draw it {style}", "{style}", "redraw it {style}", "show it {style}", "make it {style}",
            "draw everything {style}", "the same {style}", "change the style: {style}", "show everything {style}",
            "please draw it {style}", "the video should be {style}", "make the video {style}",
        ),
        "resize": (
            "make the {thing} {sized}", "the {thing} should be {sized}", "let the {thing} be {sized}",
            "turn the {thing} {sized}", "change the size of the {thing}: {sized}", "please make the {thing} {sized}",
            "change the {thing} to {sized}", "the {thing} becomes {sized}",
        ),
    }
)  # fmt: skip
"""Kind of edit -> templates."""
SCENE_ORDERS: Final[Phrases] = MappingProxyType(
    {
        "meadow": ("make it a meadow", "put it on the grass", "replace the background with a park"),
        "night": ("make it night", "turn day into night", "let it be night", "make it dark", "it should be midnight"),
        "desert": ("make it a desert", "put it in the sand", "turn it into a desert"),
        "snow": ("make it winter", "make it snowy", "cover everything in snow", "let it snow"),
        "sea": ("make it the sea", "put it on the water", "move it to the ocean", "turn it into the sea"),
        "room": ("move it indoors", "bring it inside", "put it into a room"),
        "city": ("make it a city", "move it to a city", "turn it into a town"),
        "space": ("send it to space", "move it into outer space", "make it space"),
    }
)
"""Orders that suit one scene."""
SIZED: Final[Phrases] = MappingProxyType(
    {
        "large": ("bigger", "larger", "large", "big", "huge", "much bigger"),
        "small": ("smaller", "small", "tiny", "little", "much smaller"),
    }
)
THING_TEMPLATES: Final = ("{noun}", "{noun}", "{noun}", "{colour} {noun}", "{colour} {noun}", "{size} {colour} {noun}")
ORDER_WORDS: Final = (
    "clip picture image frame object one ones other others another second first both all each every pair two three "
    "twins same different color colors colours recolor background foreground left right top bottom middle bigger "
    "smaller brighter darker it them they its is are there no not nothing empty without only still more less"
)
"""Words that orders may come to need: the tokenizer's words are fixed once weights are trained."""
