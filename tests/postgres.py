"""A PostgreSQL server of the tests' own: in a folder that goes with it, on a socket, no port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg

_START_SECONDS = "60"
_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


class PostgresServer:
    """One cluster; `kill` ends it as a power cut would, `start` brings it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        # The server refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=huice", "--encoding=UTF8",
                  "--locale=C.UTF-8", "--pgdata", str(self._data))  # fmt: skip
        lines = [f"{name} = {value}" for name, value in _SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{folder}'")
        with (self._data / "postgresql.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--timeout", _START_SECONDS, "--pgdata",
                  str(self._data), "--log", str(self.folder / "log"))  # fmt: skip

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode", "immediate", "--pgdata", str(self._data))

    def kill(self) -> None:
        """End every process of the server at once, without a word to its clients."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(postmaster)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        os.kill(postmaster, signal.SIGKILL)
        for child in listed.stdout.split():
            try:
                os.kill(int(child), signal.SIGKILL)
            except ProcessLookupError:
                continue

    def address(self, schema: str = "public") -> str:
        """Where the tables of a schema are found."""
        query = {"host": str(self.folder), "user": "huice", "options": f"-csearch_path={schema}"}
        return f"postgresql:///postgres?{urlencode(query)}"

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(sql.encode())

    def _run(self, program: str, *arguments: str) -> None:
        # The server must not hold the pipes that somebody reads to the end.
        with tempfile.TemporaryFile() as told:
            done = subprocess.run(
                [_found(program), *arguments],
                user=self._user,
                cwd=self.folder,
                stdout=told,
                stderr=subprocess.STDOUT,
                check=False,
            )
            told.seek(0)
            assert done.returncode == 0, told.read().decode(errors="replace")


def _found(program: str) -> str:
    """Debian keeps the server's programs off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(program, path=os.pathsep.join([*map(str, folders), os.environ["PATH"]]))
    assert found is not None, f"{program} is missing: scripts/system_packages.sh deep"
    return found


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server that runs, and nothing of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="huice-pg-"))
    try:
        server = PostgresServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
