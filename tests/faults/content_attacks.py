# SPDX-License-Identifier: Apache-2.0
"""Attacks by what messages say: XML bombs, invalid UTF-8, SQL in every field, garbage datagrams."""

import pathlib
import random
import socket

from harness.message import Message
from harness.peer import SipPeer
from mix import DOMAIN, PASSWORD, peer_of

PIDF = "urn:ietf:params:xml:ns:pidf"
PUBLISH_HEADERS = [("Event", "presence"), ("Content-Type", "application/pidf+xml")]
TORTURE = pathlib.Path(__file__).resolve().parent.parent / "torture"
SEED = 3261
GARBAGE_DATAGRAMS = 3000
SQL = ("'; DROP TABLE users; --", "\\'; DELETE FROM bindings; --", "$1", "{1,2}", '"', "%s%n",
       "${jndi:x}", "NULL", "\\x00")


def documents():
    """Documents that must be refused, and cost next to nothing."""
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(10))
    yield f'<!DOCTYPE p [{entities}]><presence xmlns="{PIDF}" entity="sip:x@y"><note>&e9;</note></presence>'
    yield f'<!DOCTYPE p SYSTEM "file:///etc/passwd"><presence xmlns="{PIDF}" entity="sip:x@y"/>'
    yield f'<presence xmlns="{PIDF}" entity="sip:x@y">' + "<a>" * 3000 + "</a>" * 3000 + "</presence>"
    yield f'<presence xmlns="{PIDF}" entity="sip:x@y" ' + " ".join(f'a{i}="1"' for i in range(2000)) + " a0='2'/>"
    yield "<" * 20000
    yield ""


def xml_bombs(server):
    peer = peer_of(server, "honest", "tcp")
    for document in documents():
        response = peer.request("PUBLISH", peer.aor, PUBLISH_HEADERS, document, seconds=5)
        assert 400 <= response.status < 500, f"{document[:60]!r} was answered {response.status}"
    peer.close()


def invalid_utf8(server):
    """In a document it is refused; in headers and texts it is survived."""
    peer = peer_of(server, "honest")
    document = f'<?xml version="1.0"?><presence xmlns="{PIDF}" entity="sip:x@y"><note>HERE</note></presence>'
    broken = document.encode().replace(b"HERE", b"\xc3\x28\xff\xed\xa0\x80")
    response = peer.request("PUBLISH", peer.aor, PUBLISH_HEADERS, broken)
    assert 400 <= response.status < 500, response
    for value in (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"a\x00b"):
        text = value.decode("utf-8", "surrogateescape")
        for method, headers in (("MESSAGE", [("Subject", text), ("Content-Type", "text/plain")]),
                                ("REGISTER", [("User-Agent", text)]),
                                ("SUBSCRIBE", [("Event", "presence;id=" + text), ("Expires", "0")])):
            target = f"sip:o1@{DOMAIN}" if method != "REGISTER" else f"sip:{DOMAIN}"
            response = peer.request(method, target, headers, b"text " + value, seconds=5)
            assert response.status < 700, response
    peer.register(expires=0)
    peer.close()


def sql_everywhere(server):
    """In every header of requests that are kept; afterwards the tables are as they were."""
    peer = peer_of(server, "honest")
    peer.responder = lambda request: 200
    before = server.rest.items("/api/v1/users?limit=1000")
    for text in SQL:
        for name in ("Subject", "User-Agent", "Call-ID", "Event", "Contact", "Expires", "SIP-If-Match", "Supported",
                     "Content-Type", "Accept", "Date", "From", "To", "Path", "Authorization"):
            for method in ("MESSAGE", "REGISTER", "SUBSCRIBE", "PUBLISH"):
                target = f"sip:{DOMAIN}" if method == "REGISTER" else f"sip:o2@{DOMAIN}"
                request = peer.new_request(method, target, [("Event", "presence")], text)
                request.set(name, f"<sip:honest@{DOMAIN};x={text}>" if name == "Contact" else text)
                peer.send_with_credentials(request)
        stranger = SipPeer(server.address, text.replace(" ", ""), DOMAIN, PASSWORD)
        stranger.send(stranger.new_request("REGISTER", f"sip:{DOMAIN}"))
        stranger.close()
    after = server.rest.items("/api/v1/users?limit=1000")
    assert before == after, f"{len(before)} users before, {len(after)} after"
    peer.request("REGISTER", f"sip:{DOMAIN}", [("Contact", "*"), ("Expires", "0")])
    peer.close()


def garbage_datagrams(server):
    """Noise, and good requests with bytes changed, cut off or doubled; always the same by its seed."""
    dice = random.Random(SEED)
    good = Message(f"OPTIONS sip:{DOMAIN} SIP/2.0", [("Via", "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKgarbage;rport"),
                                                     ("From", f"<sip:x@{DOMAIN}>;tag=1"), ("To", f"<sip:{DOMAIN}>"),
                                                     ("Call-ID", "garbage"), ("CSeq", "1 OPTIONS"),
                                                     ("Max-Forwards", "70")]).to_bytes()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(GARBAGE_DATAGRAMS):
            data = bytearray(good)
            for _ in range(dice.randrange(1, 12)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            kinds = (dice.randbytes(dice.randrange(1, 1400)), bytes(data), good[:dice.randrange(len(good))],
                     bytes(data) * dice.randrange(1, 5), b"\r\n" * dice.randrange(1, 5), b"")
            sender.sendto(kinds[number % len(kinds)], server.address)


def torture_datagrams(server):
    """Every message of the torture corpora, as datagrams and on a connection."""
    files = sorted(TORTURE.rglob("*.dat"))
    print(f"      {len(files)} torture messages", flush=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for file in files:
            sender.sendto(file.read_bytes()[:65000], server.address)
    for file in files:
        with socket.create_connection(server.address, timeout=5) as connection:
            connection.sendall(file.read_bytes())


ATTACKS = (xml_bombs, invalid_utf8, sql_everywhere, garbage_datagrams, torture_datagrams)
