# SPDX-License-Identifier: Apache-2.0
"""A SIP message as the tests see it: a start line, headers in order, a body (RFC 3261 §7)."""

import re

LONG_NAMES = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "e": "Content-Encoding",
    "f": "From", "i": "Call-ID", "k": "Supported", "l": "Content-Length", "m": "Contact",
    "o": "Event", "r": "Refer-To", "s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via",
}


class Message:
    """A request or a response. Header names compare without case; compact ones are long here."""

    def __init__(self, start_line, headers=(), body=b""):
        self.start_line = start_line
        self.headers = [(LONG_NAMES.get(name.lower(), name), value) for name, value in headers]
        self.body = body

    @classmethod
    def parse(cls, data):
        """Reads one whole message. ValueError when it is none."""
        head, separator, body = data.partition(b"\r\n\r\n")
        if not separator:
            raise ValueError("no empty line ends the headers")
        lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "surrogateescape")).split("\r\n")
        headers = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError(f"no colon in header line {line!r}")
            headers.append((name.strip(), value.strip()))
        return cls(lines[0], headers, body)

    @property
    def is_request(self):
        return not self.start_line.startswith("SIP/2.0 ")

    @property
    def method(self):
        """The method of a request, and of the request that a response answers."""
        return self.start_line.split(" ")[0] if self.is_request else self.get("CSeq", "0 ?").split()[-1]

    @property
    def uri(self):
        return self.start_line.split(" ")[1]

    @property
    def status(self):
        return 0 if self.is_request else int(self.start_line.split(" ")[1])

    @property
    def cseq(self):
        return int(self.get("CSeq", "0").split()[0])

    @property
    def branch(self):
        return parameter(self.get("Via", ""), "branch")

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def all(self, name):
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    def get(self, name, default=None):
        values = self.all(name)
        return values[0] if values else default

    def set(self, name, value):
        """Replaces every header of that name by one, in the place of the first."""
        places = [i for i, (key, _) in enumerate(self.headers) if key.lower() == name.lower()]
        if not places:
            return self.add(name, value)
        self.headers[places[0]] = (name, value)
        for place in reversed(places[1:]):
            del self.headers[place]

    def add(self, name, value):
        self.headers.append((name, value))

    def remove(self, name):
        self.headers = [(key, value) for key, value in self.headers if key.lower() != name.lower()]

    def to_bytes(self):
        """The message on the wire; Content-Length is added when the message has none."""
        headers = list(self.headers)
        if not self.all("Content-Length"):
            headers.append(("Content-Length", str(len(self.body))))
        lines = [self.start_line] + [f"{name}: {value}" for name, value in headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + self.body

    def __str__(self):
        return self.to_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


def parameter(value, name):
    """A header parameter (";tag=x", ";rport") without quotes; None when it is not there."""
    outside = re.sub(r"<[^>]*>", "", value)
    found = re.search(rf";\s*{re.escape(name)}\s*(?:=\s*(\"[^\"]*\"|[^;,\s]*))?(?=[;,\s]|$)", outside, re.I)
    return (found.group(1) or "").strip('"') if found else None


def address(value):
    """The URI of a From, To, Contact or Route value."""
    found = re.search(r"<([^>]*)>", value)
    return found.group(1) if found else value.split(";")[0].strip()


def split_list(values):
    """Header values that may hold comma lists, one by one (RFC 3261 §7.3.1)."""
    pieces = []
    for value in values:
        pieces += [piece.strip() for piece in re.findall(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,])+', value)]
    return pieces
