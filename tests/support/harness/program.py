# SPDX-License-Identifier: Apache-2.0
"""A program on a terminal of its own: typed at, and watched for what it prints."""

import codecs
import os
import pty
import re
import signal
import subprocess
import threading

from harness.waiting import wait_until

COLORS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")

QUIT_SECONDS = 8


class Program:
    """Runs a command on a pseudo-terminal, in `home`, with a small environment."""

    def __init__(self, name, command, home):
        self.name = name
        self.output = ""
        self._master, slave = pty.openpty()
        environment = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "TERM": "dumb", "LANG": "C.UTF-8",
                       "XDG_DATA_HOME": str(home / "data"), "PATH": os.environ["PATH"]}
        self.process = subprocess.Popen([str(word) for word in command], cwd=home, env=environment, stdin=slave,
                                        stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            print(f"--- {self.name} printed ---\n{self.output[-4000:]}")
        self.end()

    def type(self, line):
        os.write(self._master, line.encode() + b"\n")

    def wait_for(self, pattern, seconds=20.0, since=0):
        """The match of the regular expression in what was printed behind position `since`."""
        return wait_until(lambda: re.search(pattern, self.output[since:], re.DOTALL), seconds,
                          lambda: f"{self.name} prints {pattern!r}; it printed:\n{self.output[-2000:]}")

    @property
    def position(self):
        """Where the output stands now: what comes later is behind it."""
        return len(self.output)

    def quit(self, command):
        """Types the program's own command for its end, and gives it time to say goodbye."""
        self.type(command)
        try:
            self.process.wait(QUIT_SECONDS)
        except subprocess.TimeoutExpired:
            pass  # end() will see to it

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def _read(self):
        """Reads until the program has closed its terminal."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            self.output += COLORS.sub("", decoder.decode(data))
