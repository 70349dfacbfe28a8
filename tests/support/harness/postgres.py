# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL cluster that the test owns, and can take away from the server."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from harness.ports import free_port

OWNER = "postgres"  # as root initdb refuses; this user comes with the package


def binaries():
    """The folder of initdb and pg_ctl."""
    places = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name))
    if not places:
        raise RuntimeError("PostgreSQL is not installed")
    return places[-1]


class Postgres:
    """A cluster on a TCP port of the loopback interface, with one empty database. fsync is on."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-pg-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"postgresql://rollcall@127.0.0.1:{self.port}/rollcall"
        self._user = pwd.getpwnam(OWNER) if os.getuid() == 0 else None
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "rollcall", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")

    def __enter__(self):
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "rollcall", "rollcall")
        return self

    def __exit__(self, *_):
        self.thaw()
        self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", settings, "-w", "start")

    def stop(self):
        """Ends it at once; connections break, committed transactions stay."""
        if self.running():
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def freeze(self):
        """Stops every process of it where it stands: connections stay open and nobody answers."""
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in self._processes():
            os.kill(pid, signal.SIGCONT)

    def running(self):
        return (self.data / "postmaster.pid").exists()

    @property
    def pid(self):
        """Of the postmaster."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def _processes(self):
        if not self.running():
            return []
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid] + [int(child) for child in children]

    def _run(self, program, *words):
        command = [str(binaries() / program)] + [str(word) for word in words]
        who = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                              cwd=self.folder, stdin=subprocess.DEVNULL, **who)
        if done.returncode != 0:
            raise RuntimeError(f"{program} ended with {done.returncode}: {done.stdout}")
