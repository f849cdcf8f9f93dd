"""What several words mean together: patterns that a reader replaces by marks before it looks at single words.

A mark is `<category:canonical>`. Patterns run in order over lower-case text without hyphens.
"""

from __future__ import annotations

import re
from functools import cache

_EYE = r"(?:(?:the |our )?(?:camera|view|shot|viewpoint|lens|frame|we) )"
_ADVERBS = r"(?:(?:\w+ly|then|now|is|also|gets|starts to|begins to|starts|begins|keeps) )*"
_TAIL = r"(?: (?:slowly|quickly|gently|smoothly|rapidly|fast|a little|a bit|slightly))*"
_PANS = r"(?:pan|move|glide|slide|go|turn|track|drift|sweep|travel|swing|scroll)(?:n?ing|n?ed|e?s)?"
_TO = r"(?: over| across| along| slowly| quickly| gently)*(?: to| towards?)?(?: the| its)? "
_SIDE = r"(?: hand)?(?: side| corner| edge| part| half| end)?(?: of the (?:picture|frame|screen|image|scene|view|stage|page))?"
_OF = r"(?! (?:hand )?(?:side )?of (?!the (?:picture|frame|screen|image|scene|view|stage|page)))"

_PATTERNS: tuple[tuple[str, str], ...] = (
    # the camera
    (rf"{_EYE}{_ADVERBS}(?:zoom|push|come|mov|get|go|dolly)\w*{_TAIL} (?:in|closer|nearer|forwards?)\b{_TAIL}", "camera:zoom in"),
    (rf"{_EYE}{_ADVERBS}(?:zoom|pull|mov|go|dolly|back)\w*{_TAIL} (?:out|back|away|backwards?|off)\b{_TAIL}", "camera:zoom out"),
    (rf"{_EYE}{_ADVERBS}{_PANS}{_TO}left(?:wards?)?\b{_SIDE}{_TAIL}", "camera:pan left"),
    (rf"{_EYE}{_ADVERBS}{_PANS}{_TO}right(?:wards?)?\b{_SIDE}{_TAIL}", "camera:pan right"),
    (rf"{_EYE}(?:does not|doesn't|is not|isn't|never) (?:mov\w+|pan\w*|zoom\w*)", "camera:still"),
    (r"(?:the |a |with a |with the )?(?:static|fixed|still|steady|unmoving|locked) (?:camera|view|shot|frame)", "camera:still"),
    (rf"(?:the )?(?:camera|view|shot|frame) {_ADVERBS}(?:(?:is|stays?|remains?|holds?|keeps?|stands?|rests?|staying|being)"
     r" )?(?:completely |perfectly |quite )?(?:still|fixed|static|steady|stationary|put|motionless|at rest)", "camera:still"),
    (r"(?:a )?(?:slow |quick |gentle )?zoom(?:s|ing|ed)?(?: slowly| quickly)? in\b(?: on)?", "camera:zoom in"),
    (r"(?:a )?(?:slow |quick |gentle )?zoom(?:s|ing|ed)?(?: slowly| quickly)? out\b", "camera:zoom out"),
    (rf"(?:a )?(?:slow |quick |gentle )?pan(?:s|ning|ned)?{_TO}left\b", "camera:pan left"),
    (rf"(?:a )?(?:slow |quick |gentle )?pan(?:s|ning|ned)?{_TO}right\b", "camera:pan right"),
    # things and scenes of two words
    (r"\bsnow (man|men)\b", "noun:snowman"),
    (r"\bhot air balloons?\b", "noun:balloon"),
    (r"\b(?:space (?:ship|rocket|craft|shuttle)|rocket ship)s?\b", "noun:rocket"),
    (r"\bsail(?:ing)? (?:boat|ship)s?\b", "noun:boat"),
    (r"\b(?:race|racing|sports|police) cars?\b", "noun:car"),
    (r"\b(?:beach|soccer|tennis|rubber|bouncy) balls?\b", "noun:ball"),
    (r"\b(?:christmas|palm|apple|pine|fir|oak) trees?\b", "noun:tree"),
    (r"\b(?:gold|star) fish\b", "noun:fish"),
    (r"\bouter space\b|\b(?:on|over) the moon\b|\bamong the stars\b", "scene:space"),
    (r"\b(?:living|bed|play|class|dining) room\b|\bin a house\b|\bat home\b", "scene:room"),
    (r"\b(?:starry|night)(?: night)? (?:sky|scene|night)\b|\bunder the (?:stars|moon)\b|\bby moonlight\b", "scene:night"),
    (r"\bsnowy (?:field|landscape|park|garden|meadow|street|mountains?)\b", "scene:snow"),
    (r"\bpark(?:ed|ing)\b", "motion:still"),
    # motions of several words
    (r"\b(?:gr[oe]w|get|got|becom|becam|turn)\w* (?:\w+ly |much |ever |and )*(?:bigger|larger|huge|taller|giant|big|large)\b", "motion:grow"),
    (r"\b(?:gr[oe]w|get|got|becom|becam|turn|shr[iau]nk)\w* (?:\w+ly |much |ever )*(?:smaller|tiny|tinier|small)\b", "motion:shrink"),
    (r"\b(?:(?:a?round )?in (?:a )?(?:small |big |wide |large |little )?circles?)\b", "motion:orbit"),
    (r"\b(?:does not|doesn't|do not|don't|is not|isn't|not|without) mov(?:e|ing)\b(?: at all)?", "motion:still"),
    (r"\b(?:stay|remain|keep|stand)(?:s|ing|ed)? (?:still|put|where it is|in place|motionless)\b", "motion:still"),
    (r"\b(?:take|lift|blast)(?:s|ing)? off\b|\btaking off\b", "motion:up"),
    (r"\bturn(s|ing|ed)? (?=(?:to the )?(?:left|right))", "go:go"),
    (r"\bup and down\b", "motion:bounce"),
    (r"\bin place\b|\bon the spot\b", ""),
    # sides: directions first, then places
    (r"\bfrom (?:the )?right(?: side)?(?: to (?:the )?left(?: side)?)?\b", "way:left"),
    (r"\bfrom (?:the )?left(?: side)?(?: to (?:the )?right(?: side)?)?\b", "way:right"),
    (r"\b(?:to )?(?:the )?(?:left|right)(?: hand)?(?: side)? of (?!the (?:picture|frame|screen|image|scene|view|stage|page))", "near:near"),
    (rf"\b(?:(?:on|at|in|to|near|by|towards?) )?(?:the )?(?:upper|top) left\b{_SIDE}", "position:upper left"),
    (rf"\b(?:(?:on|at|in|to|near|by|towards?) )?(?:the )?(?:upper|top) right\b{_SIDE}", "position:upper right"),
    (rf"\b(?:(?:on|at|in|to|near|by|towards?) )?(?:the )?(?:lower|bottom) left\b{_SIDE}", "position:lower left"),
    (rf"\b(?:(?:on|at|in|to|near|by|towards?) )?(?:the )?(?:lower|bottom) right\b{_SIDE}", "position:lower right"),
    (rf"\b(?:to|towards?) (?:the |its )?left\b{_OF}{_SIDE}|\bleft(?:wards?)\b", "way:left"),
    (rf"\b(?:to|towards?) (?:the |its )?right\b{_OF}{_SIDE}|\bright(?:wards?)\b", "way:right"),
    (rf"\b(?:on|at|in|near|by) (?:the )?(?:far )?left\b{_SIDE}|\bleft (?:side|corner|edge|half)\b", "position:left"),
    (rf"\b(?:on|at|in|near|by) (?:the )?(?:far )?right\b{_SIDE}|\bright (?:side|corner|edge|half)\b", "position:right"),
    (r"\b(?:(?:in|at|near) the )?(?:middle|center|centre)(?: of the (?:picture|frame|screen|image|scene|view|stage))?\b", "position:middle"),
    (rf"\b(?:on|at|in|near|by) the (?:very )?(?:top|upper)\b{_SIDE}|\bhigh up\b|\bup high\b|\bhigh in the sky\b|\bin the sky\b", "position:top"),
    (rf"\b(?:on|at|in|near|by) the (?:very )?(?:bottom|lower)\b{_SIDE}|\blow down\b|\bdown low\b|\bdown below\b", "position:bottom"),
    (r"\bleft\b", "way:left"),
    (r"\bright\b", "way:right"),
    (r"\bup(?:wards?)?\b", "way:up"),
    (r"\bdown(?:wards?)?\b|\bto the (?:ground|floor)\b", "way:down"),
    (r"\b(?:next to|beside|besides|near|behind|in front of|under|beneath|over|above|below|on top of|together with|with|between|past|alongside)\b",
     "near:near"),
)  # fmt: skip


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns, compiled once, with their marks."""
    return tuple((re.compile(pattern), f" <{mark}> " if mark else " ") for pattern, mark in _PATTERNS)


def marked(text: str) -> str:
    """The text with its phrases replaced by marks: "a red ball <position:left>"."""
    text = re.sub(r"[-\u2010-\u2014]", " ", text.lower().replace("\u2019", "'"))
    for pattern, mark in _compiled():
        text = "".join(
            part if part.startswith("<") else pattern.sub(mark, part) for part in re.split(r"(<[^>]*>)", text)
        )
    return text
