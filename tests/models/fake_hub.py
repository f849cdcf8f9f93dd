"""A small real HTTP server that plays a hub of models, and another one that plays the store its large files lie in.

It speaks what huggingface_hub asks for: a model's description with commit, sizes and hashes; `resolve`, which answers
for small files through one more address of its own and sends for large ones to the store; ranges; and the error
headers by which the library tells a gated repository from a missing one.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TOKEN = "hf_secretofthetests"
"""The token that the fake hub takes."""
_LARGE = (".safetensors", ".bin", ".ckpt")


def commit_of(number: int) -> str:
    """A commit's name."""
    return hashlib.sha1(b"commit %d" % number).hexdigest()


def digest_of(name: str, data: bytes) -> str:
    """What the hub names a content by."""
    if name.endswith(_LARGE):
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass
class FakeRepository:
    """What one repository holds, and how it misbehaves."""

    commits: dict[str, dict[str, bytes]]
    """Commit -> its files."""
    branches: dict[str, str]
    """Branch -> commit."""
    gated: bool = False
    """Only TOKEN, and only once `accepted`, gets files."""
    accepted: bool = False
    private: bool = False
    """Without TOKEN it is as if it were not there."""
    moved_to: str = ""
    """Its name now."""
    lost: set[str] = field(default_factory=set[str])
    """Files that are listed and not there."""


@dataclass
class Request:
    """What came over the line."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass
class FakeHub:
    """The hub's shelf, its faults, and a record of what was asked."""

    repositories: dict[str, FakeRepository] = field(default_factory=dict[str, FakeRepository])
    endpoint: str = ""
    store: str = ""
    requests: list[Request] = field(default_factory=list[Request])
    sent: dict[str, int] = field(default_factory=dict[str, int])
    """File -> bytes that went out for it."""
    cuts: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """File -> after how many bytes each of its next connections breaks."""
    holds: dict[str, int] = field(default_factory=dict[str, int])
    """File -> after how many bytes its connection says nothing more until `released`."""
    drips: dict[str, int] = field(default_factory=dict[str, int])
    """File -> after how many bytes its connection brings but one a second until `released`."""
    replaced: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """File -> what goes out instead."""
    ranges: bool = True
    """Whether it can begin in the middle."""
    failing: int = 0
    """The HTTP status of every answer, where it is not 0."""
    released: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, files: Mapping[str, bytes], number: int = 1) -> FakeRepository:
        """A repository with one commit on `main`; another commit of one that is there."""
        repository = self.repositories.setdefault(name, FakeRepository({}, {}))
        repository.commits[commit_of(number)] = dict(files)
        repository.branches["main"] = commit_of(number)
        return repository

    def asked(self, part: str = "") -> list[Request]:
        """Requests whose path holds this."""
        return [request for request in self.requests if part in request.path]


@contextmanager
def fake_hub() -> Iterator[FakeHub]:
    """Serve on two free local ports until the block ends."""
    hub = FakeHub()

    class HubHandler(_Handler):
        def answer(self) -> None:
            _answer_hub(self, hub)

    class StoreHandler(_Handler):
        def answer(self) -> None:
            _answer_store(self, hub)

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in (HubHandler, StoreHandler)]
    hub.endpoint, hub.store = (
        f"http://{host}:{server.server_address[1]}"
        for host, server in zip(("127.0.0.1", "localhost"), servers, strict=True)  # the token is for one host only
    )
    threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        hub.released.set()
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None: ...

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def say(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status: int, code: str = "", message: str = "no") -> None:
        self.say(status, {"X-Error-Code": code, "X-Error-Message": message} if code else {"X-Error-Message": message})

    def log_message(self, format: str, *args: object) -> None: ...


def _answer_hub(handler: _Handler, hub: FakeHub) -> None:
    hub.requests.append(Request(handler.command, handler.path, dict(handler.headers)))
    path = unquote(urlsplit(handler.path).path)
    name, _, rest = _split(path)
    repository = hub.repositories.get(name)
    token = handler.headers.get("Authorization", "")
    if hub.failing:
        handler.refuse(hub.failing)
    elif token not in ("", f"Bearer {TOKEN}"):
        handler.refuse(401, message="Invalid credentials in Authorization header")
    elif repository is None or (repository.private and not token):
        handler.refuse(401 if not token else 404, "RepoNotFound", "Repository not found")
    elif repository.moved_to:
        handler.say(307, {"Location": path.replace(name, repository.moved_to)})
    elif path.startswith("/api/models/"):
        _describe(handler, name, repository, rest)
    else:
        _resolve(handler, hub, repository, (name, *rest.split("/", 1)))


def _split(path: str) -> tuple[str, str, str]:
    """Repository, what is asked of it, and for which revision and file."""
    for begin in ("/api/models/", "/api/resolve-cache/models/", "/"):
        if path.startswith(begin):
            owner, name, *rest = path.removeprefix(begin).split("/")
            return f"{owner}/{name}", rest[0] if rest else "", "/".join(rest[1:])
    return "", "", ""


def _describe(handler: _Handler, name: str, repository: FakeRepository, revision: str) -> None:
    commit = repository.branches.get(revision or "main", revision)
    if commit not in repository.commits:
        handler.refuse(404, "RevisionNotFound", "Invalid rev id")
        return
    siblings = []
    for file, data in repository.commits[commit].items():
        row: dict[str, object] = {"rfilename": file, "size": len(data), "blobId": digest_of("", data)}
        if file.endswith(_LARGE):
            row["lfs"] = {"sha256": digest_of(file, data), "size": len(data), "pointerSize": 134}
        siblings.append(row)
    told = {"id": name, "sha": commit, "siblings": siblings, "gated": "auto" if repository.gated else False}
    handler.say(200, {"Content-Type": "application/json"}, json.dumps(told).encode())


def _resolve(handler: _Handler, hub: FakeHub, repository: FakeRepository, asked: tuple[str, ...]) -> None:
    name, revision, file = asked
    commit = repository.branches.get(revision, revision)
    data = repository.commits.get(commit, {}).get(file)
    if repository.gated and not (repository.accepted and handler.headers.get("Authorization")):
        handler.refuse(403 if handler.headers.get("Authorization") else 401, "GatedRepo", "Access is restricted")
    elif data is None or file in repository.lost:
        handler.refuse(404, "EntryNotFound", "Entry not found")
    elif file.endswith(_LARGE):
        digest = digest_of(file, data)
        linked = {"X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(data)), "X-Repo-Commit": commit}
        handler.say(302, {**linked, "Location": f"{hub.store}/{file}?signature=secretaddress&of={digest}&at={name}"})
    elif not handler.path.startswith("/api/"):
        location = f"/api/resolve-cache/models/{name}/of/{commit}/{file}"
        handler.say(307, {"X-Repo-Commit": commit, "Location": location})
    else:
        _send(handler, hub, file, data, {"X-Repo-Commit": commit, "ETag": f'"{digest_of(file, data)}"'})


def _answer_store(handler: _Handler, hub: FakeHub) -> None:
    hub.requests.append(Request(handler.command, handler.path, dict(handler.headers)))
    digest = handler.path.split("of=")[1].split("&")[0]
    file = unquote(urlsplit(handler.path).path)[1:]
    every = (files for repository in hub.repositories.values() for files in repository.commits.values())
    data = next(files[file] for files in every if file in files and digest_of(file, files[file]) == digest)
    _send(handler, hub, file, data, {"ETag": f'"{digest}"'})


def _send(handler: _Handler, hub: FakeHub, file: str, data: bytes, headers: dict[str, str]) -> None:
    """A content, or its end; broken off or held where that is the fault of the day."""
    if handler.command == "HEAD":
        handler.say(200, {**headers, "Content-Length": str(len(data))})
        return
    data = hub.replaced.get(file, data)
    begin = 0
    wanted = handler.headers.get("Range", "")
    if wanted and hub.ranges:
        begin = int(wanted.removeprefix("bytes=").rstrip("-"))
        headers["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
    body = data[begin:]
    handler.send_response(206 if begin else 200)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    cut = hub.cuts[file].pop(0) if hub.cuts.get(file) else None
    hold = hub.holds.pop(file, None)
    drip = hub.drips.pop(file, None)
    ends = next((end for end in (drip, hold, cut) if end is not None), len(body))
    part = body[:ends]
    handler.wfile.write(part)
    handler.wfile.flush()
    hub.sent[file] = hub.sent.get(file, 0) + len(part)
    if drip is not None:
        _drip(handler, hub, file, body[drip:])
    if hold is not None:
        hub.released.wait(60)
    handler.close_connection = True


def _drip(handler: _Handler, hub: FakeHub, file: str, rest: bytes) -> None:
    """Send a byte a second until the hub is released, or whoever listens has gone."""
    for byte in rest:
        if hub.released.wait(1):
            break
        try:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        except OSError:
            break
        hub.sent[file] += 1
    handler.close_connection = True
