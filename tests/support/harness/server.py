# SPDX-License-Identifier: Apache-2.0
"""Starts the server under test in a folder of its own, and stops or kills it."""

import csv
import os
import pathlib
import signal
import subprocess
import tempfile

from harness.ports import LOOPBACK, free_port
from harness.rest import Rest
from harness.waiting import wait_until

ADMIN_TOKEN = "token-of-the-tests"
START_SECONDS = 60
STOP_SECONDS = 5


class Server:
    """One `rollcall serve` on ports of its own. Use it as a context: it is gone at the end.

    `settings` is the text of a configuration file; `database_url` replaces the embedded cluster. Two shards
    wherever it runs, so that requests travel between them; `shards=None` leaves their number to the server.
    """

    def __init__(self, binary, domains, settings="", database_url=None, shards=2):
        self.binary = str(binary)
        self.domains = list(domains)
        self._folder = tempfile.TemporaryDirectory(prefix="rollcall-test-")
        self.folder = pathlib.Path(self._folder.name)
        self.folder.chmod(0o755)  # the embedded database runs as another user
        self.port, self.admin_port = free_port(), free_port()
        self.address = (LOOPBACK, self.port)
        self.rest = Rest(LOOPBACK, self.admin_port, ADMIN_TOKEN)
        self.log = self.folder / "server.log"
        self.config = self.folder / "rollcall.toml"
        self.config.write_text(settings)
        self.process = None
        self._database_url, self._shards = database_url, shards

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.process and self.process.poll() is None:
            self.stop(must_be_clean=kind is None)
        if kind is not None:
            print("--- the server's last log lines ---\n" + self.log_tail())
        self._folder.cleanup()

    def start(self):
        """Returns when the server says that it is ready."""
        listen = [f"{transport}:{LOOPBACK}:{self.port}" for transport in ("udp", "tcp")]
        command = [self.binary, "serve", "--config", str(self.config), "--data-dir", str(self.folder / "data"),
                   "--admin-listen", f"{LOOPBACK}:{self.admin_port}"]
        command += [word for domain in self.domains for word in ("--domain", domain)]
        command += [word for place in listen for word in ("--listen", place)]
        seen = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment())
        wait_until(lambda: self._ready(seen), START_SECONDS, lambda: "the server is ready\n" + self.log_tail())
        return self

    def stop(self, must_be_clean=True):
        """SIGTERM; the server has five seconds. Returns how long it took at most."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end within {STOP_SECONDS} s of SIGTERM") from None
        if must_be_clean and code != 0:
            raise AssertionError(f"the server ended with {code}\n{self.log_tail()}")

    def kill(self):
        """SIGKILL, as a crash."""
        self.process.kill()
        self.process.wait()

    def import_users(self, users):
        """Adds (user, domain, password) rows with `rollcall user import`, while stopped or running."""
        file = self.folder / "users.csv"
        with file.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["username", "domain", "password", "display_name"])
            writer.writerows([user, domain, password, user.capitalize()] for user, domain, password in users)
        self.command("user", "import", str(file))

    def command(self, *words):
        """Runs another command of the binary on the same configuration and data."""
        command = [self.binary, *words, "--config", str(self.config), "--data-dir", str(self.folder / "data")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=self._environment())
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def log_tail(self, lines=40):
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _ready(self, seen):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode} at start\n{self.log_tail()}")
        text = self.log.read_bytes()[seen:].decode(errors="replace")
        return any(line.startswith("rollcall ready") for line in text.splitlines())

    def _environment(self):
        environment = dict(os.environ, ROLLCALL_ADMIN_TOKEN=ADMIN_TOKEN)
        if self._database_url:
            environment["ROLLCALL_DATABASE_URL"] = self._database_url
        if self._shards:
            environment["ROLLCALL_SERVER_SHARDS"] = str(self._shards)
        return environment
