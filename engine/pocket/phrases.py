"""What several words mean together: patterns that a reader replaces by marks before it looks at single words.

A mark is `<category:canonical>`. Patterns run in order over lower-case text without hyphens: those of the camera
first, since a camera pans left as a car drives left; then names of two words, motions, and places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from engine.pocket.vocabulary import lookup

STOP_WORDS: Final = """
a about above across action after again against ahead air all along also always am among an and animate
animation another any appear appears are around art as at away background be beautiful because been before
beginning begins being below between bit book both bright but by called camera can clip color colored colour
coloured comes content continue continues could create cute day design did do does doing done down each end
ends entire ever every everyone everything far few film finally find finds first flat floor flying for forth
forward frame from front generate gets getting ground happens happily has have having he her here him his
holds how i if illustration image imagine in into is it its itself just keeps landscape last later like
look looks lovely make makes making me meanwhile merrily motion motions my named next nice no not nothing
now object objects of off okay on once one ones only onto or other our out over pace page part picture place
plays please pretty put quite rather really round same saw scene scenery screen second seconds see seem seen
sees set setting several shape shapes she short show showing shown shows side simple single sky slightly so
some somewhere spot stage start starts still stops story straight style suddenly surface tell than that the their
them then there these they thing things this those three through time to together too toward towards two under
until up upon us very video view was watch way we were what when where which while who whole will with within
world would you your
"""
"""Words that say nothing about the world: never reported as unknown."""
_BREAKS = frozenset(".;:!?")

_PAGE = r"the (?:picture|frame|screen|image|scene|view|stage|page)"
_ADVERBS = r"(?:(?:\w+ly|then|now|is|also|gets|starts to|begins to|starts|begins|keeps) )*"
_TAIL = r"(?: (?:slowly|quickly|gently|smoothly|rapidly|fast|a little|a bit|slightly))*"
_EYE = rf"(?:(?:the |our )?(?:camera|view|shot|viewpoint|lens|frame|we) ){_ADVERBS}"
_PAN = r"(?:pan|move|glide|slide|go|turn|track|drift|sweep|travel|swing|scroll)(?:n?ing|n?ed|e?s)?"
_OVER = r"(?: over| across| along| slowly| quickly| gently)*(?: to| towards?)?(?: the| its)? "
_SIDE = rf"(?: hand)?(?: side| corner| edge| part| half| end)?(?: of {_PAGE})?"
_AT = r"\b(?:(?:on|at|in|to|near|by|towards?) )?(?:the )?"
_ON = r"\b(?:on|at|in|near|by) (?:the )?(?:far |very )?"
_HOW = r"(?:\w+ly |much |ever |and )*"
_BECOME = r"(?:gr[oe]w|get|got|becom|becam|turn|shr[iau]nk)\w*"
_A = r"(?:a )?(?:slow |quick |gentle )?"
_STAY = r"(?:(?:is|stays?|remains?|holds?|keeps?|stands?|rests?|staying|being) )?(?:completely |perfectly |quite )?"
_HUES = "red|orange|yellow|green|blue|purple|pink|white|violet"

_CAMERA = (
    (rf"{_EYE}(?:zoom|push|come|mov|get|go|dolly)\w*{_TAIL} (?:in|closer|nearer|forwards?)\b{_TAIL}", "camera:zoom in"),
    (rf"{_EYE}(?:zoom|pull|mov|go|dolly|back)\w*{_TAIL} (?:out|back|away|backwards?|off)\b{_TAIL}", "camera:zoom out"),
    (rf"{_EYE}{_PAN}{_OVER}left(?:wards?)?\b{_SIDE}{_TAIL}", "camera:pan left"),
    (rf"{_EYE}{_PAN}{_OVER}right(?:wards?)?\b{_SIDE}{_TAIL}", "camera:pan right"),
    (rf"{_EYE}(?:does not|doesn't|is not|isn't|not|never) (?:mov|pan|zoom)\w*", "camera:still"),
    (r"(?:with )?(?:the |a )?(?:static|fixed|still|steady|unmoving|locked) (?:camera|view|shot)\b", "camera:still"),
    (rf"(?:the )?(?:camera|view|shot|frame) {_ADVERBS}{_STAY}(?:still|fixed|static|steady|stationary|put|motionless)\b",
     "camera:still"),
    (rf"\b{_A}zoom(?:s|ing|ed)?{_TAIL} in\b(?: on)?", "camera:zoom in"),
    (rf"\b{_A}zoom(?:s|ing|ed)?{_TAIL} out\b", "camera:zoom out"),
    (rf"\b{_A}pan(?:s|ning|ned)?{_OVER}left\b", "camera:pan left"),
    (rf"\b{_A}pan(?:s|ning|ned)?{_OVER}right\b", "camera:pan right"),
)  # fmt: skip
_LOOK = r"(?: art| world)*(?: style| look)?\b"
_STYLES = (
    (rf"\b(?:digital worlds?|(?:made|built) (?:out )?of (?:\w+ )?(?:blocks|cubes|bricks|voxels)){_LOOK}",
     "style:voxel"),
    (rf"\b(?:low poly(?:gon)?|(?:made|built) (?:out )?of (?:\w+ )?triangles){_LOOK}", "style:low-poly"),
    (rf"\bmade (?:out )?of (?:\w+ )?lights?{_LOOK}", "style:neon"),
    (rf"\b(?:pixel(?:s|ated)?|(?:8|16) bit|(?:retro|old) (?:video |computer )?games?){_LOOK}", "style:pixel art"),
    (rf"\b(?:(?:old|silent|vintage|sepia|1920s|black and white) )+(?:film|movie|cinema|picture|style)s?{_LOOK}",
     "style:film 1920s"),
    (r"\b(?:pencil|crayon)s? (?:drawing|sketch|style)\b|\bdrawn (?:in|with) (?:\w+ )?(?:pencil|crayon)s?\b",
     "style:pencil"),
)  # fmt: skip
_NAMES = (
    (r"\bsnow m[ae]n\b", "noun:snowman"),
    (r"\bhot air balloons?\b", "noun:balloon"),
    (r"\b(?:space (?:ship|rocket|craft|shuttle)|rocket ship)s?\b", "noun:rocket"),
    (r"\bsail(?:ing)? (?:boat|ship)s?\b", "noun:boat"),
    (r"\b(?:race|racing|sports|police) cars?\b", "noun:car"),
    (r"\b(?:beach|soccer|tennis|rubber|bouncy) balls?\b", "noun:ball"),
    (r"\b(?:christmas|palm|apple|pine|fir|oak) trees?\b", "noun:tree"),
    (r"\b(?:gold|star) fish\b", "noun:fish"),
    (r"\bouter space\b|\b(?:on|over) the moon\b|\bamong the stars\b", "scene:space"),
    (r"\b(?:living|bed|play|class|dining) room\b|\bin a house\b|\bat home\b", "scene:room"),
    (r"\b(?:starry|night)(?: night)? (?:sky|scene|night)\b|\bunder the (?:stars|moon)\b", "scene:night"),
    (r"\bin the dark\b|\bdark (?:night|sky)\b|\bby moonlight\b", "scene:night"),
    (r"\bsnowy (?:field|landscape|park|garden|meadow|street|mountains?)\b", "scene:snow"),
    (r"\b(?:down|up|along|on) the (?:street|road|avenue)\b", "scene:city"),
    (rf"\b(?:dark|light|bright|deep|pale|vivid)(?:ly)?(?= (?:{_HUES})\b)|\bdark\b", ""),
)
_MOTIONS = (
    (rf"\b{_BECOME} {_HOW}(?:bigger|larger|huge|taller|giant|big|large)\b", "motion:grow"),
    (rf"\b{_BECOME} {_HOW}(?:smaller|tiny|tinier|small)\b", "motion:shrink"),
    (r"\b(?:a?round )?in (?:a )?(?:small |big |wide |large |little )?circles?\b", "motion:orbit"),
    (r"\b(?:does not|doesn't|do not|don't|is not|isn't|not|without) mov(?:e|ing)\b(?: at all)?", "motion:still"),
    (r"\b(?:stay|remain|keep|stand)(?:s|ing|ed)? (?:still|put|where it is|in place|motionless)\b", "motion:still"),
    (r"\bpark(?:ed|ing)\b", "motion:still"),
    (r"\b(?:take|lift|blast)(?:s|ing)? off\b|\btaking off\b", "motion:up"),
    (r"\bturn(?:s|ing|ed)? (?=(?:to the )?(?:left|right))", "go:go"),
    (r"\bup and down\b", "motion:bounce"),
    (r"\bin place\b|\bon the spot\b", ""),
)
_PLACES = (
    (r"\bfrom (?:the )?right(?: side)?(?: to (?:the )?left(?: side)?)?\b", "way:left"),
    (r"\bfrom (?:the )?left(?: side)?(?: to (?:the )?right(?: side)?)?\b", "way:right"),
    (rf"\b(?:to )?(?:the )?(?:left|right)(?: hand)?(?: side)? of (?!{_PAGE})", "near:near"),
    (rf"{_AT}(?:upper|top) left\b{_SIDE}", "position:upper left"),
    (rf"{_AT}(?:upper|top) right\b{_SIDE}", "position:upper right"),
    (rf"{_AT}(?:lower|bottom) left\b{_SIDE}", "position:lower left"),
    (rf"{_AT}(?:lower|bottom) right\b{_SIDE}", "position:lower right"),
    (rf"\b(?:to|towards?) (?:the |its )?left\b{_SIDE}|\bleftwards?\b", "way:left"),
    (rf"\b(?:to|towards?) (?:the |its )?right\b{_SIDE}|\brightwards?\b", "way:right"),
    (rf"{_ON}left\b{_SIDE}|\bleft (?:side|corner|edge|half)\b", "position:left"),
    (rf"{_ON}right\b{_SIDE}|\bright (?:side|corner|edge|half)\b", "position:right"),
    (rf"\b(?:(?:in|at|near) the )?(?:middle|center|centre)(?: of {_PAGE})?\b", "position:middle"),
    (
        rf"{_ON}(?:top|upper)\b(?! of (?!{_PAGE})){_SIDE}|\bhigh up\b|\bup high\b|\b(?:high )?in the sky\b",
        "position:top",
    ),
    (rf"{_ON}(?:bottom|lower)\b{_SIDE}|\blow down\b|\bdown low\b|\bdown below\b", "position:bottom"),
    (r"\bleft\b", "way:left"),
    (r"\bright\b", "way:right"),
    (r"\bup(?:wards?)?\b", "way:up"),
    (r"\bdown(?:wards?)?\b|\bto the (?:ground|floor)\b", "way:down"),
    (r"\b(?:next to|besides?|near|behind|in front of|on top of|together with|alongside)\b", "near:near"),
    (r"\b(?:under|beneath|over|above|below|with|between|past)\b", "near:near"),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns, compiled once, with their marks."""
    patterns = (*_STYLES, *_CAMERA, *_NAMES, *_MOTIONS, *_PLACES)
    return tuple((re.compile(pattern), f" <{mark}> " if mark else " ") for pattern, mark in patterns)


def marked(text: str) -> str:
    """The text with its phrases replaced by marks: "a red ball <position:left>"."""
    text = re.sub(r"[-\u2010-\u2014]", " ", text.lower().replace("\u2019", "'"))
    for pattern, mark in _compiled():
        parts = re.split(r"(<[^>]*>)", text)
        text = "".join(part if part.startswith("<") else pattern.sub(mark, part) for part in parts)
    return text


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark with its meaning; category `stop`, `break`, `comma`, `and` or `unknown` if it has none."""

    text: str
    category: str
    canonical: str


def words(text: str) -> list[Word]:
    """The text as words and marks with their meanings."""
    stop = frozenset(STOP_WORDS.split())
    words: list[Word] = []
    for token in re.findall(r"<[^>]*>|[a-z0-9']+|[.,;:!?]", marked(text)):
        meaning = lookup(token)
        if token.startswith("<"):
            category, _, canonical = token[1:-1].partition(":")
        elif token in _BREAKS or token in ("while", "as"):
            category, canonical = "break", token
        elif token in (",", "and"):
            category, canonical = "comma", token
        elif meaning:
            category, canonical = meaning
        else:
            category, canonical = ("stop" if token in stop or len(token) < 2 else "unknown"), token
        words.append(Word(token.removesuffix("'s"), category, canonical))
    return words
