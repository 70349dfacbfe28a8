# SPDX-License-Identifier: Apache-2.0
"""Free ports of the loopback interface."""

import socket

from harness.endpoint import LOOPBACK


def free_sip_port():
    """A port that is free for UDP and for TCP, as a SIP server listens on both."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind((LOOPBACK, 0))
            port = tcp.getsockname()[1]
            try:
                udp.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free for both UDP and TCP")


def free_tcp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.bind((LOOPBACK, 0))
        return tcp.getsockname()[1]
