# SPDX-License-Identifier: Apache-2.0
"""How long a server with much to load takes until it is ready."""

import re
import time

import machine
from generator import REALM, users
from special import database as sql
from tables import Table

TITLE = "Restart with 1,000,000 registrations and 1,000,000 subscriptions"
NOTE = ("100,000 users with 10 registrations and 10 watchers each. The rows were not made by requests: the server "
        "was sent a few REGISTERs and SUBSCRIBEs, and SQL made a million of one of each of the rows that it wrote, "
        "with other users, ids and dialogs. Measured is the time from the start of the process until GET /readyz "
        "is answered with ready, and the server's own counts say what it has loaded.")
SECONDS = 90
EACH = 10


def measure(bench):
    count = 1_000 if bench.small else 100_000
    with bench.ours.running(users(count)) as (server, database):
        generator = bench.generator(server, database)
        for case in ("register", "refresh"):
            generator.run(case, users=20, in_flight=1, seconds=1)
        server.stop()
        fill(database, count)
        began = time.monotonic()
        server.start()
        ready = server.rest.call("GET", "/readyz")[0] == 200
        seconds = time.monotonic() - began
        loaded = {name: counted(server, name) for name in ("bindings", "subscriptions")}
        if not ready or set(loaded.values()) != {EACH * count}:
            raise RuntimeError(f"ready: {ready}, loaded: {loaded}")
        return [{"seconds": seconds, **loaded, "users": count, "pss_mib": machine.pss_kib(server.process.pid) / 1024}]


def fill(database, count):
    """Many rows for the one that a request made; u is a user, k one of the contacts or watchers."""
    series = f"generate_series(0, {count - 1}) u, generate_series(1, {EACH}) k"
    number = f"(u * {EACH} + k)"
    watcher = f"((u + k) % {count})"
    name, contact = f"'u' || u || '@{REALM}'", "'sip:u' || u || '@127.0.0.1:' || (20000 + k)"
    sql.multiply(database, "bindings", {"aor": name, "id": number, "contact": contact,
                                        "call_id": f"'r' || {number} || '@filled'"}, series)
    sql.multiply(database, "devices", {"aor": name, "device": contact}, series)
    sql.multiply(database, "subscriptions", {
        "presentity": name, "id": number, "watcher": f"'u' || {watcher} || '@{REALM}'",
        "call_id": f"'w' || {number} || '@filled'", "local_tag": f"'0-' || left(md5({number}::text), 16)",
        "remote_tag": f"{number}::text", "local_uri": f"'sip:' || {name}",
        "remote_uri": f"'sip:u' || {watcher} || '@{REALM}'",
        "remote_target": f"'sip:u' || {watcher} || '@127.0.0.1:' || (20000 + k)"}, series)
    sql.run(database, "VACUUM ANALYZE; CHECKPOINT;")


def counted(server, name):
    text = server.rest.call("GET", "/metrics")[1]
    return int(re.search(rf"^rollcall_{name} (\d+)$", text, re.MULTILINE).group(1))


def table(rows):
    return Table(TITLE, ("registrations", "subscriptions", "seconds until ready", "PSS MiB"),
                 [(f"{row['bindings']:,}", f"{row['subscriptions']:,}", f"{row['seconds']:.2f}",
                   f"{row['pss_mib']:,.0f}") for row in rows], left=0)
