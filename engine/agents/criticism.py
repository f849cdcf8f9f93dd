"""What a critic says of frames when it is asked a questionnaire; knows no codec and no lease."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from engine.pocket.critic import PocketCritic, chosen
from engine.pocket.quiz import LETTERS
from engine.questionnaire import Criticism, Questionnaire


def criticise(critic: PocketCritic, frames: NDArray[np.uint8], asked: Questionnaire) -> Criticism:
    """What a critic says of frames, uint8 (frames, height, width, 3).

    Events are shown in an order of their own, the same every time, so that no echo passes for an answer.
    """
    seen = critic.look(frames)
    sure = tuple(critic.yes(seen, [check.question for check in asked.checks]))
    listed = list(range(len(asked.events)))
    random.Random("\n".join(asked.events)).shuffle(listed)
    shown = [asked.events[place] for place in listed]
    wanted = "".join(LETTERS[listed.index(place)] for place in range(len(listed)))
    in_order = critic.order_is(seen, shown, wanted) if shown else None
    order = tuple(shown[LETTERS.index(letter)] for letter in critic.order(seen, shown)) if shown else ()
    return Criticism(asked, sure, in_order, order, tuple(chosen(len(frames)).tolist()))
