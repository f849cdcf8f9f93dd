"""A small real HTTP server that plays a hub of data sets: each has some names, and one content for all of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c" * 40


@contextmanager
def data_hub(held: Mapping[str, tuple[Sequence[str], bytes]]) -> Iterator[str]:
    """Serve on a free local port until the block ends; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            described = self.path.removeprefix("/api/datasets/").split("/revision/")[0]
            if described in held:
                listed = [{"rfilename": name} for name in held[described][0]]
                self._send(200, json.dumps({"id": described, "sha": COMMIT, "siblings": listed}).encode())
                return
            repository, _, name = self.path.removeprefix("/datasets/").partition(f"/resolve/{COMMIT}/")
            names, data = held.get(repository, ((), b""))
            self._send(200 if name in names else 404, data if name in names else b"{}")

        def _send(self, status: int, data: bytes) -> None:
            self.send_response(status)
            if status == 404:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
