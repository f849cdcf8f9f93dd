"""A vision-language model behind an OpenAI-compatible address, as a judge: frames go as pictures, in their order."""

from __future__ import annotations

import time

from PIL import Image

from engine.errors import LanguageModelAnswerError
from engine.evaluate.cases import Frames
from engine.media.images import encode_png
from engine.models.chat import Chat, ChatServer


class Served:
    """Asks a server; see engine.evaluate.videoverse.asking.Witness."""

    def __init__(self, server: ChatServer) -> None:
        self._chat = Chat(server)
        self.name = server.model

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        """What it says; "" for an answer without words. Raises LanguageModelError where the server fails."""
        pictures = [encode_png(Image.fromarray(frame)) for frame in frames]
        told = f"These are the frames of a video, {fps:g} a second.\n{question}"
        deadline = time.monotonic() + self._chat.server.timeout_seconds
        try:
            return self._chat.look(told, pictures, deadline)
        except LanguageModelAnswerError:
            return ""
