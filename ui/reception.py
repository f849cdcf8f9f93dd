"""Who comes in: at home the owner, who sees everything; on a public host visitors, who see their own projects alone."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from engine.errors import GreenlightError
from engine.studio import Studio

_KNOWN = 256
"""Visitors whose studios are kept at hand; the one who was here longest ago is made anew."""
_BYTES = 32


class Reception:
    """Gives everybody who comes in their studio. Threads share it."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._public = studio.configuration.public
        self._guests: OrderedDict[str, Studio] = OrderedDict()
        self._guard = threading.Lock()
        self.nobody = studio.guest(secrets.token_hex(_BYTES)) if self._public else studio
        """The studio of somebody who has not come in yet."""

    def welcome(self, secret: str) -> tuple[str, Studio]:
        """The studio of whoever has this secret, and the secret: another one where it is none."""
        if not self._public:
            return secret, self._studio
        try:
            return secret, self._known(secret)
        except GreenlightError:
            fresh = secrets.token_hex(_BYTES)
            return fresh, self._known(fresh)

    def _known(self, secret: str) -> Studio:
        with self._guard:
            if secret not in self._guests:
                self._guests[secret] = self._studio.guest(secret)
            self._guests.move_to_end(secret)
            if len(self._guests) > _KNOWN:
                self._guests.popitem(last=False)
            return self._guests[secret]
