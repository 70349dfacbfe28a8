# SPDX-License-Identifier: Apache-2.0
"""Watchers that subscribe once and then only listen: they note the CSeq of every NOTIFY."""

from harness.dialog import Dialog
from harness.waiting import wait_until
from mix import DOMAIN, peer_of


class Watcher:
    """One dialog with one presentity."""

    def __init__(self, server, user, presentity):
        self.presentity = presentity
        self.numbers, self.bodies, self.went_back = [], [], []
        self._peer = peer_of(server, user)
        self._peer.responder = self._take
        request = self._peer.new_request("SUBSCRIBE", f"sip:{presentity}@{DOMAIN}",
                                         [("Event", "presence"), ("Expires", "3600")])
        self._dialog = Dialog.of_sent(request)
        response = self._peer.send_with_credentials(request, self._dialog).final()
        assert response.status == 200, response
        wait_until(lambda: self.bodies, 5, "the first NOTIFY")

    def wait_for(self, text, seconds):
        """Until a NOTIFY has brought that text; the watcher does nothing for it."""
        wait_until(lambda: any(text in body for body in self.bodies), seconds,
                   lambda: f"the watcher of {self.presentity} is told {text!r}; {len(self.bodies)} states came")

    def check(self):
        assert not self.went_back, f"CSeq went back for the watcher of {self.presentity}: {self.went_back}"

    def close(self):
        self._peer.close()

    def _take(self, request):
        if request.method != "NOTIFY" or not self._dialog.owns(request):
            return 481
        if self.numbers and request.cseq <= self.numbers[-1]:
            self.went_back.append((self.numbers[-1], request.cseq))
        self.numbers.append(request.cseq)
        self.bodies.append(request.text)
        return 200
