# SPDX-License-Identifier: Apache-2.0
"""sipsak: OPTIONS, REGISTER and MESSAGE from the command line."""

import subprocess

from harness.peer import SipPeer


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
    peer = SipPeer(place.server.address, "heidi", place.domain, place.password)
    assert peer.register().status == 200
    sender = subprocess.Popen(_command(place, "-M", "-B", "hello from sipsak", "-c", place.aor("grace"), "-u", "grace",
                                       "-a", place.password, "-s", place.aor("heidi")),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    request = peer.receive(lambda one: one.method == "MESSAGE", what="MESSAGE of sipsak")
    assert request.text.rstrip() == "hello from sipsak", request
    peer.reply(request, 200)
    output, _ = sender.communicate(timeout=20)
    assert sender.returncode == 0, output
    peer.register(expires=0)
    peer.close()


def _command(place, *words):
    return ["sipsak", "-p", f"127.0.0.1:{place.server.port}", *words]


def _sipsak(place, *words):
    done = subprocess.run(_command(place, *words), capture_output=True, text=True, timeout=40)
    assert done.returncode == 0, f"sipsak {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done
