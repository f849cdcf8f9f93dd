"""A project as one zip file, out and in: `journal.jsonl` and `files/<sha256><suffix>`, nothing else.

Going out, the same project gives the same bytes. Coming in, nothing is believed: every name is checked, every size
counted as it is unpacked, every file hashed again, every line of the journal read; and the project appears whole or
not at all.
"""

from __future__ import annotations

import json
import stat
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from engine.disk import new_file, storage_error, write_file
from engine.errors import ArchiveError, InputError, JournalDamagedError
from engine.events import Event, Project
from engine.store import codec
from engine.store.files import FILE_NAME, Files
from engine.store.journal import NAME, Journal
from engine.store.projects import FILES, ID, ProjectStore, named_files, new_id

MARK = b"greenlight-project/1 "
"""Begins the zip's comment; the project's id follows."""
JOURNAL_BYTES = 64 * 1024**2
FILE_BYTES = 1024**3
ENTRIES = 20_000
"""Most a journal, a file and an archive's list may measure."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_ANOTHER = "Choose a zip file that Greenlight exported, whole and unchanged."

Opening = Callable[[Project], Sequence[Event]]
"""Looks at the project that comes in; gives what is written into its journal first, or raises what is wrong."""


def export_project(projects: ProjectStore, project: str, destination: Path) -> None:
    """Write the project to `destination`, over what is there.

    Raises UnknownProjectError, JournalDamagedError when a file is missing or altered, StorageError.
    """
    entries = projects.project(project).entries
    files = projects.files(project)
    try:
        with new_file(projects.disk, destination) as packed, zipfile.ZipFile(packed, "w") as archive:
            archive.comment = MARK + project.encode("ascii")
            archive.writestr(_info(NAME), b"".join(codec.encode(entry) for entry in entries))
            for sha256, suffix in sorted(named_files(entries).items()):
                archive.writestr(_info(f"{FILES}/{sha256}{suffix}"), files.read(sha256, suffix))
    except OSError as error:
        raise storage_error("The project cannot be exported", destination, error) from error


def import_project(projects: ProjectStore, path: Path, largest_bytes: int, opening: Opening) -> str:
    """Take a project in; returns its id, a new one when its own is taken.

    Raises ArchiveError for anything that is not a whole exported project, StorageError.
    """
    try:
        with zipfile.ZipFile(path) as archive, projects.draft() as folder:
            project = _id(archive.comment)
            _unpack(archive, folder, projects, largest_bytes)
            _check(projects, folder, opening)
            return projects.move_in(folder, project)
    except FileNotFoundError as error:
        raise ArchiveError("There is no such file", "Choose the exported zip file.", value=path.name) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, ValueError) as error:
        raise _refused("The archive is damaged", type(error).__name__) from error
    except OSError as error:
        raise storage_error("The archive cannot be read", path, error) from error


def _info(name: str) -> zipfile.ZipInfo:
    """An entry that says nothing of when and by whom it was written."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info


def _id(comment: bytes) -> str:
    name = comment.removeprefix(MARK).decode("ascii", "replace") if comment.startswith(MARK) else ""
    return name if ID.fullmatch(name) else new_id()


def _unpack(archive: zipfile.ZipFile, folder: Path, projects: ProjectStore, largest_bytes: int) -> None:
    infos = archive.infolist()
    if len(infos) > ENTRIES:
        raise _refused("The archive holds too many files", f"{len(infos)}", f"{ENTRIES}")
    if len({info.filename for info in infos}) < len(infos):
        raise _refused("The archive holds a name twice")
    left = largest_bytes
    for info in infos:
        _check_entry(info)
        limit = min(left, JOURNAL_BYTES if info.filename == NAME else FILE_BYTES)
        data = _read(archive, info, limit)
        left -= len(data)
        if info.filename == NAME:
            write_file(projects.disk, folder / NAME, data)
        elif Files(folder / FILES, projects.disk).put(data, PurePosixPath(info.filename).suffix) not in info.filename:
            raise _refused("A file in the archive was altered", info.filename)


def _check_entry(info: zipfile.ZipInfo) -> None:
    """Refuse every name but a journal's and a file's, and everything that is no plain file."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    head, _, tail = info.filename.partition("/")
    named = info.filename == NAME or (head == FILES and FILE_NAME.fullmatch(tail) is not None)
    if not named or info.orig_filename != info.filename or kind not in (0, stat.S_IFREG) or info.flag_bits & 1:
        raise _refused("The archive holds something that is no part of a project", ascii(info.filename)[:80])
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused("The archive is packed in a way that is not read here", f"method {info.compress_type}")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """The entry's bytes, counted as they come: what the archive says of its size is not believed."""
    data = bytearray()
    try:
        with archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                data += chunk
                if len(data) > limit:
                    raise _refused("The archive is too large unpacked", info.filename[:20], f"{limit:,} bytes")
    except (OSError, zlib.error) as error:
        raise _refused("The archive is damaged", type(error).__name__) from error
    return bytes(data)


def _check(projects: ProjectStore, folder: Path, opening: Opening) -> None:
    """Read what was unpacked as a project, and let `opening` have its say."""
    if not (folder / NAME).exists():
        raise _refused("The archive holds no journal")
    if not (folder / NAME).read_bytes().endswith(b"\n"):
        raise _refused("The archive's journal is cut off")
    journal = Journal(folder / NAME, projects.disk, projects.clock)
    try:
        entries = journal.entries()
        named = {f"{sha256}{suffix}" for sha256, suffix in named_files(entries).items()}
        there = {path.name for path in (folder / FILES).iterdir()}
        if named != there:
            raise _refused("The archive's files are not those of its journal", f"{len(named ^ there)} differ")
        if not all(_is_text(line) for line in (folder / NAME).read_bytes().splitlines()):
            raise _refused("The archive's journal holds half a character")
        journal.change(lambda entries: opening(Project(folder.name, folder, entries)))
    except ArchiveError:
        raise
    except (InputError, JournalDamagedError) as error:
        raise _refused(f"The archive's project cannot be read here: {error.what}") from error


def _is_text(line: bytes) -> bool:
    """Whether what a line says can be written down as text: half of a surrogate pair cannot, and no page shows it."""
    try:
        json.dumps(json.loads(line), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(what: str, value: str = "", limit: str = "") -> ArchiveError:
    return ArchiveError(what, _ANOTHER, value=value, limit=limit)
