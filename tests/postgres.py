"""A PostgreSQL server of the tests' own: in a folder that goes with it, on a socket, no port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import psycopg

_START_SECONDS = 60.0
_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


class PostgresServer:
    """One cluster; `kill` ends it as a power cut would, `start` brings it back."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self._data = folder / "data"
        # The server refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        subprocess.run(
            [found_program("initdb"), "--no-sync", "--auth=trust", "--username=huice",
             "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", str(self._data)],
            user=self._user, cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
        lines = [f"{name} = {value}" for name, value in {**_SETTINGS, **settings}.items()]
        lines.append(f"unix_socket_directories = '{folder}'")
        with (self._data / "postgresql.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def start(self) -> None:
        """Returns once it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [found_program("postgres"), "-D", str(self._data)],
                user=self._user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.address()).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                assert self._process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def kill(self) -> None:
        """End every process of the server at once, without a word to its clients."""
        postmaster = self._process.pid
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()

    def address(self, schema: str = "public", database: str = "postgres") -> str:
        """Where the tables of a schema are found."""
        query = {"host": str(self.folder), "user": "huice", "options": f"-csearch_path={schema}"}
        return f"postgresql:///{database}?{urlencode(query)}"

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(sql.encode())


def found_program(program: str) -> str:
    """A program of the server's. Debian keeps the server's programs off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(program, path=os.pathsep.join([*map(str, folders), os.environ["PATH"]]))
    assert found is not None, f"{program} is missing: scripts/system_packages.sh deep"
    return found


@contextmanager
def postgres_server(**settings: str) -> Iterator[PostgresServer]:
    """A server that runs, and nothing of it afterwards; with settings of its configuration file."""
    folder = Path(tempfile.mkdtemp(prefix="huice-pg-"))
    try:
        server = PostgresServer(folder, settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
