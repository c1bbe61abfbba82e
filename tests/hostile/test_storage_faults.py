"""What befalls the database while the service runs is told at once, and is over when it is over."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from service.startup import open_today
from service.storage.backup import BackupReport, restore_backup, write_backup
from service.storage.database import open_database
from service.storage.faults import StorageFault, sqlite3
from tests.api.sample import settings_for
from tests.contract.conftest import (
    Server,
    environment_of,
    free_port,
    serving,
    starting,
    wait_until_ready,
)
from tests.contract.test_served import REQUEST

# A write is probed every five seconds.
NOTICED_WITHIN_SECONDS = 12
SLOW_ANSWER_SECONDS = 20  # five by the limits of the service, and a busy machine


def statuses(server: Server) -> tuple[int, int, int]:
    """Of liveness, readiness and a match that wants a receipt."""
    return (
        server.send("GET", "/healthz").status,
        server.send("GET", "/readyz").status,
        server.match(REQUEST).status,
    )


def becomes(
    ask: Callable[[], object], wanted: object, seconds: float = NOTICED_WITHIN_SECONDS
) -> bool:
    """Whether both workers come to answer so in time: eight answers in a row."""
    deadline = time.monotonic() + seconds
    in_a_row = 0
    while in_a_row < 8 and time.monotonic() < deadline:
        in_a_row = in_a_row + 1 if ask() == wanted else 0
        time.sleep(0.1)
    return in_a_row == 8


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        while file.write(bytes(65536)):
            pass


def test_a_lock_held_by_another_program(attacked: Server) -> None:
    """503 after five seconds, health answers while it is held, and it goes on when it is free."""
    with_lock = sqlite3.connect(attacked.database, isolation_level=None)
    with_lock.execute("BEGIN IMMEDIATE")
    try:
        began = time.monotonic()
        assert attacked.match(REQUEST).status == 503
        assert time.monotonic() - began < SLOW_ANSWER_SECONDS
        assert attacked.send("GET", "/healthz").status == 200
    finally:
        with_lock.execute("ROLLBACK")
        with_lock.close()
    assert becomes(lambda: statuses(attacked), (200, 200, 200))


def renamed(database: Path) -> None:
    database.rename(database.with_name("moved"))


def cut(database: Path) -> None:
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size - 1000)


def log_cut(database: Path) -> None:
    with database.with_name(f"{database.name}-wal").open("r+b") as file:
        file.truncate(100)


def removed(database: Path) -> None:
    """With its log and all that lies beside it, as where a disk was taken away."""
    for path in database.parent.iterdir():
        if path.is_file() and path.name.startswith(database.name):
            path.unlink()


@pytest.mark.parametrize(
    "damage", [renamed, removed, *(pytest.param(f, marks=pytest.mark.deep) for f in (cut, log_cut))]
)
def test_a_file_that_is_moved_or_cut(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """Readiness is red, nothing is confirmed; the process lives. What starts now, be it a worker in
    place of one that was killed, begins no empty database where there was one."""
    with serving(tmp_path) as server:
        assert statuses(server) == (200, 200, 200)
        damage(server.database)
        if damage is removed:
            reload(server)
        assert becomes(lambda: server.send("GET", "/readyz").status, 503)
        assert server.send("GET", "/healthz").status == 200
        assert server.match(REQUEST).status == 503
        assert damage is not removed or not server.database.exists()


@pytest.mark.parametrize("part", ["the last quarter", "the first pages"])
@pytest.mark.deep
def test_pages_that_make_no_sense(tmp_path: Path, part: str) -> None:
    """A part of the file is overwritten: noticed within a minute, and from then on no worker
    confirms anything."""
    with serving(tmp_path) as server:
        assert statuses(server) == (200, 200, 200)
        size = server.database.stat().st_size
        start, count = (0, 8192) if part == "the first pages" else (size - size // 4, size // 4)
        with server.database.open("r+b") as file:
            file.seek(start)
            file.write(b"\xa5" * count)
        assert becomes(lambda: server.send("GET", "/readyz").status, 503, seconds=75)
        assert becomes(lambda: server.match(REQUEST).status, 503, seconds=5)


def reload(server: Server) -> None:
    """Returns when it is over: the workers of before have gone. The log may be on the full disk."""
    process = server.process.pid
    children = Path(f"/proc/{process}/task/{process}/children")
    before = set(children.read_text(encoding="ascii").split())
    server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 60
    while len(before - set(children.read_text(encoding="ascii").split())) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.deep
@pytest.mark.parametrize("how", ["size=20m", "size=64k", "nr_inodes=2", "ro"])
def test_memory_files_without_room(tmp_path: Path, how: str) -> None:
    """A container's /dev/shm is small, and others fill it too: what is written through memory then
    ended every worker by SIGBUS. Whether it is full at the start or later, all goes on."""
    mount = f'mount -t tmpfs -o {how} tmpfs /dev/shm && exec "$0" "$@"'
    within = ["unshare", "--mount", "sh", "-c", mount]
    database = tmp_path / "huice.sqlite3"
    open_today(settings_for(database)).close()
    environment = environment_of(free_port(), database)
    with starting(database, environment, within) as server:
        wait_until_ready(server, tmp_path / "log")
        if how == "size=20m":
            entered = ["nsenter", "--mount", "--target", str(server.process.pid)]
            filling = [*entered, "dd", "if=/dev/zero", "of=/dev/shm/full", "bs=4k"]
            assert subprocess.run(filling, capture_output=True, check=False).returncode == 1
        assert becomes(lambda: statuses(server), (200, 200, 200))
        reload(server)
        assert becomes(lambda: statuses(server), (200, 200, 200))
        assert server.send("GET", "/metrics").status == 200


@pytest.mark.deep
def test_a_full_disk(tmp_path: Path) -> None:
    """507 for what should be stored, readiness red, what is read is answered, also by workers that
    start meanwhile; and it goes on when there is room."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", tmp_path], check=True)
    try:
        with serving(tmp_path) as server:
            assert statuses(server) == (200, 200, 200)
            filler = tmp_path / "filler"
            with pytest.raises(OSError, match="No space"):
                fill(filler)
            assert becomes(lambda: statuses(server), (200, 503, 507))
            reload(server)
            assert becomes(lambda: server.send("GET", "/check").status, 200)
            assert becomes(lambda: statuses(server), (200, 503, 507))
            filler.unlink()
            assert becomes(lambda: statuses(server), (200, 200, 200))
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


@pytest.mark.deep
def test_a_copy_that_finds_a_full_disk(tmp_path: Path) -> None:
    """Plain or encrypted, made or put back: told as that, and nothing half done is left. A copy
    that found no room to be decrypted in was called damaged."""
    secret = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(str(secret), encoding="ascii")
    database, sealed, small = tmp_path / "huice.sqlite3", tmp_path / "sealed", tmp_path / "small"
    small.mkdir()
    keys = (str(secret.to_public()),)
    with open_database(database) as store:
        size = write_backup(store, tmp_path / "plain").size
        write_backup(store, sealed, keys)

        def encrypted() -> BackupReport:
            return write_backup(store, small / "copy", keys)

        tries: list[tuple[int, Callable[[], BackupReport]]] = [
            (size // 2, lambda: write_backup(store, small / "copy")),
            (size // 2, encrypted),
            (size + size // 2, encrypted),  # room for what is encrypted, and not for it and that
            (size // 2, lambda: restore_backup(sealed, small / "new", tmp_path / "key")),
            (size // 2, lambda: restore_backup(tmp_path / "plain", small / "new")),
        ]
        for room, deed in tries:
            mounting = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(small)]
            subprocess.run(mounting, check=True)
            try:
                with pytest.raises((StorageFault, OSError), match=r"full|No space"):
                    deed()
                assert list(small.iterdir()) == []
            finally:
                subprocess.run(["umount", "--lazy", small], check=True)
