"""Power fails at any moment: what was confirmed is there, and the rest is whole or absent.

A disk keeps what was synced; of what was written since it may keep anything or nothing, in any
order and in part. Each write and sync of a writing process is recorded, and such disks are made
from it.
"""

import os
import random
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.storage.catalogues import CatalogueVersions
from service.storage.faults import UnusableDatabase, sqlite3
from service.storage.receipt_chain import verify_chain
from service.storage.store import Store
from tests.storage.conftest import Place

CUTS = 120
_SECTOR = 512
_HEAD = struct.Struct("QQQQ")
_CONFIRMED = "confirmed"
_WRITE = """
import os, sys, threading
from pathlib import Path
from service.storage import sqlite_store
from service.storage.opening import open_store
from service.storage.writer import GroupCommitWriter
from tests.storage.test_writer import _receipt
connect = sqlite_store.connect
def connect_so(*arguments):
    connection = connect(*arguments)
    connection.execute(f"PRAGMA synchronous = {sys.argv[2]}")
    return connection
sqlite_store.connect = connect_so
folder = Path(sys.argv[1])
store = open_store(folder / "huice.sqlite3")
writer = GroupCommitWriter(store)
with store.transaction() as db:
    db.execute("CREATE TABLE claims (receipt TEXT)")
confirmed = os.open(folder / "confirmed", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def write(thread):
    for i in range(80):
        with store.transaction(at_once=sys.argv[2] == "OFF") as db:
            db.execute("INSERT INTO claims VALUES (?)", (f"{thread}-{i}",))
        writer.put(_receipt(f"{thread}-{i}"))
        os.write(confirmed, f"{thread}-{i}\\n".encode())
threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
os._exit(0)
"""


@dataclass(frozen=True)
class Operation:
    kind: str
    file: str
    offset: int
    size: int
    data: bytes

    def apply(self, image: bytearray) -> None:
        if self.kind == "t":
            del image[self.size :]
            return
        missing = self.offset + len(self.data) - len(image)
        image.extend(bytes(max(0, missing)))
        image[self.offset : self.offset + len(self.data)] = self.data

    def torn(self, dice: random.Random) -> "Operation":
        """Some sectors of it, from its beginning."""
        if self.kind == "t":
            return self
        kept = dice.randrange(0, self.size + _SECTOR, _SECTOR)
        return Operation("w", self.file, self.offset, self.size, self.data[:kept])


@dataclass
class Disk:
    """What is sure to be on it, and what was written since."""

    images: dict[str, bytearray]
    pending: dict[str, list[Operation]] = field(default_factory=lambda: defaultdict(list))
    confirmed: set[str] = field(default_factory=set)

    def take(self, operation: Operation) -> None:
        if operation.file == _CONFIRMED:
            self.confirmed.update(operation.data.decode().split())
        elif operation.kind == "s":
            for waiting in self.pending.pop(operation.file, []):
                waiting.apply(self.images.setdefault(operation.file, bytearray()))
        else:
            self.pending[operation.file].append(operation)

    def after_a_cut(self, folder: Path, dice: random.Random) -> None:
        """Write the files as they may be found."""
        share = dice.choice([0.0, 0.5, 0.9])
        for file in self.images.keys() | self.pending.keys():
            image = bytearray(self.images.get(file, b""))
            for operation in self.pending.get(file, []):
                if dice.random() < share:
                    operation.torn(dice).apply(image)
            (folder / file).write_bytes(image)


def recorded(log: Path) -> Iterator[Operation]:
    data, at = log.read_bytes(), 0
    while at < len(data):
        kind, length, offset, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        name = data[at : at + length].decode()
        at += length
        written = data[at : at + size] if chr(kind) == "w" else b""
        at += len(written)
        if not name.endswith("-shm"):  # made anew by whoever opens
            yield Operation(chr(kind), name, offset, size, written)


def written_with(synchronous: str, folder: Path, tmp_path: Path) -> list[Operation]:
    """What a process that writes receipts did to the files of a folder."""
    library, log = tmp_path / "power_cut.so", tmp_path / "log"
    source = Path(__file__).with_name("power_cut.c")
    command = [
        "cc",
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        str(library),
        str(source),
        "-ldl",
        "-lpthread",
    ]
    subprocess.run(command, check=True)
    told = {"POWER_CUT_FOLDER": str(folder.resolve()), "POWER_CUT_LOG": str(log)}
    subprocess.run(
        [sys.executable, "-c", _WRITE, str(folder), synchronous],
        env={**os.environ, **told, "LD_PRELOAD": str(library)},
        cwd=Path(__file__).parents[2],
        check=True,
    )
    return list(recorded(log))


def lost_in_cuts(synchronous: str, place: Place, tmp_path: Path) -> int:
    """How many confirmed receipts are gone after cuts at random moments, each from the beginning;
    a database that cannot be opened has lost all."""
    folder, dice, lost = place.path.parent, random.Random(11), 0
    before = {f.name: bytearray(f.read_bytes()) for f in folder.iterdir() if f.suffix != ".lock"}
    operations = written_with(synchronous, folder, tmp_path)
    assert len(operations) > 500
    disk, cuts = Disk(before), sorted(dice.sample(range(len(operations)), CUTS))
    for number, operation in enumerate(operations):
        disk.take(operation)
        if number in cuts:
            found = tmp_path / f"found-{number}"
            found.mkdir()
            disk.after_a_cut(found, dice)
            lost += lost_at(found / place.path.name, disk.confirmed)
    assert len(disk.confirmed) == 320
    return lost


def lost_at(database: Path, confirmed: set[str]) -> int:
    try:
        with Place(database).open() as store:
            rows = store.connection().execute("SELECT id FROM receipts").fetchall()
            claims = "SELECT count(*) FROM receipts WHERE id NOT IN (SELECT receipt FROM claims)"
            if rows and store.connection().execute(claims).fetchone() != (0,):
                return len(confirmed)
            sound = store.connection().execute("PRAGMA integrity_check").fetchone() == ("ok",)
            if not sound or verify_chain(store).faults:
                return len(confirmed) or 1
            return len(confirmed - {row[0] for row in rows})
    except (UnusableDatabase, sqlite3.DatabaseError):
        return len(confirmed) or 1


@pytest.mark.deep
@pytest.mark.sqlite
def test_a_power_cut_loses_nothing_that_was_confirmed(
    store: Store, catalogues: CatalogueVersions, place: Place, tmp_path: Path
) -> None:
    """As the service writes; nor is what need not be durable at once lost, where what was written
    after it is found."""
    store.close()
    assert lost_in_cuts("FULL", place, tmp_path) == 0


@pytest.mark.deep
@pytest.mark.sqlite
def test_the_same_cuts_lose_receipts_that_were_not_synced(
    store: Store, catalogues: CatalogueVersions, place: Place, tmp_path: Path
) -> None:
    """Or the test above would prove nothing."""
    store.close()
    assert lost_in_cuts("OFF", place, tmp_path) > 0
