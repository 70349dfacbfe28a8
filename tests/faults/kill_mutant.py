#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The server is killed again and again under load: what was answered 2xx is there afterwards, and
watchers are served again without asking.

    kill.py SERVER_BINARY [--requests N] [--kills N]
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

from harness.server import Server       # noqa: E402
from harness.waiting import wait_until  # noqa: E402
from mix import DOMAIN, PUBLISH_HEADERS, Mix, document_of, peer_of, users  # noqa: E402
from watchers import Watcher            # noqa: E402

WATCHED = 5


def kill_again_and_again(server, mix, requests, kills):
    """Spread over the run, so that each kill meets requests on their way."""
    for number in range(1, kills + 1):
        due = requests * number // (kills + 1)
        wait_until(lambda: mix.finished >= due, 120, lambda: f"{due} requests are through; {mix.finished} are")
        server.kill()
        server.start()
        print(f"killed after {mix.finished} requests, serving again", flush=True)


def watchers_are_served(server, watchers):
    for watcher in watchers:
        peer = peer_of(server, watcher.presentity)
        body = document_of(watcher.presentity, "last", "after the kills")
        response = peer.request("PUBLISH", peer.aor, PUBLISH_HEADERS, body)
        assert response.status == 200, response
        watcher.wait_for("after the kills", 10)
        watcher.check()
        peer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args()
    with Server(options.binary, [DOMAIN]) as server:
        server.start()
        server.import_users(users())
        watchers = [Watcher(server, "listener", f"u{i}") for i in range(WATCHED)]
        mix = Mix(server)
        mix.start(options.requests)
        kill_again_and_again(server, mix, options.requests, options.kills)
        mix.join()
        print(f"{mix.promises.count} promises in {mix.finished} requests, answers: {mix.promises.statuses}")
        assert mix.promises.count > options.requests // 2, "too few requests were answered 2xx to prove anything"
        watchers_are_served(server, watchers)
        mix.promises.add(mix.promises.texts, "o1", "never sent"); mix.promises.add(mix.promises.contacts, "u1", "sip:never"); mix.check()
        print("every promise was kept; CSeq never went back")


if __name__ == "__main__":
    main()
