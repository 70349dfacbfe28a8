# SPDX-License-Identifier: Apache-2.0
"""One side of a dialog (RFC 3261 §12), as a subscriber or a caller keeps it."""

from harness.message import address, parameter, split_list


class Dialog:
    """Made by the peer that sent or got the dialog's first request; learns as answers come."""

    def __init__(self, call_id, local, remote, target):
        self.call_id = call_id
        self.local = local      # our From value, with tag
        self.remote = remote    # our To value, with tag once known
        self.target = target    # where the next request goes
        self.routes = []
        self.local_cseq = 0
        self.remote_cseq = None

    @classmethod
    def of_sent(cls, request):
        """As the sender of a request that makes a dialog."""
        dialog = cls(request.get("Call-ID"), request.get("From"), request.get("To"), request.uri)
        dialog.local_cseq = request.cseq
        return dialog

    @classmethod
    def of_received(cls, request, local_tag):
        """As the receiver of a request that makes a dialog."""
        local = f"{request.get('To')};tag={local_tag}"
        dialog = cls(request.get("Call-ID"), local, request.get("From"), address(request.get("Contact")))
        dialog.routes = split_list(request.all("Record-Route"))
        dialog.remote_cseq = request.cseq
        return dialog

    @property
    def confirmed(self):
        return parameter(self.remote, "tag") is not None

    def learn_from_response(self, response):
        """Takes the remote tag, route set and target out of an answer (RFC 3261 §12.1.2)."""
        if not self.confirmed and parameter(response.get("To"), "tag"):
            self.remote = response.get("To")
            self.routes = list(reversed(split_list(response.all("Record-Route"))))
        if response.get("Contact"):
            self.target = address(response.get("Contact"))

    def learn_from_request(self, request):
        """Takes what a NOTIFY tells; it may come before the answer (RFC 6665 §4.4.1)."""
        if not self.confirmed:
            self.remote = request.get("From")
            self.routes = split_list(request.all("Record-Route"))
        if request.get("Contact"):
            self.target = address(request.get("Contact"))
        self.remote_cseq = request.cseq

    def owns(self, request):
        """Is this received request part of the dialog?"""
        if request.get("Call-ID") != self.call_id:
            return False
        if parameter(request.get("To"), "tag") != parameter(self.local, "tag"):
            return False
        remote = parameter(self.remote, "tag")
        return remote is None or remote == parameter(request.get("From"), "tag")
