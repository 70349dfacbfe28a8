# SPDX-License-Identifier: Apache-2.0
"""Digest answers of a client (RFC 7616, RFC 8760): SHA-256 and MD5, qop=auth."""

import hashlib
import re
import secrets

HASHES = {"md5": hashlib.md5, "sha-256": hashlib.sha256}


def read_parameters(value):
    """The parameters of a challenge or of credentials, names in lower case."""
    pairs = re.findall(r'([\w-]+)\s*=\s*("(?:\\.|[^"\\])*"|[^\s,]+)', value)
    return {name.lower(): text.strip('"') for name, text in pairs}


class Challenge:
    """One WWW-Authenticate or Proxy-Authenticate value, and the answers given to it."""

    def __init__(self, value, to_proxy=False):
        fields = read_parameters(value)
        self.realm = fields.get("realm", "")
        self.nonce = fields.get("nonce", "")
        self.algorithm = fields.get("algorithm", "MD5")
        self.stale = fields.get("stale", "").lower() == "true"
        self.opaque = fields.get("opaque")
        self.header = "Proxy-Authorization" if to_proxy else "Authorization"
        self.count = 0

    @property
    def understood(self):
        return self.algorithm.lower() in HASHES

    def answer(self, username, password, method, uri):
        """The value of the Authorization header; each call counts nc up."""
        self.count += 1
        count, own = f"{self.count:08x}", secrets.token_hex(8)
        ha1 = self._hash(f"{username}:{self.realm}:{password}")
        ha2 = self._hash(f"{method}:{uri}")
        response = self._hash(f"{ha1}:{self.nonce}:{count}:{own}:auth:{ha2}")
        text = (f'Digest username="{username}", realm="{self.realm}", nonce="{self.nonce}", uri="{uri}", '
                f'response="{response}", algorithm={self.algorithm}, qop=auth, nc={count}, cnonce="{own}"')
        return text + (f', opaque="{self.opaque}"' if self.opaque else "")

    def _hash(self, text):
        return HASHES[self.algorithm.lower()](text.encode()).hexdigest()


def challenges(response):
    """The challenges of a 401 or 407 that we can answer, in the server's order."""
    found = [Challenge(value) for value in response.all("WWW-Authenticate")]
    found += [Challenge(value, to_proxy=True) for value in response.all("Proxy-Authenticate")]
    return [challenge for challenge in found if challenge.understood]
