# SPDX-License-Identifier: Apache-2.0
"""Attacks on connections: cut frames, wrong lengths, slow and silent peers, endless bodies."""

import resource
import socket
import time

from harness.endpoint import cut_frame
from mix import DOMAIN

ANSWER_SECONDS = 5
IDLE_CONNECTIONS = 10_000
DESCRIPTORS_KEPT = 500
SLOW_PEERS = 50
SLOW_SECONDS = 4
HUGE_BYTES = 10 << 20


def options_request(number, extra="", length="Content-Length: 0\r\n", body=b""):
    head = (f"OPTIONS sip:{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKattack{number}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:x@{DOMAIN}>;tag={number}\r\nTo: <sip:{DOMAIN}>\r\n"
            f"Call-ID: attack{number}\r\nCSeq: 1 OPTIONS\r\n{extra}{length}\r\n")
    return head.encode() + body


def connect(server):
    connection = socket.create_connection(server.address, timeout=ANSWER_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_answer(connection):
    """The first answer's start line, or "" when the server closed the connection."""
    buffer = b""
    while True:
        frame, buffer = cut_frame(buffer)
        if frame:
            return frame.split(b"\r\n")[0].decode()
        try:
            data = connection.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            return ""
        buffer += data


def frames_cut_everywhere(server):
    """Two requests in a row, cut once at each place: both are answered."""
    both = options_request(1) + options_request(2)
    with connect(server) as connection:
        for place in range(1, len(both)):
            number = f"cut{place}"
            data = options_request(number + "a") + options_request(number + "b")
            cut = min(place, len(data) - 1)
            connection.sendall(data[:cut])
            time.sleep(0.001)  # so that the two pieces are two reads of the server, mostly
            connection.sendall(data[cut:])
            buffer, answers = b"", 0
            while answers < 2:
                frame, buffer = cut_frame(buffer)
                if frame is None:
                    more = connection.recv(65536)
                    assert more, f"closed when cut at byte {cut}"
                    buffer += more
                    continue
                assert frame.startswith(b"SIP/2.0 200"), f"cut at byte {cut}: {frame[:60]}"
                answers += 1


def byte_by_byte(server):
    with connect(server) as connection:
        for byte in options_request("bytes"):
            connection.sendall(bytes([byte]))
        assert read_answer(connection).startswith("SIP/2.0 200")


def wrong_lengths(server):
    """None of them may be taken for the length of something; the connection is of no use after it."""
    for number, length in enumerate(("", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n",
                                     "Content-Length: abc\r\n", "Content-Length: 5\r\nContent-Length: 50\r\n",
                                     "Content-Length: 4294967297\r\n", "Content-Length: 0x10\r\n")):
        with connect(server) as connection:
            connection.sendall(options_request(f"length{number}", length=length, body=b"12345"))
            connection.shutdown(socket.SHUT_WR)
            answer = read_answer(connection)
            assert not answer.startswith("SIP/2.0 2"), f"{length!r} was answered {answer}"


def no_end_of_headers(server):
    """Headers that never end: the server gives up on them by itself."""
    with connect(server) as connection:
        try:
            for _ in range(2000):
                connection.sendall(b"X-Endless: " + b"x" * 4000 + b"\r\n")
        except OSError:
            return
        assert not read_answer(connection).startswith("SIP/2.0 2")


def huge_bodies(server):
    """10 MB announced and sent: refused before they are all there."""
    for number in range(5):
        with connect(server) as connection:
            try:
                connection.sendall(options_request(f"huge{number}", length=f"Content-Length: {HUGE_BYTES}\r\n",
                                                   body=b"x" * HUGE_BYTES))
            except OSError:
                continue  # closed on the way, that is an answer too
            answer = read_answer(connection)
            assert not answer.startswith("SIP/2.0 2"), answer


def slow_peers(server):
    """Many peers that send one byte a second: they hold nobody up while they last."""
    peers = [connect(server) for _ in range(SLOW_PEERS)]
    data = options_request("slow")
    for second in range(SLOW_SECONDS):
        for peer in peers:
            peer.sendall(data[second:second + 1])
        began = time.monotonic()
        with connect(server) as honest:
            honest.sendall(options_request(f"beside{second}"))
            assert read_answer(honest).startswith("SIP/2.0 200")
        took = time.monotonic() - began
        assert took < 1, f"beside slow peers an answer took {took:.2f} s"
        time.sleep(max(0, 1 - took))  # the attack's own pace
    for peer in peers:
        peer.close()


def idle_connections(server):
    """As many connections as this process may have, up to ten thousand, all silent."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(IDLE_CONNECTIONS, hard - DESCRIPTORS_KEPT)
    connections = [connect(server) for _ in range(count)]
    print(f"      {count} idle connections", flush=True)
    began = time.monotonic()
    with connect(server) as honest:
        honest.sendall(options_request("among"))
        assert read_answer(honest).startswith("SIP/2.0 200")
    took = time.monotonic() - began
    for connection in connections:
        connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert took < 1, f"among idle connections an answer took {took:.2f} s"


ATTACKS = (frames_cut_everywhere, byte_by_byte, wrong_lengths, no_end_of_headers, huge_bodies, slow_peers,
           idle_connections)
