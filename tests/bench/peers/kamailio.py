# SPDX-License-Identifier: Apache-2.0
"""Kamailio as the peer of the benchmark: its tables, its users, its processes."""

import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from harness.ports import free_port
from harness.postgres import binaries
from harness.transaction import TimedOut
from harness.peer import SipPeer
from harness.waiting import wait_until

HERE = pathlib.Path(__file__).resolve().parent
TABLES = ("standard", "usrloc", "auth_db", "htable", "presence", "msilo")
SCHEMA = pathlib.Path("/usr/share/kamailio/postgres")
SHARED_MEMORY_MIB, PRIVATE_MEMORY_MIB = 1536, 32
START_SECONDS = 20


class Kamailio:
    """One `kamailio` on a port of its own, on a database that it has for itself. Use it as a context."""

    PACKAGES = ("kamailio", "kamailio-postgres-modules", "kamailio-presence-modules")

    def __init__(self, database, domain, profile):
        self.database, self.domain, self.profile = database, domain, profile
        self.port = free_port()
        self.address = ("127.0.0.1", self.port)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-kamailio-"))
        self.process = None

    @staticmethod
    def installed():
        return shutil.which("kamailio") is not None and SCHEMA.is_dir()

    def __enter__(self):
        for name in TABLES:
            self._sql("-f", SCHEMA / f"{name}-create.sql")
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    def import_users(self, users):
        """Adds (user, domain, password) rows, before the start."""
        rows = "".join(f"{user}\t0\t0\t{_ha1(user, domain, password)}\t0\n" for user, domain, password in users)
        file = self.folder / "users"
        file.write_text(rows)
        self._sql("-c", f"\\copy htable (key_name, key_type, value_type, key_value, expires) from '{file}'")

    def start(self):
        listen = [word for transport in ("udp", "tcp") for word in ("-l", f"{transport}:127.0.0.1:{self.port}")]
        command = ["kamailio", "-DD", "-E", "-f", str(HERE / "kamailio" / "kamailio.cfg"), *listen,
                   "-m", str(SHARED_MEMORY_MIB), "-M", str(PRIVATE_MEMORY_MIB), "-Y", str(self.folder),
                   "-A", f'DATABASE="postgres{self.database.url.removeprefix("postgresql")}"',
                   "-A", f'DOMAIN="{self.domain}"']
        if self.profile == "fast":
            command += ["-A", "FAST"]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        wait_until(self._answers, START_SECONDS,
                   lambda: "Kamailio answers\n" + (self.folder / "log").read_text()[-2000:])

    def stop(self):
        """Ends it with all its processes; what it still wants to write is nobody's any more."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError("Kamailio does not start:\n" + (self.folder / "log").read_text()[-2000:])
        peer = SipPeer(self.address, "nobody", self.domain)
        try:
            return peer.request("OPTIONS", f"sip:{self.domain}", seconds=1).status == 200
        except TimedOut:
            return False
        finally:
            peer.close()

    def _sql(self, *words):
        command = [str(binaries() / "psql"), "-q", "-X", "-v", "ON_ERROR_STOP=1", self.database.url]
        subprocess.run(command + [str(word) for word in words], check=True, capture_output=True, text=True,
                       timeout=120)


def _ha1(user, domain, password):
    return hashlib.md5(f"{user}:{domain}:{password}".encode()).hexdigest()
