# SPDX-License-Identifier: Apache-2.0
"""A mix of requests that all must be kept once they are answered: REGISTER, PUBLISH, SUBSCRIBE and
MESSAGE to users who are not there."""

import itertools
import threading

from harness.peer import SipPeer
from harness.transaction import TimedOut
from promises import Promises, collect_with

DOMAIN = "faults.test"
PASSWORD = "secret of the faults"
SENDERS = 32
RECEIVERS = 10
BINDINGS_EACH = 12       # below the limit of bindings of a user
PUBLICATIONS_EACH = 15   # below the limit of publications of a user
THREADS = 8
PATIENCE = 40.0

PUBLISH_HEADERS = [("Event", "presence"), ("Expires", "3600"), ("Content-Type", "application/pidf+xml")]
DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:{user}@{domain}">
<tuple id="{id}"><status><basic>open</basic></status><note>{note}</note></tuple></presence>
"""


def users():
    """All users that the server must know, as rows for an import."""
    names = [f"u{i}" for i in range(SENDERS)] + [f"o{i}" for i in range(RECEIVERS)] + ["honest", "listener"]
    return [(name, DOMAIN, PASSWORD) for name in names]


def document_of(user, tuple_id, note):
    return DOCUMENT.format(user=user, domain=DOMAIN, id=tuple_id, note=note)


def peer_of(server, user, transport="udp"):
    return SipPeer(server.address, user, DOMAIN, PASSWORD, transport, algorithm="MD5")


class Mix:
    """Requests from several threads, each of which has its own users. What is promised is noted."""

    def __init__(self, server):
        self.server = server
        self.promises = Promises(DOMAIN)
        self.finished = 0
        self.answers = []  # (status, Retry-After) of everything that is no 2xx
        self._lock = threading.Lock()
        self._peers = [peer_of(server, f"u{i}") for i in range(SENDERS)]
        for peer in self._peers:
            peer.responder = lambda request: 200  # of its subscriptions' NOTIFYs
        self._end = threading.Event()
        self._threads = []

    def start(self, requests):
        """`requests` in all, dealt out to the threads."""
        for number in range(THREADS):
            job = itertools.islice(self._jobs(number), requests // THREADS)
            self._threads.append(threading.Thread(target=self._work, args=(job,)))
            self._threads[-1].start()

    def join(self):
        for thread in self._threads:
            thread.join()

    def stop(self):
        """No new requests; waits for those that are on their way."""
        self._end.set()
        self.join()

    def check(self):
        collect = collect_with(lambda user: peer_of(self.server, user))
        self.promises.check(self.server, collect)

    def close(self):
        for peer in self._peers:
            peer.close()

    def _jobs(self, thread):
        """Endless (function, sender, number); each sender belongs to one thread."""
        mine = range(thread, SENDERS, THREADS)
        for number in itertools.count():
            for place, sender in enumerate(mine):
                kinds = (self._register, self._publish, self._subscribe, self._message)
                yield kinds[(number + place) % len(kinds)], sender, number // len(kinds) + 1

    def _work(self, jobs):
        for job, sender, number in jobs:
            if self._end.is_set():
                return
            try:
                job(sender, number)
            except TimedOut:
                pass  # not answered, so nothing was promised
            with self._lock:
                self.finished += 1

    def _register(self, sender, number):
        contact = f"sip:u{sender}@127.0.0.1:{7000 + number % BINDINGS_EACH}"
        headers = [("Contact", f"<{contact}>"), ("Expires", "3600")]
        response = self._request(sender, "REGISTER", f"sip:{DOMAIN}", headers)
        if response.status == 200:
            self.promises.add(self.promises.contacts, f"u{sender}", contact)

    def _publish(self, sender, number):
        if number > PUBLICATIONS_EACH:
            return self._register(sender, number)
        peer = self._peers[sender]
        body = document_of(peer.user, f"t{number}", f"state {number}")
        response = self._request(sender, "PUBLISH", peer.aor, PUBLISH_HEADERS, body)
        if response.status == 200:
            self.promises.add(self.promises.entity_tags, peer.user, response.get("SIP-ETag"))

    def _subscribe(self, sender, number):
        presentity = f"u{(sender + number) % SENDERS}"
        response = self._request(sender, "SUBSCRIBE", f"sip:{presentity}@{DOMAIN}",
                                 [("Event", "presence"), ("Expires", "3600")])
        if response.status == 200:
            self.promises.add(self.promises.watches, presentity, f"u{sender}")

    def _message(self, sender, number):
        receiver, text = f"o{sender % RECEIVERS}", f"message {number} of u{sender}"
        headers = [("Content-Type", "text/plain")]
        response = self._request(sender, "MESSAGE", f"sip:{receiver}@{DOMAIN}", headers, text)
        if response.status in (200, 202):
            self.promises.add(self.promises.texts, receiver, text)

    def _request(self, sender, method, uri, headers, body=""):
        response = self._peers[sender].request(method, uri, headers, body, seconds=PATIENCE)
        self.promises.note(response.status)
        if response.status >= 300:
            with self._lock:
                self.answers.append((response.status, response.get("Retry-After")))
        return response
