"""PostgreSQL servers of a measurement's own: on loopback, in a folder, gone when it ends."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = '512MB'
max_wal_size = '4GB'
max_connections = 100
hot_standby_feedback = on
"""
_USER = "nobody"  # runs the servers where root would: initdb refuses it


class Server:
    """One server, as its own superuser without a password."""

    def __init__(self, binaries: Path, folder: Path, port: int) -> None:
        """Take the folder of initdb and its like, a folder of the server's own, and a free port."""
        self._binaries, self.folder, self.port = binaries, folder, port
        self.address = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def create(self) -> None:
        """Create an empty database."""
        self._run("initdb", "-U", "postgres", "-A", "trust", "-D", str(self.folder), "-E", "UTF8", "--no-locale", "-N")
        self._configure()

    def follow(self, primary: "Server") -> None:
        """Copy a primary, and follow it from the next start on."""
        self._run("pg_basebackup", "-d", primary.address, "-D", str(self.folder), "-R", "-c", "fast")
        self._configure()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self.folder.with_suffix(".log")
        self._run("pg_ctl", "-D", str(self.folder), "-l", str(log), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; "immediate" leaves everything as a crash would."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", mode, "stop")

    def _configure(self) -> None:
        settings = self.folder / "postgresql.conf"
        settings.write_text(f"{settings.read_text('utf-8')}\n{_SETTINGS}port = {self.port}\n", encoding="utf-8")

    def _run(self, program: str, *arguments: str) -> None:
        as_other = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
        # What was built elsewhere finds its libraries here; a standby's receiver needs them.
        libraries = f"LD_LIBRARY_PATH={self._binaries.parent / 'lib'}"
        command = [*as_other, "env", libraries, str(self._binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


@contextmanager
def running(binaries: Path, folder: Path, port: int) -> Iterator[Server]:
    """Run an empty server."""
    own = folder / f"server-{port}"
    folder.chmod(0o777)
    server = Server(binaries, own, port)
    server.create()
    server.start()
    try:
        yield server
    finally:
        server.stop()
