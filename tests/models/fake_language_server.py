"""A small real HTTP server that plays a language model: well-behaved, or broken in any of the usual ways."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer as it goes over the wire."""

    body: str
    status: int = 200
    kind: str = "application/json"
    hangs: str = ""
    """`before` the headers, in the `body`, or `trickles` byte by byte."""


def says(text: str) -> Reply:
    """A chat completion with this text."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return Reply(json.dumps({"id": "1", "object": "chat.completion", "model": "tiny", "choices": [choice]}))


def fails(status: int, message: str = "no") -> Reply:
    """An error in the usual form."""
    return Reply(json.dumps({"error": {"message": message}}), status)


Answer = Callable[[dict[str, Any]], Reply]
"""What the server answers to a request's body."""


@dataclass
class Line:
    """What went over the line: the address to ask at, and the requests that came."""

    base_url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: list[str] = field(default_factory=list[str])


@contextmanager
def language_server(answer: Answer, listing: str = "") -> Iterator[Line]:
    """Serve on a free local port until the block ends; requests that hang are let go then.

    `listing` is what it says when asked for its models; 404 without.
    """
    line, released = Line(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            line.bodies.append(json.loads(self.rfile.read(length)))
            line.keys.append(self.headers.get("Authorization", ""))
            self._send(answer(line.bodies[-1]))

        def do_GET(self) -> None:
            self._send(Reply(listing) if listing else fails(404))

        def _send(self, reply: Reply) -> None:
            if reply.hangs == "before":
                released.wait(60)
            data = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if reply.hangs == "body":
                self.wfile.write(data[:10])
                self.wfile.flush()
                released.wait(60)
            if reply.hangs == "trickles":
                for byte in data * 100:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if released.wait(0.05):
                        return
            self.wfile.write(data)

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # the client has left, as it should when time is up

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    line.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield line
    finally:
        released.set()
        server.shutdown()
        server.server_close()
        thread.join()
