#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL goes away under load: no 2xx for anything that is not kept, 503 with Retry-After in its
place, what only reads goes on, and all is well again without a restart.

    database.py SERVER_BINARY [--away SECONDS] [--how stop|freeze]
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

from harness.postgres import Postgres   # noqa: E402
from harness.server import Server       # noqa: E402
from harness.waiting import Deadline, wait_until  # noqa: E402
from mix import DOMAIN, Mix, peer_of, users  # noqa: E402

RECOVERY_SECONDS = 15
WARM_UP_REQUESTS = 100


class Readers:
    """Somebody who is registered, and asks only for what needs no commit."""

    def __init__(self, server):
        self.server = server
        self.peer = peer_of(server, "honest")
        self.listener = peer_of(server, "listener")
        self.listener.responder = lambda request: 200
        assert self.listener.register().status == 200
        self.rounds = 0

    def ask(self):
        """OPTIONS, a fetch of bindings, and a message to somebody who is there."""
        answers = (
            self.peer.request("OPTIONS", f"sip:{DOMAIN}"),
            self._fetch(),
            self.peer.request("MESSAGE", self.listener.aor, [("Content-Type", "text/plain")], "are you there?"),
        )
        for answer in answers:
            assert answer.status == 200, f"reading failed while the database was away:\n{answer}"
        self.rounds += 1

    def _fetch(self):
        request = self.listener.new_request("REGISTER", f"sip:{DOMAIN}")
        request.remove("Contact")
        return self.listener.send_with_credentials(request).final(10)


def take_away(database, how):
    database.stop() if how == "stop" else database.freeze()


def give_back(database, how):
    database.start() if how == "stop" else database.thaw()


def is_ready(server):
    """Every shard can keep things again."""
    return server.rest.call("GET", "/readyz")[0] == 200


def wait_for_recovery(server):
    wait_until(lambda: is_ready(server), RECOVERY_SECONDS, "the server says that it is ready", pause=0.2)
    peer = peer_of(server, "honest")
    assert peer.register().status == 200
    peer.close()


def check_refusals(mix):
    unavailable = [retry for status, retry in mix.answers if status == 503]
    assert unavailable, f"nothing was answered 503 while the database was away: {mix.promises.statuses}"
    assert all(unavailable), "a 503 came without Retry-After"
    others = {status for status, _ in mix.answers if status >= 500 and status != 503}
    assert not others, f"other failures than 503: {others}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--away", type=float, default=30, help="seconds")
    parser.add_argument("--how", choices=("stop", "freeze"), default="stop")
    options = parser.parse_args()
    with Postgres() as database, Server(options.binary, [DOMAIN], database_url=database.url) as server:
        server.start()
        server.import_users(users())
        readers, mix = Readers(server), Mix(server)
        mix.start(1_000_000)
        wait_until(lambda: mix.finished >= WARM_UP_REQUESTS, 60, "the load is under way")
        take_away(database, options.how)
        away = Deadline(options.away)
        while not away.over:
            readers.ask()
        assert not is_ready(server)
        give_back(database, options.how)
        wait_for_recovery(server)
        mix.stop()
        print(f"{mix.promises.count} promises, {readers.rounds} rounds of reading, answers: {mix.promises.statuses}")
        check_refusals(mix)
        mix.check()
        print("every promise was kept, and none was made that could not be")


if __name__ == "__main__":
    main()
