#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Documents under XCAP when editors race, the server is killed and the database goes away: of editors who read
the same document one wins, what was answered 2xx is there, and what cannot be kept is 503.

    documents.py SERVER_BINARY
"""

import argparse
import pathlib
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

from harness.postgres import Postgres  # noqa: E402
from harness.server import ADMIN_TOKEN, Server  # noqa: E402
from harness.waiting import wait_until  # noqa: E402
from harness.xcap import XcapClient    # noqa: E402

DOMAIN = "documents.test"
PASSWORD = "secret of the tests"
INDEX = f"/xcap/resource-lists/users/sip:alice@{DOMAIN}/index"
ROOT = '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
WHOLE = {"Content-Type": "application/resource-lists+xml"}
ELEMENT = {"Content-Type": "application/xcap-el+xml"}
EDITORS = 4
ROUNDS = 40


def client_of(server, user="alice"):
    return XcapClient(server.rest.host, server.rest.port, user, PASSWORD)


def administrator(server):
    return XcapClient(server.rest.host, server.rest.port, token=ADMIN_TOKEN)


def names_in(document):
    return [part.split('"')[0] for part in document.split('<list name="')[1:]]


def race(server):
    """Each editor adds lists of its own, always to the version that it has read."""
    client = client_of(server)
    assert client.request("PUT", INDEX, WHOLE, f"{ROOT}</resource-lists>").status == 201
    start, added, losses = threading.Barrier(EDITORS), [], []

    def edit(number):
        editor = client_of(server)
        start.wait()
        for turn in range(ROUNDS):
            name, answer = f"{number}-{turn}", None
            while answer is None or answer.status == 412:
                etag = editor.request("GET", INDEX).get("ETag")
                target = f"{INDEX}/~~/resource-lists/list%5b@name=%22{name}%22%5d"
                answer = editor.request("PUT", target, {**ELEMENT, "If-Match": etag}, f'<list name="{name}"/>')
                if answer.status == 412:
                    losses.append(name)
            assert answer.status == 201, answer
            added.append((name, answer.get("ETag")))

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(EDITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(added) == EDITORS * ROUNDS, f"{len(added)} of {EDITORS * ROUNDS} edits were made"
    assert len({etag for _, etag in added}) == len(added), "two edits made the same version"
    answer = client.request("GET", INDEX)
    assert sorted(names_in(answer.text)) == sorted(name for name, _ in added), "an edit was lost"
    print(f"{len(added)} edits, {len(losses)} told that they came second; none was lost")
    return answer.get("ETag")


def kill(server, etag):
    server.kill()
    server.start()
    answer = client_of(server).request("GET", INDEX)
    assert answer.status == 200 and answer.get("ETag") == etag, answer
    print("the document was there when the server was killed")


def database_away(server, database):
    admin = administrator(server)
    before = admin.request("GET", INDEX)
    database.stop()
    answer = admin.request("PUT", INDEX, WHOLE, f"{ROOT}</resource-lists>")
    assert answer.status == 503 and answer.get("Retry-After"), answer
    answer = admin.request("DELETE", INDEX)
    assert answer.status == 503 and answer.get("Retry-After"), answer
    # What was read lately is in memory; what was not cannot be told.
    answer = admin.request("GET", INDEX)
    assert answer.status == 200 and answer.get("ETag") == before.get("ETag"), answer
    answer = admin.request("GET", INDEX.replace("alice", "bob"))
    assert answer.status == 503 and answer.get("Retry-After"), answer
    database.start()
    wait_until(lambda: server.rest.call("GET", "/readyz")[0] == 200, 30, "the server says that it is ready", pause=0.2)
    answer = admin.request("GET", INDEX)
    assert answer.get("ETag") == before.get("ETag"), answer
    assert admin.request("GET", INDEX.replace("alice", "bob")).status == 404
    answer = admin.request("PUT", INDEX, WHOLE, f"{ROOT}</resource-lists>")
    assert answer.status == 200, answer
    print("without the database what could not be kept was 503, and afterwards it is kept")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    options = parser.parse_args()
    with Postgres() as database, Server(options.binary, [DOMAIN], database_url=database.url) as server:
        server.start()
        server.import_users([(user, DOMAIN, PASSWORD) for user in ("alice", "bob")])
        etag = race(server)
        kill(server, etag)
        database_away(server, database)


if __name__ == "__main__":
    main()
