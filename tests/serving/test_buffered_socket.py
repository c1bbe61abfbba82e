"""An answer leaves its thread at once, and reaches its reader whole, however slowly he reads."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from service.serving.buffered_socket import BufferedSocket

LARGE = 16 * 1024 * 1024


@pytest.fixture
def ends() -> Iterator[tuple[BufferedSocket, socket.socket]]:
    """Ours and the reader's."""
    ours, reader = socket.socketpair()
    with ours, reader:
        ours.setblocking(False)
        yield BufferedSocket(ours), reader


@contextmanager
def file_of(folder: Path, content: bytes) -> Iterator[BinaryIO]:
    """A file that holds this, open for reading."""
    (folder / "content").write_bytes(content)
    with (folder / "content").open("rb") as file:
        yield file


def all_read(sender: BufferedSocket, reader: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        sender.flush()
        received += reader.recv(1 << 20)
    assert sender.flush()
    return bytes(received)


def test_a_file_is_read_as_its_reader_takes_it(
    ends: tuple[BufferedSocket, socket.socket], tmp_path: Path
) -> None:
    """No thread waits for the reader of a large one and none of it is kept in memory, though it
    is closed and removed as soon as it was handed over; what comes behind it stays behind it."""
    sender, reader = ends
    path, content = tmp_path / "answers", os.urandom(1 << 20) * (LARGE >> 20)
    path.write_bytes(content)
    sender.sendall(b"head")
    with path.open("rb") as file:
        assert sender.sendfile(file, 5, LARGE - 10) == LARGE - 10
    path.unlink()
    assert len(sender.waiting) < 1 << 20
    assert sender.bytes_left >= LARGE - 10
    assert all_read(sender, reader, LARGE - 6) == b"head" + content[5:-5]


def test_an_answer_leaves_its_thread_before_anybody_reads_it(
    ends: tuple[BufferedSocket, socket.socket],
) -> None:
    """However large it is, and whoever reads a byte now and then."""
    sender, reader = ends
    answer = bytes(LARGE)
    sender.sendall(answer)
    assert reader.recv(1) == b"\0"
    assert sender.bytes_left > LARGE // 2
    assert len(all_read(sender, reader, LARGE - 1)) == LARGE - 1


def test_what_is_written_behind_a_file_comes_behind_it(
    ends: tuple[BufferedSocket, socket.socket], tmp_path: Path
) -> None:
    sender, reader = ends
    with file_of(tmp_path, b"of a file") as file:
        sender.sendfile(file)
        sender.sendall(b", and more")
    assert all_read(sender, reader, 19) == b"of a file, and more"


def test_a_file_that_became_shorter_ends_the_connection(
    ends: tuple[BufferedSocket, socket.socket], tmp_path: Path
) -> None:
    """Its reader was told a length; to go on with another answer would give him nonsense."""
    sender, _ = ends
    with file_of(tmp_path, b"short") as file:
        sender.sendfile(file, 0, 100)
    assert not sender.flush()
    with pytest.raises(BrokenPipeError):
        sender.flush()


def test_what_is_dropped_holds_no_file(
    ends: tuple[BufferedSocket, socket.socket], tmp_path: Path
) -> None:
    sender, _ = ends
    before = len(list(Path("/proc/self/fd").iterdir()))
    with file_of(tmp_path, bytes(100)) as file:
        sender.sendfile(file)
    sender.drop()
    assert sender.bytes_left == 0
    assert len(list(Path("/proc/self/fd").iterdir())) == before
