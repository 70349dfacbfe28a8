#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Real clients against the real server, all on the loopback interface.

    run.py SERVER_BINARY [NAME...]
"""

import argparse
import pathlib
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

import chat      # noqa: E402
import sipp      # noqa: E402
import sipsak    # noqa: E402
from harness.server import Server  # noqa: E402

DOMAIN = "clients.test"
PASSWORD = "secret-of-the-clients"
USERS = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi")

# Name, the programs that it needs, the function.
TESTS = (
    ("linphone and baresip see each other and chat", ("linphonec", "baresip"), chat.linphone_with_baresip),
    ("two linphones see each other and chat", ("linphonec",), chat.linphone_with_linphone),
    ("baresip over UDP with baresip over TCP", ("baresip",), chat.baresip_with_baresip),
    ("sipsak asks, registers and sends a message", ("sipsak",), sipsak.run),
    ("sipp registers, publishes, subscribes and sends messages", ("sipp",), sipp.run),
)


class Place:
    """Where a test plays: the server, and a folder that is gone afterwards."""

    def __init__(self, server, folder):
        self.server, self.folder = server, folder
        self.domain, self.password = DOMAIN, PASSWORD

    def aor(self, user):
        return f"sip:{user}@{self.domain}"


def play(server, title, programs, test):
    """Prints a line; True unless it failed."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        print(f"skip          {title}: not installed: {', '.join(missing)}", flush=True)
        return True
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rollcall-clients-") as folder:
        try:
            test(Place(server, pathlib.Path(folder)))
        except AssertionError as error:
            print(f"FAILED {time.monotonic() - began:5.1f} s  {title}\n      {error}", flush=True)
            return False
    print(f"ok     {time.monotonic() - began:5.1f} s  {title}", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("names", nargs="*", help="only tests with one of these words in their name")
    options = parser.parse_args()
    with Server(options.binary, [DOMAIN]) as server:
        server.start()
        server.import_users([(user, DOMAIN, PASSWORD) for user in USERS])
        results = [play(server, *test) for test in TESTS
                   if not options.names or any(word in test[0] for word in options.names)]
        if not all(results):
            print("--- the server's last log lines ---\n" + server.log_tail())
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
