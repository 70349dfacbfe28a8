# SPDX-License-Identifier: Apache-2.0
"""Free ports of the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"


def bind_both():
    """A TCP and a UDP socket that are bound to one port, as a SIP server has them."""
    for _ in range(50):
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind((LOOPBACK, 0))
        try:
            udp.bind(tcp.getsockname())
            return tcp, udp
        except OSError:
            tcp.close()
            udp.close()
    raise RuntimeError("no port is free for both UDP and TCP")


def free_sip_port():
    """A port that is free for UDP and for TCP."""
    tcp, udp = bind_both()
    with tcp, udp:
        return tcp.getsockname()[1]


def free_tcp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.bind((LOOPBACK, 0))
        return tcp.getsockname()[1]
