# SPDX-License-Identifier: Apache-2.0
"""A client transaction (RFC 3261 §17.1): sends again until answered, and hands answers over."""

import threading
import time

from harness.message import Message
from harness.waiting import Deadline

T1 = 0.5
T2 = 4.0
TIMER_F = 64 * T1


class TimedOut(AssertionError):
    """No answer came in time."""


class ClientTransaction:
    """One request on its way. Retransmits while somebody waits for the answer.

    `on_challenge(transaction, response)` is asked about a 401 or 407; when it gives a request, that
    one takes the place of the first.
    """

    def __init__(self, request, endpoint, data=None, on_challenge=None):
        self.request = request
        self._on_challenge = on_challenge
        self.responses = []
        self._endpoint = endpoint
        self._data = data or request.to_bytes()
        self._news = threading.Condition()
        self._taken = 0
        self._pause = T1
        self._send_again = 0.0

    def start(self):
        """Sends the request for the first time."""
        self._send_again = time.monotonic() + T1
        self._endpoint.send(self._data)
        return self

    def deliver(self, response):
        """From the receiving thread. A final answer to INVITE is acknowledged here (§17.1.1.3)."""
        if self.request.method == "INVITE" and response.status >= 300:
            self._endpoint.send(ack_for(self.request, response).to_bytes())
        if response.status in (401, 407) and self._answers_challenge(response):
            return
        with self._news:
            finals = [known for known in self.responses if known.status >= 200]
            if not finals or (response.status < 300 and response.get("To") != finals[0].get("To")):
                self.responses.append(response)
            self._news.notify_all()

    def next_response(self, seconds=5.0):
        """The next answer that was not taken yet; 100 is passed over."""
        deadline = Deadline(seconds)
        with self._news:
            while True:
                while self._taken < len(self.responses):
                    response = self.responses[self._taken]
                    self._taken += 1
                    if response.status != 100:
                        return response
                if deadline.over:
                    raise TimedOut(f"no answer to {self.request.start_line} in {seconds:g} s")
                self._news.wait(min(deadline.left, self._retransmit()))

    def final(self, seconds=TIMER_F):
        """The final answer."""
        deadline = Deadline(seconds)
        while True:
            response = self.next_response(deadline.left)
            if response.status >= 200:
                return response

    def _answers_challenge(self, response):
        again = self._on_challenge(self, response) if self._on_challenge else None
        if again:
            self.request, self._data, self._pause = again, again.to_bytes(), T1
            self.start()
        return again is not None

    def _retransmit(self):
        """Sends again when it is time (timers A and E); seconds until the next time."""
        if self._endpoint.reliable or (self.responses and self.request.method == "INVITE"):
            return T2
        now = time.monotonic()
        if now >= self._send_again:
            self._endpoint.send(self._data)
            self._pause = min(2 * self._pause, T2)
            self._send_again = now + self._pause
        return max(0.001, self._send_again - now)


def ack_for(invite, response):
    """The ACK of an answer that is no 2xx: same branch, and the To of the answer."""
    ack = Message(f"ACK {invite.uri} SIP/2.0", [("Via", invite.get("Via"))])
    for name in ("Route", "From", "Call-ID", "Max-Forwards"):
        for value in invite.all(name):
            ack.add(name, value)
    ack.add("To", response.get("To"))
    ack.add("CSeq", f"{invite.cseq} ACK")
    return ack


def cancel_for(invite):
    """The CANCEL of an INVITE that is on its way (RFC 3261 §9.1)."""
    cancel = Message(f"CANCEL {invite.uri} SIP/2.0", [("Via", invite.get("Via"))])
    for name in ("Route", "From", "To", "Call-ID", "Max-Forwards"):
        for value in invite.all(name):
            cancel.add(name, value)
    cancel.add("CSeq", f"{invite.cseq} CANCEL")
    return cancel
