# SPDX-License-Identifier: Apache-2.0
"""Presence documents (RFC 3863): writing small ones, and reading what the server composed."""

import xml.etree.ElementTree as xml
from xml.sax.saxutils import escape

from harness.message import address

PIDF = "urn:ietf:params:xml:ns:pidf"


def entity_of(request):
    return address(request.get("To"))


def document(entity, basic, note=""):
    text = f"<note>{escape(note)}</note>" if note else ""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="{PIDF}" entity="{escape(entity)}">'
            f'<tuple id="t1"><status><basic>{basic}</basic></status></tuple>{text}</presence>')


def document_of_activity(entity, activity, note=""):
    text = f"<dm:note>{escape(note)}</dm:note>" if note else ""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="{PIDF}" xmlns:dm="{PIDF}:data-model" '
            f'xmlns:rpid="{PIDF}:rpid" entity="{escape(entity)}">'
            '<tuple id="t1"><status><basic>open</basic></status></tuple><dm:person id="p1">'
            f'<rpid:activities><rpid:{activity}/></rpid:activities>{text}</dm:person></presence>')


def problems(message, wanted):
    """Why the body is not a presence document whose tuples say `wanted`."""
    if not (message.get("Content-Type") or "").startswith("application/pidf+xml"):
        return [f"Content-Type is {message.get('Content-Type')}"]
    try:
        root = xml.fromstring(message.body)
    except xml.ParseError as error:
        return [f"the document is not well-formed: {error}"]
    if root.tag != f"{{{PIDF}}}presence" or not root.get("entity", "").startswith("sip:"):
        return [f"the root is {root.tag} with entity {root.get('entity')}"]
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    if len(ids) != len(set(ids)):
        return [f"ids are not unique: {ids}"]
    states = [basic.text for basic in root.iter(f"{{{PIDF}}}basic")]
    return [] if states and states[0] == wanted else [f"the document says {states}, not {wanted}"]
