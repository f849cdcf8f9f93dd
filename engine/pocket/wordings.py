"""How captions are worded: tables of templates and phrases, and nothing else.

In templates, `{things}` is a list of things with articles, `{terse}` one without, `{scene}` a phrase (in a
meadow), `{place}` a bare name (meadow), `{clauses}` what things do, `{doing}` the same in -ing form.
Verb phrases stand in the base form, verb first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Phrases = Mapping[str, tuple[str, ...]]

SCENE_TEMPLATES: Final = (
    "{things} {scene}", "{things} {scene}.", "{things}, {scene}", "{scene}, {things}", "{scene} there is {things}",
    "there is {things} {scene}", "{terse}, {place}", "{terse}. {place}", "{place}: {terse}", "{place} with {terse}",
    "a picture of {things} {scene}", "an illustration of {things} {scene}", "a {place} with {things}",
    "we see {things} {scene}", "you can see {things} {scene}", "look, {things} {scene}", "show me {things} {scene}",
    "imagine {things} {scene}", "here is {things} {scene}", "{things} can be seen {scene}",
    "a {place} scene with {things}", "the {place} holds {things}", "{things} {scene}, flat design",
    "a page of a picture book: {things} {scene}", "a simple scene {scene}: {things}",
    "a bright picture, {things} {scene}", "make a video of {things} {scene}",
    "once upon a time there was {things} {scene}",
)  # fmt: skip
HELD_OUT_SCENE_TEMPLATES: Final = (
    "{scene} you will find {things}", "an image showing {things} {scene}", "picture this: {things} {scene}",
    "a view of {things}, all {scene}", "setting: {place}. content: {terse}",
)  # fmt: skip
THING_TEMPLATES: Final = (
    "{a} {size} {colour} {noun} {position}", "{a} {size} {colour} {noun} {position}", "{a} {colour} {noun} {position}",
    "{a} {colour} {noun}", "{a} {size} {colour} {noun}", "{a} {size}, {colour} {noun} {position}",
    "{a} {size} {noun} that is {colour} {position}", "{a} {colour} {noun}",
)  # fmt: skip
LAST_JOINTS: Final = (
    " and ",
    " and ",
    " and ",
    " with ",
    " together with ",
    " next to ",
    " and also ",
    ", and ",
)

MOTION_TEMPLATES: Final = (
    "{clauses}", "{clauses}", "{clauses}.", "now {clauses}", "then {clauses}", "suddenly {clauses}", "here {clauses}",
    "in this clip {clauses}", "in the video {clauses}", "as we watch, {clauses}", "we see how {clauses}",
    "you can see that {clauses}", "for two seconds {clauses}", "{clauses} all the time", "all the while {clauses}",
    "look how {clauses}", "what happens: {clauses}", "action: {clauses}", "{doing}", "we see {doing}", "watch {doing}",
    "a clip of {doing}", "an animation of {doing}", "a video with {doing}", "motion: {doing}", "show {doing}",
)  # fmt: skip
HELD_OUT_MOTION_TEMPLATES: Final = (
    "in a short film {clauses}", "the story: {clauses}", "it so happens that {clauses}", "we are shown {doing}",
    "next, {clauses}",
)  # fmt: skip
CLAUSE_JOINTS: Final = (" and ", " while ", ", and ", ", while ", ". ", "; ", " as ", ", ")
"""Between clauses; DOING_JOINTS between -ing clauses."""
DOING_JOINTS: Final = (" and ", ", and ", ", ", " and also ")
CAMERA_JOINTS: Final = (
    "{body}, {camera}", "{body}. {camera}", "{body}; {camera}", "{body} and {camera}", "{body} while {camera}",
    "{camera} while {body}", "{camera}. {body}", "{camera}: {body}", "{body} as {camera}", "{camera} and {body}",
)  # fmt: skip
DOING_CAMERA_JOINTS: Final = (
    "{body}, {camera}", "{body}. {camera}", "{body}; {camera}", "{camera}: {body}", "{camera}. {body}",
)  # fmt: skip

NOUN_WORDS: Final[Phrases] = MappingProxyType(
    {
        "ball": ("sphere",), "ring": ("hoop",), "cube": ("box", "block"), "car": ("automobile",),
        "boat": ("sailboat", "ship"), "rocket": ("spaceship",), "bird": ("sparrow",), "house": ("cottage", "hut"),
        "flower": ("blossom",), "star": (), "heart": (), "fish": ("goldfish",), "tree": ("oak",), "balloon": (),
        "butterfly": (), "snowman": (),
    }
)  # fmt: skip
"""Other words for a noun than its own; the same for the three tables below."""
COLOUR_WORDS: Final[Phrases] = MappingProxyType(
    {
        "red": ("crimson", "scarlet"), "orange": ("tangerine",), "yellow": ("golden",), "green": ("emerald",),
        "blue": ("azure",), "purple": ("violet",), "pink": ("rosy",), "white": ("ivory",),
    }
)  # fmt: skip
SIZE_WORDS: Final[Phrases] = MappingProxyType({"small": ("little", "tiny"), "large": ("big", "huge")})
PLACE_WORDS: Final[Phrases] = MappingProxyType(
    {
        "meadow": ("park", "field", "garden"), "night": ("night scene", "midnight"), "desert": ("dune landscape",),
        "snow": ("winter landscape", "snowy field"), "sea": ("ocean", "lake"), "room": ("bedroom", "living room"),
        "city": ("town", "street"), "space": ("galaxy", "cosmos"),
    }
)  # fmt: skip
SCENE_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "meadow": ("in a meadow", "in a park", "in the grass", "in a field", "in the garden", "on a lawn"),
        "night": ("at night", "on a starry night", "under the night sky", "in the dark", "at midnight"),
        "desert": (
            "in the desert",
            "in the sand",
            "among the dunes",
            "in a sandy landscape",
            "in the sahara",
        ),
        "snow": ("in the snow", "in winter", "on a snowy day", "in a snowy landscape", "in the ice"),
        "sea": ("at sea", "by the sea", "on the ocean", "over the water", "above the waves"),
        "room": ("in a room", "indoors", "in the living room", "in a bedroom", "inside"),
        "city": ("in a city", "in the street", "in town", "downtown", "in front of the skyline"),
        "space": ("in space", "in outer space", "in the cosmos", "among the planets", "in the galaxy"),
    }
)
"""The first of each is the plain one; so in the tables below."""
POSITION_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "upper left": ("at the upper left", "in the upper left corner", "at the top left"),
        "top": ("at the top", "near the top", "high up"),
        "upper right": ("at the upper right", "in the upper right corner", "at the top right"),
        "left": ("on the left", "on the left side", "at the left"),
        "middle": ("in the middle", "in the center", "in the centre"),
        "right": ("on the right", "on the right side", "at the right"),
        "lower left": ("at the lower left", "in the lower left corner", "at the bottom left"),
        "bottom": ("at the bottom", "near the bottom", "low down"),
        "lower right": ("at the lower right", "in the lower right corner", "at the bottom right"),
    }
)
DIRECTION_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "left": ("to the left", "left", "towards the left", "leftwards"),
        "right": ("to the right", "right", "towards the right", "rightwards"),
        "up": ("up", "upwards", "upward"),
        "down": ("down", "downwards", "downward"),
    }
)
GO_VERBS: Final[Phrases] = MappingProxyType(
    {
        "car": ("drive", "race"), "boat": ("sail", "cruise"), "rocket": ("fly", "zip"), "fish": ("swim",),
        "bird": ("fly", "glide"), "balloon": ("float", "drift"), "butterfly": ("fly", "drift"), "star": ("fly",),
    }
)  # fmt: skip
"""Verbs that suit a noun; MOVE_VERBS suit all. Each is followed by a direction."""
MOVE_VERBS: Final = ("move", "go", "slide", "glide", "travel")
VERB_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "still": ("stay still", "stand still", "rest", "remain motionless", "stay where it is", "wait"),
        "up": ("rise", "rise up", "climb up"),
        "down": ("sink", "sink down", "descend"),
        "bounce": ("bounce", "bounce up and down", "hop", "jump up and down", "hop on the spot"),
        "roll": ("roll {direction}", "tumble {direction}", "roll along {direction}"),
        "spin": ("spin", "rotate", "turn around", "spin around", "twirl", "spin in place", "whirl"),
        "grow": ("grow", "get bigger", "expand", "become larger", "swell", "grow larger"),
        "shrink": ("shrink", "get smaller", "become smaller", "shrink away", "dwindle"),
        "fall": ("fall", "fall down", "drop", "fall to the ground", "plunge"),
        "orbit": ("move in a circle", "go around in circles", "circle around", "loop around", "orbit"),
    }
)
SPEED_WORDS: Final[Phrases] = MappingProxyType(
    {
        "slow": ("slowly", "gently", "calmly", "at a slow pace"),
        "quick": ("quickly", "fast", "rapidly", "swiftly", "at a fast pace"),
    }
)
CAMERA_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "still": ("the camera stays still", "the camera does not move", "the view is fixed"),
        "pan left": (
            "the camera pans left", "the camera pans to the left", "the view glides to the left",
            "the camera moves to the left",
        ),
        "pan right": (
            "the camera pans right", "the camera pans to the right", "the view glides to the right",
            "the camera moves to the right",
        ),
        "zoom in": ("the camera zooms in", "the view zooms in", "the camera moves closer", "we zoom in"),
        "zoom out": ("the camera zooms out", "the view zooms out", "the camera moves away", "we zoom out"),
    }
)  # fmt: skip
STYLE_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "flat": ("in flat style", "as a flat design"),
        "voxel": (
            "in voxel style", "in digital world style", "in a digital world", "as a voxel world", "made of blocks",
        ),
        "low-poly": ("in low poly style", "as low poly art", "in a low poly world", "made of triangles"),
        "neon": ("in neon style", "in a neon world", "in cyberpunk style", "made of neon light"),
        "pixel art": ("in pixel art style", "as pixel art", "in a pixel world", "like an old video game"),
        "film 1920s": ("in silent film style", "as a silent film", "like an old film", "in sepia"),
        "pencil": ("in pencil style", "as a pencil drawing", "as a pencil sketch", "drawn in pencil"),
    }
)  # fmt: skip
STYLE_JOINTS: Final = ("{body}, {style}", "{body}, {style}", "{style}, {body}", "{style}: {body}")
JOIN_TEMPLATES: Final = (
    "{first}; then {second}", "{first}; then {second}", "{first}, then {second}", "first {first}; then {second}",
    "{first}; and then {second}", "from {first} to {second}", "{first} turns into {second}", "{first}; next {second}",
    "at first {first}, in the end {second}", "{first} gives way to {second}",
)  # fmt: skip
"""From one clip to another; the way between them follows after a comma."""
ARRIVAL_TEMPLATES: Final = ("then {second}", "and then {second}", "next {second}", "in the end {second}")
"""The same, of which only the end is told."""
WAY_PHRASES: Final[Phrases] = MappingProxyType(
    {
        "dissolve": ("with a soft dissolve", "dissolving softly", "with a slow fade", "fading over", "cross fading"),
        "wipe right": ("with a soft wipe to the right", "wiping to the right", "wiped from left to right"),
        "wipe left": ("with a soft wipe to the left", "wiping to the left", "wiped from right to left"),
    }
)
NOTHING: Final = "nothing"
"""What an empty stage shows."""
FIXED_WORDS: Final = "a an the and in with it"
"""Words that the grammar adds by itself."""
