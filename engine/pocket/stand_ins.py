"""What the pocket world shows for common words that it does not have: a bird for a dragon, purple for black.

Tables only. No word stands here that engine.pocket.vocabulary knows. `word+` is a verb: its forms count too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from engine.pocket.vocabulary import plural, verb_forms

_NOUNS: Final = MappingProxyType(
    {
        "bird": "dragon phoenix bat swan goose geese turkey rooster hen crow raven dove ostrich peacock stork heron "
        "flamingo hummingbird woodpecker plane airplane aeroplane jet helicopter drone dinosaur pterodactyl cat kitten "
        "dog puppy horse pony cow sheep lamb goat pig lion tiger elephant monkey rabbit bunny mouse mice hamster bear "
        "fox wolf wolves giraffe zebra deer squirrel unicorn panda koala donkey camel kangaroo hedgehog animal",
        "butterfly": "bee wasp insect bug ladybug ladybird dragonfly beetle fairy mosquito spider ant "
        "caterpillar snail",
        "fish": "whale dolphin octopus squid crab lobster jellyfish seahorse turtle mermaid eel seal crocodile frog "
        "snake lizard worm tadpole",
        "car": "motorcycle motorbike bike bicycle scooter tractor train tram ambulance firetruck wagon cart lorry tank "
        "bulldozer excavator digger skateboard locomotive trolley",
        "boat": "submarine raft gondola steamer kayak tanker ark surfboard warship lifeboat",
        "rocket": "ufo satellite jetpack torpedo arrow robot firework fireworks",
        "snowman": "person people man men woman women boy girl child children kid baby human clown king queen prince "
        "princess knight wizard witch pirate doll toy teddy santa dancer soldier teacher doctor hero superhero "
        "astronaut ghost monster alien angel ninja zombie elf dwarf mother father mom dad grandma grandpa lady guy "
        "chef farmer player",
        "flower": "plant mushroom leaf leaves orchid dandelion bouquet clover",
        "tree": "palm willow bamboo cactus broccoli trunk hedge",
        "house": "castle palace tower church school hospital skyscraper temple lighthouse tent windmill pyramid igloo "
        "shop store hotel farmhouse garage mosque museum factory bridge apartment",
        "ball": "apple peach sun egg coin melon watermelon bubble pebble stone rock boulder tomato grape potato onion "
        "bead snowball eye cookie pizza meatball",
        "star": "comet meteor asteroid sparkle snowflake sheriff",
        "heart": "love kiss lips",
        "ring": "wheel crown clock halo pretzel frisbee button rope",
        "cube": "table chair desk door window television tv computer laptop phone fridge sofa bag suitcase jewel "
        "diamond gem crystal bottle cup mug bread cake sandwich cheese drawer piano",
        "balloon": "kite parachute zeppelin blimp lantern cloud umbrella lightbulb bulb lollipop",
    }
)
_COLOURS: Final = MappingProxyType(
    {
        "purple": "black",
        "orange": "brown bronze copper rust chestnut",
        "white": "grey gray silver beige",
        "green": "khaki",
    }
)
_SCENES: Final = MappingProxyType(
    {
        "meadow": "jungle rainforest hill orchard zoo playground savanna savannah morning sunrise dawn village",
        "night": "sunset cave cemetery",
        "desert": "volcano mars",
        "snow": "mountain mountains glacier",
        "sea": "river pond pool island underwater waterfall aquarium",
        "room": "office library theater theatre classroom restaurant cafe gym",
        "city": "market airport station stadium harbourfront highway crossroads",
    }
)
_VERBS: Final = MappingProxyType(
    {
        "spin": "dance+ flip+ somersault+ waltz+",
        "grow": "explode+ burst+ approach+",
        "shrink": "vanish+ disappear+ melt+ fade+ evaporate+ dissolve+",
        "bounce": "wobble+ shake+ shiver+ vibrate+ wiggle+ jiggle+ trot+",
        "fall": "crash+ collapse+ rain+",
        "sink": "dive+ land+",
        "rest": "sleep+ hide+ lie+",
        "move": "wander+ stroll+ march+ jog+ sprint+ gallop+ chase+ flee+ escape+ row+ pull+",
    }
)
FAMILIES: Final = (
    ("bird", "fish", "butterfly", "snowman"),
    ("car", "boat", "rocket"),
    ("tree", "house", "flower"),
    ("ball", "cube", "star", "ring", "balloon", "heart"),
)
"""Nouns that may take each other's place: a cat and a dog are not both birds."""
_EMOJI: Final = MappingProxyType(
    {
        "⚽": "ball", "🏀": "orange ball", "🏐": "white ball", "⚾": "white ball", "🎾": "green ball",
        "🔮": "purple ball", "🔴": "red ball", "🟠": "orange ball", "🟡": "yellow ball", "🟢": "green ball",
        "🔵": "blue ball", "🟣": "purple ball", "⚪": "white ball", "⭐": "star", "🌟": "star", "✨": "star",
        "💫": "star", "🌠": "star", "❤": "red heart", "♥": "red heart", "🧡": "orange heart",
        "💛": "yellow heart", "💚": "green heart", "💙": "blue heart", "💜": "purple heart",
        "🤍": "white heart", "💗": "pink heart", "💖": "pink heart", "💍": "ring", "🍩": "ring",
        "⭕": "red ring", "🛟": "ring", "🎁": "cube", "📦": "cube", "🎲": "cube", "🧊": "cube",
        "🟥": "red cube", "🟦": "blue cube", "🟩": "green cube", "🟨": "yellow cube", "🟪": "purple cube",
        "🟧": "orange cube", "🚗": "car", "🚙": "car", "🚕": "yellow car", "🏎": "red car", "🚚": "car",
        "🚌": "car", "⛵": "boat", "🚢": "boat", "🛥": "boat", "🚤": "boat", "🚀": "rocket", "🐟": "fish",
        "🐠": "fish", "🐡": "fish", "🦈": "fish", "🐦": "bird", "🐤": "yellow bird", "🦆": "bird",
        "🦅": "bird", "🦜": "green bird", "🐧": "bird", "🦉": "bird", "🌳": "tree", "🌲": "tree", "🎄": "tree",
        "🏠": "house", "🏡": "house", "🛖": "house", "🎈": "balloon", "🌸": "pink flower", "🌹": "red flower",
        "🌺": "flower", "🌻": "yellow flower", "🌼": "flower", "🌷": "flower", "💐": "flower",
        "🦋": "butterfly", "⛄": "snowman", "☃": "snowman", "🌙": "at night", "🌃": "at night",
        "🌜": "at night", "🏜": "in the desert", "❄": "in the snow", "🏔": "in the snow", "🌊": "at sea",
        "🏖": "at sea", "🏝": "at sea", "🏙": "in a city", "🌆": "in a city", "🌌": "in space",
        "🪐": "in space", "🛋": "in a room", "🛏": "in a room", "🌾": "in a meadow", "🏞": "in a meadow",
        "🌿": "in a meadow", "⬆": "moves up", "⬇": "moves down", "⬅": "moves to the left",
        "➡": "moves to the right", "🔄": "spins", "🔁": "spins",
    }
)  # fmt: skip
"""Emoji -> English words that the reader knows. Others are read by their Unicode name."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """What takes the place of a word."""

    category: str
    """noun, colour, scene or verb."""
    word: str
    """A word of the vocabulary that can stand in a sentence where the other stood."""


@cache
def _index() -> Mapping[str, StandIn]:
    index: dict[str, StandIn] = {}
    for category, table in (("noun", _NOUNS), ("colour", _COLOURS), ("scene", _SCENES)):
        for canonical, words in table.items():
            for word in words.split():
                index.setdefault(word, StandIn(category, canonical))
                if category == "noun":
                    index.setdefault(plural(word), StandIn(category, canonical))
    for canonical, words in _VERBS.items():
        for verb in words.split():
            for theirs, ours in zip(verb_forms(verb[:-1]), verb_forms(canonical), strict=True):
                index.setdefault(theirs, StandIn("verb", ours))
    return index


def stand_in(word: str) -> StandIn | None:
    """What the pocket world shows for a lower-case word that it does not know; None when nothing comes near."""
    return _index().get(word)


def relatives(noun: str) -> tuple[str, ...]:
    """The nouns that may stand in where this one is taken, itself first."""
    family = next(family for family in FAMILIES if noun in family)
    return (noun, *(other for other in family if other != noun))


def emoji_words(emoji: str) -> str | None:
    """English words for an emoji (one character); None when it is not in the table."""
    return _EMOJI.get(emoji)
