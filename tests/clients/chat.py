# SPDX-License-Identifier: Apache-2.0
"""What two people do with their clients: see each other come, talk, go, and leave a message."""

from baresip import Baresip
from harness.waiting import wait_until
from linphone import Linphone

THERE = "Grüße, 你好"
BACK = "здравствуй 🙂"
LATER = "für später – 再见"


def linphone_with_baresip(place):
    _come_talk_and_go(place, Linphone, "alice", Baresip, "bob")


def linphone_with_linphone(place):
    _come_talk_and_go(place, Linphone, "carol", Linphone, "dave")


def baresip_with_baresip(place):
    _come_talk_and_go(place, Baresip, "erin", _baresip_over_tcp, "frank")


def _baresip_over_tcp(*arguments):
    return Baresip(*arguments, transport="tcp")


def _come_talk_and_go(place, first_client, first, second_client, second):
    def open_client(client, user, friend):
        return client(place.folder / user, place.server, user, friend, place.domain, place.password)

    with open_client(first_client, first, second) as one:
        _wait_registered(place, first)
        one.wait_friend("Offline")
        with open_client(second_client, second, first) as two:
            _wait_registered(place, second)
            one.wait_friend("Online")
            two.wait_friend("Online")
            one.send(THERE)
            two.wait_message(THERE)
            two.send(BACK)
            one.wait_message(BACK)
        one.wait_friend("Offline")
        _wait_registered(place, second, False)
        one.send(LATER)
        _wait_for_stored_message(place, second)
        with open_client(second_client, second, first) as two:
            two.wait_message(LATER)
            one.wait_friend("Online")


def _wait_registered(place, user, wanted=True):
    path = place.server.rest.of_user(place.aor(user), "registrations")
    wait_until(lambda: bool(place.server.rest.items(path)) == wanted, 20,
               f"{user} is {'registered' if wanted else 'no longer registered'}")


def _wait_for_stored_message(place, user):
    path = place.server.rest.of_user(place.aor(user), "messages")
    wait_until(lambda: place.server.rest.items(path), 20, f"a message waits for {user}")
