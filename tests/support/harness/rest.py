# SPDX-License-Identifier: Apache-2.0
"""The administrator's REST interface, as the tests use it."""

import http.client
import json
from urllib.parse import quote


class Rest:
    """A client of /api/v1. Each call is one connection; answers are (status, document)."""

    def __init__(self, host, port, token):
        self.host, self.port, self.token = host, port, token

    def call(self, method, path, document=None, token=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {token or self.token}"}
            body = None
            if document is not None:
                body = json.dumps(document)
                headers["Content-Type"] = "application/json"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text) if text else None
        except json.JSONDecodeError:
            return answer.status, text

    def get(self, path):
        status, document = self.call("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path} was answered {status}: {document}")
        return document

    def of_user(self, aor, part=""):
        """The path of a user, or of a part of it: "registrations", "presence", "messages"."""
        path = f"/api/v1/users/{quote(aor.removeprefix('sip:'), safe='')}"
        return f"{path}/{part}" if part else path

    def items(self, path):
        """All rows of a list, page after page."""
        rows, cursor = [], None
        while True:
            page = self.get(path + (f"?cursor={quote(cursor, safe='')}" if cursor else ""))
            rows += page["items"]
            cursor = page.get("next")
            if not cursor:
                return rows
