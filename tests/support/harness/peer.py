# SPDX-License-Identifier: Apache-2.0
"""A SIP user agent under the control of a test."""

import collections
import secrets
import threading

from harness.digest import challenges
from harness.endpoint import ENDPOINTS
from harness.message import Message, parameter
from harness.transaction import ClientTransaction, TimedOut
from harness.waiting import Deadline

SERVER_TRANSACTIONS_KEPT = 2000
PHRASES = {100: "Trying", 180: "Ringing", 200: "OK", 202: "Accepted", 404: "Not Found",
           481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated"}
REQUESTS_WITH_CONTACT = ("REGISTER", "SUBSCRIBE", "INVITE", "NOTIFY")


class SipPeer:
    """A user's device: sends requests, answers challenges, and keeps what it receives in an inbox.

    What arrives twice (RFC 3261 §17.2) is answered again with the same answer and not shown again.
    Calls block; each peer has one receiving thread.
    """

    def __init__(self, server, user, domain, password="", transport="udp", instance=None, algorithm="SHA-256"):
        self.user, self.domain, self.password = user, domain, password
        self.algorithm = algorithm
        self.tag = secrets.token_hex(4)
        self.register_call_id = secrets.token_hex(8)
        self.inbox = []
        self.last_challenge = None
        self.responder = None  # when set: takes each request in place of the inbox and gives its status
        self._news = threading.Condition()
        self._cseq = 0
        self._transactions = {}
        self._answers = collections.OrderedDict()
        self.endpoint = ENDPOINTS[transport](server, self._on_data)
        host, port = self.endpoint.address
        suffix = "" if transport == "udp" else f";transport={transport}"
        self.contact_uri = f"sip:{user}@{host}:{port}{suffix}"
        self.contact = f"<{self.contact_uri}>" + (f';+sip.instance="<{instance}>"' if instance else "")

    @property
    def aor(self):
        return f"sip:{self.user}@{self.domain}"

    def close(self):
        self.endpoint.close()

    # Sending

    def new_request(self, method, uri, headers=(), body=b"", dialog=None):
        """A complete request; `headers` replace the default ones of their name."""
        request = Message(f"{method} {dialog.target if dialog else uri} SIP/2.0")
        request.add("Via", self._new_via())
        request.add("Max-Forwards", "70")
        for route in (dialog.routes if dialog else ()):
            request.add("Route", route)
        if dialog:
            dialog.local_cseq += method != "ACK"
            origin = (dialog.local, dialog.remote, dialog.call_id, dialog.local_cseq)
        else:
            self._cseq += 1
            call_id = self.register_call_id if method == "REGISTER" else secrets.token_hex(10)
            to = self.aor if method == "REGISTER" else uri
            origin = (f"<{self.aor}>;tag={self.tag}", f"<{to}>", call_id, self._cseq)
        for name, value in zip(("From", "To", "Call-ID", "CSeq"), origin):
            request.add(name, f"{value} {method}" if name == "CSeq" else value)
        if method in REQUESTS_WITH_CONTACT:
            request.add("Contact", self.contact)
        request.body = body.encode() if isinstance(body, str) else body
        for name, value in headers:
            request.set(name, value)
        return request

    def send(self, request, data=None):
        """Sends as it is, or `data` in its place; the transaction gives the answers. An ACK has none."""
        if request.method == "ACK":
            return self.endpoint.send(data or request.to_bytes())
        return self._start(ClientTransaction(request, self.endpoint, data))

    def send_with_credentials(self, request, dialog=None):
        """As send(), and answers a challenge, a second one only when it says stale (RFC 7616 §3.3)."""
        def answer(transaction, response):
            challenge = self.choose(response)
            if transaction.request.get(challenge.header) and not challenge.stale:
                return None
            self.last_challenge = challenge
            again = self.with_credentials(transaction.request, challenge, dialog)
            # What still comes for the first try (its answer once more) is for nobody.
            self._transactions.pop((transaction.request.branch, transaction.request.method), None)
            self._transactions[(again.branch, again.method)] = transaction
            return again
        return self._start(ClientTransaction(request, self.endpoint, on_challenge=answer))

    def send_with_same_nonce(self, request):
        """Answers the challenge of before without being asked, with nc counted up (RFC 7616 §3.4)."""
        return self.send(self.with_credentials(request, self.last_challenge))

    def _start(self, transaction):
        request = transaction.request
        self._transactions[(request.branch, request.method)] = transaction
        return transaction.start()

    def with_credentials(self, request, challenge, dialog=None):
        """The same request once more: next CSeq, new branch, and credentials."""
        again = Message(request.start_line, request.headers, request.body)
        again.set("Via", self._new_via())
        if dialog:
            dialog.local_cseq = cseq = request.cseq + 1
        else:
            cseq = request.cseq + 1
            self._cseq = max(self._cseq, cseq)
        again.set("CSeq", f"{cseq} {request.method}")
        again.set(challenge.header, challenge.answer(self.user, self.password, request.method, request.uri))
        return again

    def choose(self, response):
        """The challenge of this peer's algorithm, else the first one that we understand."""
        offered = challenges(response)
        if not offered:
            raise AssertionError(f"no challenge that we understand in:\n{response}")
        mine = [one for one in offered if one.algorithm.lower() == self.algorithm.lower()]
        return (mine or offered)[0]

    def request(self, method, uri=None, headers=(), body=b"", dialog=None, seconds=10.0):
        """Sends, answers a challenge, and gives the final answer."""
        request = self.new_request(method, uri, headers, body, dialog)
        return self.send_with_credentials(request, dialog).final(seconds)

    def register(self, expires=3600, headers=()):
        """REGISTER of this peer's contact."""
        all_headers = [("Expires", str(expires)), *headers]
        return self.request("REGISTER", f"sip:{self.domain}", all_headers)

    # Receiving

    def receive(self, matches=lambda request: True, seconds=5.0, what="a request"):
        """Takes the first request out of the inbox that matches; waits for it."""
        deadline = Deadline(seconds)
        with self._news:
            while True:
                for request in self.inbox:
                    if matches(request):
                        self.inbox.remove(request)
                        return request
                if deadline.over:
                    seen = ", ".join(request.start_line for request in self.inbox) or "nothing"
                    raise TimedOut(f"{self.user} waited {seconds:g} s for {what}; in the inbox: {seen}")
                self._news.wait(deadline.left)

    def reply(self, request, status, headers=(), body=b"", tag=None):
        """Answers a received request."""
        response = Message(f"SIP/2.0 {status} {PHRASES.get(status, 'Whatever')}")
        for name in ("Via", "Record-Route", "From", "To", "Call-ID", "CSeq"):
            for value in request.all(name):
                response.add(name, value)
        if status > 100 and not parameter(request.get("To", ""), "tag"):
            response.set("To", f"{request.get('To')};tag={tag or self.tag}")
        if request.method in ("INVITE", "SUBSCRIBE") and status < 300:
            response.add("Contact", self.contact)
        for name, value in headers:
            response.set(name, value)
        response.body = body.encode() if isinstance(body, str) else body
        data = response.to_bytes()
        self._answers[(request.branch, request.method)] = data
        self.endpoint.send(data)

    def _new_via(self):
        host, port = self.endpoint.address
        return f"SIP/2.0/{self.endpoint.transport.upper()} {host}:{port};branch=z9hG4bK{secrets.token_hex(8)};rport"

    def _on_data(self, data):
        try:
            message = Message.parse(data)
        except ValueError as error:
            message = Message(f"UNREADABLE {error} SIP/2.0", body=data)
        if message.is_request:
            self._on_request(message)
        else:
            transaction = self._transactions.get((message.branch, message.method))
            if transaction:
                transaction.deliver(message)

    def _on_request(self, request):
        key = (request.branch, request.method)
        if key in self._answers:
            if self._answers[key]:
                self.endpoint.send(self._answers[key])
            return
        if request.method == "ACK" and (request.branch, "INVITE") in self._answers:
            return  # of an answer that was no 2xx: it belongs to the INVITE's transaction
        self._answers[key] = None
        while len(self._answers) > SERVER_TRANSACTIONS_KEPT:
            self._answers.popitem(last=False)
        if self.responder:
            return self._respond(request)
        with self._news:
            self.inbox.append(request)
            self._news.notify_all()

    def _respond(self, request):
        status = self.responder(request)
        if status and request.method != "ACK":
            self.reply(request, status)
