#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SIGHUP takes log level, domains and limits over; a configuration that is wrong changes nothing.

    reload.py SERVER_BINARY
"""

import argparse
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

from harness.peer import SipPeer        # noqa: E402
from harness.server import Server       # noqa: E402
from harness.waiting import wait_until  # noqa: E402
from mix import DOMAIN, PASSWORD        # noqa: E402

ADDED = "added.test"
SECONDS = 10


def configuration(level, minimum, domains=()):
    names = ", ".join(f'"{name}"' for name in domains)
    return (f"[server]\ndomains = [{names}]\n"
            f'[log]\nlevel = "{level}"\n'
            f"[limits]\nregister_min_seconds = {minimum}\n")


def reload(server, text, seen):
    """Sends SIGHUP and waits for the line in the log that tells what came of it."""
    before = server.log.read_text().count(seen)
    server.config.write_text(text)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: server.log.read_text().count(seen) > before, SECONDS,
               lambda: f"the log says {seen}\n{server.log_tail()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    options = parser.parse_args()
    with Server(options.binary, [], configuration("info", 600, [DOMAIN])) as server:
        server.start()
        server.import_users([("honest", DOMAIN, PASSWORD)])
        peer = SipPeer(server.address, "honest", DOMAIN, PASSWORD)
        assert peer.register(120).status == 423
        assert " debug " not in server.log.read_text()

        reload(server, configuration("debug", 60, [DOMAIN, ADDED]), " reloaded")
        assert peer.register(120).status == 200
        names = [domain["name"] for domain in server.rest.items("/api/v1/domains")]
        assert sorted(names) == sorted([ADDED, DOMAIN]), names
        server.import_users([("honest", ADDED, PASSWORD)])
        newcomer = SipPeer(server.address, "honest", ADDED, PASSWORD)
        assert newcomer.register(120).status == 200
        wait_until(lambda: " debug " in server.log.read_text(), SECONDS, "something is told at level debug")

        reload(server, "[limits]\nregister_min_seconds = 0\n", "configuration_refused")
        assert peer.register(120).status == 200
        assert peer.register(30).status == 423
        peer.close()
        newcomer.close()
    print("limits, domains and level were taken over; the wrong configuration was not")


if __name__ == "__main__":
    main()
