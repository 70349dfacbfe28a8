# SPDX-License-Identifier: Apache-2.0
"""What the server has answered with a 2xx, and whether it is still there."""

import threading

from harness.waiting import wait_until


class Promises:
    """Each 2xx is written down here; `check` finds those that were not kept. Any thread."""

    def __init__(self, domain):
        self.domain = domain
        self._lock = threading.Lock()
        self.contacts, self.entity_tags, self.watches, self.texts = {}, {}, {}, {}
        self.statuses = {}

    def note(self, status):
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def add(self, kind, user, what):
        with self._lock:
            kind.setdefault(user, set()).add(what)

    @property
    def count(self):
        kinds = (self.contacts, self.entity_tags, self.watches, self.texts)
        return sum(len(things) for kind in kinds for things in kind.values())

    def check(self, server, collect_texts):
        """AssertionError with everything that was promised and is gone."""
        lost = []
        for user, wanted in self.contacts.items():
            rows = server.rest.items(self._path(server, user, "registrations"))
            lost += self._missing("binding", user, wanted, {row["contact"] for row in rows})
        for user in self.entity_tags.keys() | self.watches.keys():
            presence = server.rest.get(self._path(server, user, "presence"))
            tags = {row["entity_tag"] for row in presence["publications"]}
            lost += self._missing("publication", user, self.entity_tags.get(user, set()), tags)
            watchers = {row["aor"].removeprefix("sip:").split("@")[0] for row in presence["watchers"]}
            lost += self._missing("watcher", user, self.watches.get(user, set()), watchers)
        for user, wanted in self.texts.items():
            lost += self._missing("message", user, wanted, collect_texts(user, wanted))
        assert not lost, f"{len(lost)} promises were broken:\n" + "\n".join(lost[:20])

    def _path(self, server, user, part):
        return server.rest.of_user(f"{user}@{self.domain}", part)

    @staticmethod
    def _missing(kind, user, wanted, there):
        return [f"{kind} of {user} is gone: {what}" for what in sorted(wanted - there)]


def collect_with(peer_of):
    """A function that registers a receiver and gives the texts that are delivered to it."""
    def collect(user, wanted):
        peer, texts = peer_of(user), set()

        def take(request):
            if request.method == "MESSAGE":
                texts.add(request.text)
            return 200

        peer.responder = take
        response = peer.register()
        assert response.status == 200, response
        try:
            wait_until(lambda: wanted <= texts, 30, "")
        except AssertionError:
            pass  # the caller says which are missing
        peer.register(expires=0)
        return texts
    return collect
