# SPDX-License-Identifier: Apache-2.0
"""An XCAP client (RFC 4825): HTTP with Digest or Bearer, on a connection that is kept."""

import http.client

from harness.digest import challenges


class Answer:
    """One HTTP answer, in the form in which the tests compare SIP messages."""

    def __init__(self, response):
        self.status = response.status
        self.start_line = f"HTTP/1.1 {response.status} {response.reason}"
        self.headers = response.getheaders()
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    def all(self, name):
        return [value for one, value in self.headers if one.lower() == name.lower()]

    def get(self, name):
        return next(iter(self.all(name)), None)

    def __str__(self):
        lines = [self.start_line] + [f"{name}: {value}" for name, value in self.headers]
        return "\n".join(lines) + "\n\n" + self.body.decode(errors="replace")


class XcapClient:
    """One user, or with a token an administrator. A challenge is answered and its nonce used again."""

    def __init__(self, host, port, user=None, password=None, algorithm="SHA-256", token=None):
        self.connection = http.client.HTTPConnection(host, port, timeout=20)
        self.user, self.password, self.algorithm, self.token = user, password, algorithm, token
        self.challenge = None

    def close(self):
        self.connection.close()

    def send(self, method, target, headers=(), body=None, authorization=None):
        """One exchange, with this Authorization or none."""
        headers = dict(headers)
        if authorization:
            headers["Authorization"] = authorization
        try:
            self.connection.request(method, target, body, headers)
            return Answer(self.connection.getresponse())
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server ends a connection that was silent for a while; then nothing of the request was done.
            self.connection.close()
            self.connection.request(method, target, body, headers)
            return Answer(self.connection.getresponse())

    def request(self, method, target, headers=(), body=None):
        """One exchange, and a second one when credentials are asked for."""
        if self.token:
            return self.send(method, target, headers, body, f"Bearer {self.token}")
        answer = self.send(method, target, headers, body, self._credentials(method, target))
        if answer.status != 401 or not self._take_challenge(answer):
            return answer
        return self.send(method, target, headers, body, self._credentials(method, target))

    def _credentials(self, method, target):
        if not self.challenge:
            return None
        return self.challenge.answer(self.user, self.password, method, target)

    def _take_challenge(self, answer):
        """False: it was answered already, and with the right nonce."""
        offered = [one for one in challenges(answer) if one.algorithm == self.algorithm]
        again = self.challenge and not (offered and offered[0].stale)
        self.challenge = offered[0] if offered else None
        return offered and not again
