# SPDX-License-Identifier: Apache-2.0
"""A peer on the stage, with what it has under way."""

import secrets

from harness.digest import read_parameters

MAKE_DIALOGS = ("SUBSCRIBE", "INVITE")


class Failed(AssertionError):
    """A step did not go as written."""


class Actor:
    """Keeps what its peer has sent and received, so that a step can speak of "the INVITE"."""

    def __init__(self, name, peer):
        self.name, self.peer = name, peer
        self.tag = secrets.token_hex(4)
        self._sent = []      # transactions with their dialog, the newest last
        self._received = []  # requests that may be answered

    def keep(self, transaction, dialog=None):
        """Remembers what was sent; an ACK has no transaction."""
        if transaction:
            self._sent.append((transaction, dialog))

    def sent(self, method=None):
        """The newest transaction, or the newest of a method, with its dialog."""
        for transaction, dialog in reversed(self._sent):
            if method in (None, transaction.request.method):
                return transaction, dialog
        raise Failed(f"{self.name} has sent no {method or 'request'}")

    def received(self, method=None):
        """The newest request that came, or the newest of a method."""
        for request in reversed(self._received):
            if method in (None, request.method):
                return request
        raise Failed(f"{self.name} has received no {method or 'request'}")

    def next_response(self, method, seconds):
        transaction, dialog = self.sent(method)
        response = transaction.next_response(seconds)
        if dialog and 101 <= response.status < 300 and transaction.request.method in MAKE_DIALOGS:
            dialog.learn_from_response(response)
        return response

    def take(self, request, dialog):
        """Remembers what was received. In a dialog CSeq must grow (RFC 3261 §12.2.2)."""
        self._received.append(request)
        if not dialog:
            return
        last = dialog.remote_cseq
        if last is not None and request.method != "ACK" and request.cseq <= last:
            raise Failed(f"CSeq went from {last} to {request.cseq}")
        dialog.learn_from_request(request)

    def last_credentials(self):
        """Names with the credentials that were sent last, for scenarios that misuse them."""
        request = self.sent()[0].request
        credentials = request.get("Authorization") or request.get("Proxy-Authorization")
        if not credentials:
            return {}
        nonce = read_parameters(credentials).get("nonce", "")
        return {f"{self.name}.credentials": credentials, f"{self.name}.nonce": nonce}

    def unread(self):
        """What came and no step has asked for. A NOTIFY more or less does not count."""
        return [request.start_line for request in self.peer.inbox if request.method != "NOTIFY"]
