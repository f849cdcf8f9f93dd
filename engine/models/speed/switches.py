"""The means that a row of the table can do without, by name: words alone; loads at once."""

from __future__ import annotations

from typing import Final

ONE_TIMESTEP: Final = "one timestep a frame"
LIGHT_DECODER: Final = "light decoder"
SINGLE_KEY: Final = "attention to a single key"
FLAT_CONVOLUTIONS: Final = "flat convolutions"
KEPT_WORDS: Final = "kept words"
COMPILING: Final = "compiling"
MEANS: Final = (ONE_TIMESTEP, LIGHT_DECODER, SINGLE_KEY, FLAT_CONVOLUTIONS, KEPT_WORDS, COMPILING)
