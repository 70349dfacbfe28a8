# SPDX-License-Identifier: Apache-2.0
"""sipsak: OPTIONS, REGISTER and MESSAGE from the command line."""

import subprocess

from harness.peer import SipPeer

MESSAGE = """\
MESSAGE {receiver} SIP/2.0
Max-Forwards: 70
From: <{sender}>;tag=1
To: <{receiver}>
Call-ID: sipsak-{sender}
CSeq: 1 MESSAGE
User-Agent: sipsak
Content-Type: text/plain
Content-Length: 5

hello"""


def run(place):
    _options(place)
    _register(place)
    _message(place)


def _options(place):
    done = _sipsak(place, "-vv", "-s", f"sip:127.0.0.1:{place.server.port}")
    assert "200 OK" in done.stdout, done.stdout


def _register(place):
    done = _sipsak(place, "-vvv", "-U", "-x", "600", "-C", "sip:grace@127.0.0.1:5099", "-u", "grace",
                   "-a", place.password, "-s", place.aor("grace"))
    assert "200 OK" in done.stdout, done.stdout
    bindings = place.server.rest.items(place.server.rest.of_user(place.aor("grace"), "registrations"))
    assert [binding["contact"] for binding in bindings] == ["sip:grace@127.0.0.1:5099"], bindings


def _message(place):
    """From a file: the message mode of sipsak 0.9.8 ends in a crash of its own."""
    file = place.folder / "message.sip"
    file.write_text(MESSAGE.format(sender=place.aor("grace"), receiver=place.aor("heidi")))
    peer = SipPeer(place.server.address, "heidi", place.domain, place.password)
    assert peer.register().status == 200
    command = _command(place, "-f", file, "-u", "grace", "-a", place.password, "-s", place.aor("heidi"))
    sender = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    request = peer.receive(lambda one: one.method == "MESSAGE", what="MESSAGE of sipsak")
    peer.reply(request, 200)
    output, _ = sender.communicate(timeout=20)
    assert sender.returncode == 0, output
    assert request.text == "hello", request
    assert not request.all("Proxy-Authorization"), request
    peer.register(expires=0)
    peer.close()


def _command(place, *words):
    return ["sipsak", "-p", f"127.0.0.1:{place.server.port}", *(str(word) for word in words)]


def _sipsak(place, *words):
    done = subprocess.run(_command(place, *words), capture_output=True, text=True, timeout=40)
    assert done.returncode == 0, f"sipsak {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done
