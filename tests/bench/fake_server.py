# SPDX-License-Identifier: Apache-2.0
"""A SIP server that knows just enough for the load generator, believes everybody, and can be made to err."""

import collections
import socket
import threading

from harness.endpoint import cut_frame
from harness.message import Message, address
from harness.ports import LOOPBACK, bind_both

COPIED = ("Via", "From", "To", "Call-ID", "CSeq")
STREAM_PIECE = 700  # messages in streams leave in pieces of that size, so that they end anywhere


class FakeServer:
    """Answers on UDP and TCP on one port from a thread each. A test overrides what is to go wrong."""

    def __init__(self):
        self._listener, self._datagrams = bind_both()
        self._listener.listen()
        self._datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.port = self._datagrams.getsockname()[1]
        self._lock = threading.Lock()
        self.requests = collections.Counter()   # by method
        self.contacts = collections.defaultdict(dict)  # of an address of record: URI to the way there
        self.watchers = collections.defaultdict(list)  # of a presentity
        self.documents = {}
        self.notify_answers = collections.Counter()  # by Call-ID
        self._relayed = {}
        for work in (self._receive_datagrams, self._accept):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self._datagrams.close()
        self._listener.close()

    def answer(self, request, send, status="200 OK", *headers):
        copied = [(name, value) for name, value in request.headers if name in COPIED]
        send(Message(f"SIP/2.0 {status}", copied + list(headers)).to_bytes())

    def on_options(self, request, send):
        self.answer(request, send)

    def on_register(self, request, send):
        contacts = self.contacts[address(request.get("To"))]
        contacts[address(request.get("Contact"))] = send
        self.answer(request, send, "200 OK", *(("Contact", f"<{uri}>;expires=3600") for uri in contacts))

    def on_message(self, request, send):
        branch = f"z9hG4bKfake{len(self._relayed)}"
        self._relayed[branch] = request, send
        uri, way = next(iter(self.contacts[request.uri].items()))
        relayed = Message(f"MESSAGE {uri} SIP/2.0", [("Via", f"SIP/2.0/UDP {LOOPBACK}:{self.port};branch={branch}"),
                                                     *request.headers], request.body)
        way(relayed.to_bytes())

    def on_publish(self, request, send):
        self.answer(request, send, "200 OK", ("SIP-ETag", f"e{self.requests['PUBLISH']}"))
        self.documents[request.uri] = request.body
        for watcher in self.watchers[request.uri]:
            self.notify(watcher, request.body)

    def on_subscribe(self, request, send):
        presentity = address(request.get("To"))
        tag = "" if ";tag=" in request.get("To") else ";tag=fake"
        request.set("To", request.get("To") + tag)
        self.answer(request, send, "200 OK", ("Contact", f"<{presentity}>"), ("Expires", "3600"))
        watchers = self.watchers[presentity]
        known = [watcher for watcher in watchers if watcher["call_id"] == request.get("Call-ID")]
        if not known:
            known = [{"call_id": request.get("Call-ID"), "cseq": 0, "send": send,
                      "uri": address(request.get("Contact"))}]
            watchers += known
        self.notify(known[0], self.documents.get(presentity, b"nothing yet"))

    def notify(self, watcher, body):
        watcher["cseq"] += 1
        headers = [("Via", f"SIP/2.0/UDP {LOOPBACK}:{self.port};branch=z9hG4bK{watcher['call_id']}-{watcher['cseq']}"),
                   ("From", "<sip:fake>;tag=fake"), ("To", "<sip:watcher>;tag=1"), ("Call-ID", watcher["call_id"]),
                   ("CSeq", f"{watcher['cseq']} NOTIFY"), ("Event", "presence"), ("Subscription-State", "active")]
        watcher["send"](Message(f"NOTIFY {watcher['uri']} SIP/2.0", headers, body).to_bytes())

    def _on_response(self, response):
        if response.method == "NOTIFY":
            self.notify_answers[response.get("Call-ID")] += 1
            return
        request, send = self._relayed[response.branch]
        self.answer(request, send, response.start_line.removeprefix("SIP/2.0 "))

    def _on_data(self, data, send):
        message = Message.parse(data)
        with self._lock:
            if not message.is_request:
                return self._on_response(message)
            self.requests[message.method] += 1
            getattr(self, "on_" + message.method.lower())(message, send)

    def _receive_datagrams(self):
        while True:
            try:
                data, source = self._datagrams.recvfrom(65536)
            except OSError:
                return
            self._on_data(data, lambda data, source=source: self._datagrams.sendto(data, source))

    def _accept(self):
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._receive_stream, args=(stream,), daemon=True).start()

    def _receive_stream(self, stream):
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer = b""
        with stream:
            while data := _received(stream):
                buffer += data
                frame, buffer = cut_frame(buffer)
                while frame is not None:
                    self._on_data(frame, lambda data: _send_in_pieces(stream, data))
                    frame, buffer = cut_frame(buffer)


def _received(stream):
    try:
        return stream.recv(65536)
    except ConnectionError:
        return b""  # the generator is done


def _send_in_pieces(stream, data):
    try:
        for start in range(0, len(data), STREAM_PIECE):
            stream.sendall(data[start:start + STREAM_PIECE])
    except OSError:
        pass  # the generator has what it wanted
