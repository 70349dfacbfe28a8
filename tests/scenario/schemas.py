# SPDX-License-Identifier: Apache-2.0
"""The schemas of the RFCs as the judge of every document that the server sends."""

import email
import hashlib
import pathlib
import subprocess
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "data" / "xsd"
SCHEMAS = {
    "application/pidf+xml": "driver-presence.xsd",
    "application/dialog-info+xml": "dialog-info.xsd",
    "application/watcherinfo+xml": "watcherinfo.xsd",
    "application/rlmi+xml": "rlmi.xsd",
    "application/reginfo+xml": "driver-reginfo.xsd",
    "application/xcap-diff+xml": "xcap-diff.xsd",
    "application/pidf-diff+xml": "driver-presence.xsd",
}


class Judge:
    """Collects the documents of one scenario, each once."""

    def __init__(self):
        self._documents = {}  # by schema, by digest

    def look_at(self, message):
        content_type = message.get("Content-Type")
        if content_type and message.body and not message.get("Content-Encoding"):
            head = f"Content-Type: {content_type}\r\n\r\n".encode()
            for part in email.message_from_bytes(head + message.body).walk():
                schema = SCHEMAS.get(part.get_content_type())
                if schema:
                    body = part.get_payload(decode=True)
                    self._documents.setdefault(schema, {})[hashlib.sha256(body).hexdigest()] = body

    def faults(self):
        """What is wrong with them; "" for nothing."""
        return "".join(_faults(schema, documents.values()) for schema, documents in self._documents.items())


def _faults(schema, documents):
    with tempfile.TemporaryDirectory(prefix="rollcall-schemas-") as folder:
        files = []
        for number, body in enumerate(documents):
            files.append(pathlib.Path(folder) / f"{number}.xml")
            files[-1].write_bytes(body)
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", FOLDER / schema, *files],
                              capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return ""
        invalid = [file.read_text(errors="replace") for file in files if f"{file} fails" in done.stderr]
        return f"not valid by {schema}: {done.stderr}\n" + "\n".join(invalid)
