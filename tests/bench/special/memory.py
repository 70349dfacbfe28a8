# SPDX-License-Identifier: Apache-2.0
"""Memory by what is kept: (PSS after - PSS before) / how many, everything included."""

import time

import machine
from generator import REALM, users
from results import DURABLE
from special.database import value
from subjects import rollcall
from tables import SUBJECTS, Table

TITLE = "Memory"
NOTE = ("Proportional set size of the server and all its processes, before and after that many more were made, "
        "divided by how many; allocator, indexes, timers, all included. Each measurement has a new server, warmed "
        "up by the same operation, once for each of 2,000 users. It is left alone for 35 s before each look, so that "
        "the transactions, which SIP keeps for 32 s, are gone; nonces live 10 s here instead of 300, so that what is "
        "kept of them is gone too. Of a document its own text is taken off. 1,000,000 "
        "registrations are 100,000 users with 10 contacts each. Kamailio, with its cached profile, is measured in "
        "the same way; a page of its shared memory counts from its first use on, also when it held a transaction.")
SECONDS = 780
WARM_USERS, REST_SECONDS = 2_000, 35
SETTINGS = "[limits]\nnonce_seconds = 10\n"


def measure(bench):
    count = 10_000 if bench.small else 100_000
    ours = rollcall(bench.binary, REALM, SETTINGS)
    rows = []
    # The peer's write-through mode keeps in memory what fast keeps.
    for subject in [ours] + [peer for peer in bench.subjects[1:] if peer.name != DURABLE]:
        for kind in (registrations, subscriptions, documents):
            rows.append({"subject": subject.name, **kind(bench, subject, count)})
    rows.append({"subject": ours.name, **many_registrations(bench, ours, count)})
    return rows


def registrations(bench, subject, count):
    with subject.running(users(count)) as (server, database):
        generator = bench.generator(server, database)
        warm(generator, "register")
        added = growth(bench, server, lambda: generator.run("register-first", users=count, in_flight=50, seconds=600))
        return {"what": "registration", "count": count - WARM_USERS, "bytes": added / (count - WARM_USERS)}


def subscriptions(bench, subject, count):
    with subject.running(users(count)) as (server, database):
        generator = bench.generator(server, database)
        warm(generator, "refresh")
        added = growth(bench, server, lambda: generator.run("subscribe", users=count, in_flight=50, seconds=600,
                                                            rounds="one"))
        return {"what": "subscription", "count": count, "bytes": added / count}


def documents(bench, subject, count):
    """Nobody watches. The text is what our database holds of it; the peer is sent the same."""
    with subject.running(users(count)) as (server, database):
        generator = bench.generator(server, database)
        warm(generator, "publish", watchers=0, presentities=WARM_USERS)
        added = growth(bench, server, lambda: generator.run("publish", users=count, in_flight=50, seconds=600,
                                                            rounds="one", watchers=0, presentities=count))
        if subject.name == bench.ours.name:
            bench.text_bytes = float(value(database, "SELECT avg(octet_length(body)) FROM publications"))
        return {"what": "document", "count": count, "bytes": added / count - bench.text_bytes,
                "text_bytes": bench.text_bytes}


def many_registrations(bench, subject, count):
    with subject.running(users(count)) as (server, database):
        generator = bench.generator(server, database)
        warm(generator, "register")
        loads = []
        added = growth(bench, server, lambda: loads.append(generator.run(
            "register-first", users=count, in_flight=50, seconds=600, contacts=10)))
        made = 10 * count - WARM_USERS
        return {"what": f"of {10 * count:,} registrations", "count": made, "bytes": added / made,
                "rate": loads[0]["rate"], "pss_mib": machine.pss_kib(server.process.pid) / 1024}


def warm(generator, case, **options):
    generator.run(case, users=WARM_USERS, in_flight=50, operations=WARM_USERS, seconds=60, **options)


def growth(bench, server, action):
    """By how many bytes the action makes the server grow, at rest."""
    before = at_rest(bench, server)
    action()
    return 1024 * (at_rest(bench, server) - before)


def at_rest(bench, server):
    time.sleep(1 if bench.small else REST_SECONDS)
    return machine.pss_kib(server.process.pid)


def table(rows):
    head = ("what", "who", "made", "bytes each", "made a second", "PSS MiB after")
    return Table(TITLE, head, [(row["what"], SUBJECTS[row["subject"]], f"{row['count']:,}", f"{row['bytes']:,.0f}",
                                f"{row['rate']:,.0f}" if "rate" in row else "",
                                f"{row['pss_mib']:,.0f}" if "pss_mib" in row else "") for row in rows], left=2)
