# SPDX-License-Identifier: Apache-2.0
"""Sockets of a peer: UDP, and TCP with frames by Content-Length (RFC 3261 §18.3)."""

import re
import socket
import threading

from harness.ports import bind_both


class UdpEndpoint:
    """A datagram socket of its own. Calls on_data(bytes) from a thread of its own.

    Nobody answers on its port by TCP, where the server sends what is too large for a datagram first: without
    holding it, somebody else's connection could have it and swallow the request.
    """

    transport = "udp"
    reliable = False

    def __init__(self, server, on_data):
        self.server = server
        self._held, self.socket = bind_both()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.address = self.socket.getsockname()
        self._on_data = on_data
        threading.Thread(target=self._receive, daemon=True).start()

    def send(self, data):
        self.socket.sendto(data, self.server)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # a datagram socket says "not connected" and wakes its reader all the same
        self.socket.close()
        self._held.close()

    def _receive(self):
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                return
            if data.strip():
                self._on_data(data)


class TcpEndpoint:
    """One connection to the server. Calls on_data(bytes) with each whole message."""

    transport = "tcp"
    reliable = True

    def __init__(self, server, on_data):
        self.server = server
        self.socket = socket.create_connection(server, timeout=5)
        self.socket.settimeout(None)
        self.address = self.socket.getsockname()
        self.closed_by_server = threading.Event()
        self._on_data = on_data
        threading.Thread(target=self._receive, daemon=True).start()

    def send(self, data):
        self.socket.sendall(data)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the server was faster
        self.socket.close()

    def _receive(self):
        buffer = b""
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                data = b""
            if not data:
                return self.closed_by_server.set()
            buffer += data
            while True:
                frame, buffer = cut_frame(buffer)
                if frame is None:
                    break
                self._on_data(frame)


def cut_frame(buffer):
    """(first whole message or None, what is left of the buffer)."""
    buffer = buffer.lstrip(b"\r\n")
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None, buffer
    length = re.search(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*(\d+)", buffer[:end], re.I)
    whole = end + 4 + (int(length.group(1)) if length else 0)
    return (buffer[:whole], buffer[whole:]) if len(buffer) >= whole else (None, buffer)


ENDPOINTS = {"udp": UdpEndpoint, "tcp": TcpEndpoint}
