"""The words of the pocket world: what there is, what it is called, and which English words mean it.

Tables only, standard library only. Order matters: ids in layouts and weights count along these tuples, so
a new entry goes to the end. Lengths are fractions of the view's width, colours are sRGB 0..255.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

Rgb = tuple[int, int, int]

NOUNS: Final = (
    "ball", "star", "heart", "ring", "cube", "car", "boat", "rocket",
    "fish", "bird", "tree", "house", "balloon", "flower", "butterfly", "snowman",
)  # fmt: skip
COLOURS: Final[Mapping[str, Rgb]] = MappingProxyType(
    {
        "red": (222, 44, 48),
        "orange": (255, 138, 20),
        "yellow": (255, 218, 44),
        "green": (44, 166, 76),
        "blue": (36, 104, 230),
        "purple": (134, 62, 196),
        "pink": (255, 132, 190),
        "white": (252, 252, 250),
    }
)
SIZES: Final[Mapping[str, float]] = MappingProxyType({"small": 0.24, "large": 0.37})
SCENES: Final = ("meadow", "night", "desert", "snow", "sea", "room", "city", "space")
MOTIONS: Final = (
    "still", "left", "right", "up", "down", "bounce", "roll", "spin", "grow", "shrink", "fall", "orbit",
)  # fmt: skip
SPEEDS: Final = ("slow", "quick")
CAMERAS: Final = ("still", "pan left", "pan right", "zoom in", "zoom out")
STYLES: Final = ("flat", "voxel", "low-poly", "neon", "pixel art", "film 1920s", "pencil")
WAYS: Final = ("dissolve", "wipe right", "wipe left")
"""How one clip goes over into another; a wipe is named for where it runs to."""
POSITIONS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "upper left": (0.22, 0.26),
        "top": (0.5, 0.24),
        "upper right": (0.78, 0.26),
        "left": (0.22, 0.52),
        "middle": (0.5, 0.52),
        "right": (0.78, 0.52),
        "lower left": (0.22, 0.76),
        "bottom": (0.5, 0.77),
        "lower right": (0.78, 0.76),
    }
)
"""Name -> a centre (x, y) that bears it."""
LEFT_OF, RIGHT_OF, HIGH_ABOVE, LOW_BELOW = 0.38, 0.62, 0.4, 0.64
"""Where left ends and right begins, and high ends and low begins (x and y, 0..1)."""

SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "noun": MappingProxyType(
            {
                "ball": "sphere orb globe football beachball basketball soccerball circle marble bauble",
                "star": "starfish pentagram asterisk",
                "heart": "valentine sweetheart",
                "ring": "hoop donut doughnut torus lifebuoy tyre tire bagel wreath bracelet",
                "cube": "box block square brick dice crate parcel package present gift",
                "car": "automobile taxi cab vehicle sedan truck van racecar jeep bus auto hatchback limousine",
                "boat": "ship sailboat yacht vessel dinghy ferry canoe schooner",
                "rocket": "spaceship spacecraft rocketship missile shuttle starship",
                "fish": "goldfish salmon trout shark tuna carp fishes guppy",
                "bird": "birdie sparrow robin chick chicken duck pigeon parrot canary eagle owl penguin seagull",
                "tree": "oak pine fir maple elm bush shrub birch sapling",
                "house": "home cottage hut cabin building villa bungalow shed barn chalet",
                "balloon": "airballoon",
                "flower": "rose tulip daisy blossom sunflower bloom poppy daffodil lily",
                "butterfly": "moth butterflies",
                "snowman": "snowmen snowwoman",
            }
        ),
        "colour": MappingProxyType(
            {
                "red": "crimson scarlet ruby cherry maroon reddish burgundy vermilion",
                "orange": "tangerine amber apricot orangish carrot pumpkin",
                "yellow": "golden gold lemon yellowish blonde mustard",
                "green": "emerald lime olive greenish jade mint",
                "blue": "azure navy cobalt indigo turquoise cyan bluish sapphire teal",
                "purple": "violet lilac lavender mauve plum purplish magenta amethyst",
                "pink": "rosy fuchsia pinkish coral bubblegum",
                "white": "ivory pale whitish cream chalk pearl",
            }
        ),
        "size": MappingProxyType(
            {
                "small": "little tiny mini miniature wee petite smaller minuscule",
                "large": "big huge giant enormous great larger bigger gigantic massive jumbo",
            }
        ),
        "scene": MappingProxyType(
            {
                "meadow": "park field grass garden countryside lawn pasture hills grassland outdoors farm valley "
                "prairie grassy fields forest woods",
                "night": "nighttime midnight moonlight evening moonlit darkness dusk starry nightfall",
                "desert": "sand dunes sahara sandy dune wasteland canyon",
                "snow": "winter snowy ice arctic snowfield icy wintry snowfall tundra ski",
                "sea": "ocean water waves lake beach seaside shore coast harbour harbor sealand lagoon",
                "room": "indoors bedroom lounge parlour parlor nursery kitchen inside livingroom playroom "
                "interior hall carpet",
                "city": "town street downtown skyline urban metropolis road cityscape avenue",
                "space": "galaxy cosmos universe moon planet planets",
            }
        ),
        "motion": MappingProxyType(
            {
                "still": "stay+ stand+ rest+ wait+ sit+ motionless stationary unmoving idle+ pause+ stood sat park+",
                "left": "leftward leftwards",
                "right": "rightward rightwards",
                "up": "upward upwards rise+ ascend+ climb+ lift+ rose launch+ skyward skywards soar+",
                "down": "downward downwards descend+ sink+ lower+ sank",
                "bounce": "hop+ jump+ leap+ skip+ bob+ bouncy trampoline+",
                "roll": "tumble+ trundle+",
                "spin": "rotate+ turn+ twirl+ whirl+ revolve+ pirouette+ spun twist+ swivel+",
                "grow": "expand+ inflate+ swell+ enlarge+ grew widen+",
                "shrink": "dwindle+ contract+ shrank deflate+ diminish+ shrunk",
                "fall": "drop+ plunge+ plummet+ fell topple+",
                "orbit": "circle+ loop+ circling circular circles",
            }
        ),
        "go": MappingProxyType(
            {
                "go": "go+ move+ drive+ travel+ slide+ glide+ fly+ drift+ swim+ sail+ float+ run+ race+ dash+ cruise+ "
                "head+ walk+ speed+ rush+ zip+ zoom+ went moved flew flown swam ran drove coast+ crawl+ ride+ hover+"
            }
        ),
        "speed": MappingProxyType(
            {
                "slow": "slowly gently calmly leisurely lazily gentle steadily softly unhurriedly sluggishly",
                "quick": "quickly fast rapidly swiftly briskly rapid swift speedily speedy hastily hurriedly brisk",
            }
        ),
        "style": MappingProxyType(
            {
                "voxel": "digital voxels blocky minecraft lego",
                "low-poly": "lowpoly polygonal faceted origami",
                "neon": "cyberpunk futuristic matrix hologram synthwave",
                "pixel art": "pixel pixels pixelated pixelart",
                "film 1920s": "vintage silent sepia 1920s twenties retro monochrome",
                "pencil": "sketch sketched drawing crayon pencils",
            }
        ),
        "position": MappingProxyType(
            {
                "middle": "centre center central centered centred",
                "top": "high above overhead",
                "bottom": "low below",
            }
        ),
    }
)
"""Category -> canonical -> English words. `word+` is a verb: its -s, -ing and -ed forms count too."""


def verb_forms(base: str) -> tuple[str, str, str, str]:
    """The base, -s, -ing and -ed forms of a regular verb: hop, hops, hopping, hopped."""
    if base.endswith(("o", "sh", "ch", "ss", "x", "z")):
        third = base + "es"
    elif re.search(r"[^aeiou]y$", base):
        third = base[:-1] + "ies"
    else:
        third = base + "s"
    stem = base[:-1] if base.endswith("e") else base
    if re.fullmatch(r"[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]", base):
        stem += base[-1]
    past = (stem[:-1] + "i" if re.search(r"[^aeiou]y$", stem) else stem) + "ed"
    return base, third, stem + "ing", past


def plural(noun: str) -> str:
    """The regular plural of a noun: ball, balls; bus, buses."""
    return noun + "es" if noun.endswith(("s", "x", "ch", "sh", "z")) else noun + "s"


@cache
def _index() -> Mapping[str, tuple[str, str]]:
    """Every word that has a meaning -> (category, canonical)."""
    index: dict[str, tuple[str, str]] = {}
    names = {
        "noun": NOUNS, "colour": tuple(COLOURS), "size": tuple(SIZES), "scene": SCENES, "speed": SPEEDS,
        "motion": MOTIONS, "position": tuple(POSITIONS), "style": STYLES, "go": (),
    }  # fmt: skip
    for category, canonicals in names.items():
        for canonical in canonicals:
            index.setdefault(canonical, (category, canonical))
    for motion in MOTIONS[5:]:
        for form in verb_forms(motion):
            index.setdefault(form, ("motion", motion))
    for category, table in SYNONYMS.items():
        for canonical, words in table.items():
            for word in words.split():
                for form in verb_forms(word[:-1]) if word.endswith("+") else (word,):
                    index.setdefault(form, (category, canonical))
    for word, meaning in tuple(index.items()):
        if meaning[0] == "noun":
            index.setdefault(plural(word), meaning)
    return index


def lookup(word: str) -> tuple[str, str] | None:
    """What a word means in this world: `lookup("crimson") == ("colour", "red")`; None when it means nothing.

    Categories: noun, colour, size, scene, motion, go (a verb that needs a direction), speed, position, style.
    """
    return _index().get(word.lower())
