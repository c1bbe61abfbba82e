"""Events as an Atom feed (RFC 4287), the newest first."""

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree

from service.domain.text import Text
from service.rendering.event_words import lines, title
from service.rendering.json_parts import Json

_NAMESPACE = "http://www.w3.org/2005/Atom"
_TITLE = Text("惠策：关注的变化", "Huice: what changed")


def atom(feed_id: str, events: Sequence[Json], language: str, now: datetime) -> bytes:
    """The feed of events as JSON shows them, in a language. `feed_id` never changes."""
    feed = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    _add(feed, "id", feed_id)
    _add(feed, "title", _TITLE.in_language(language))
    _add(feed, "updated", events[0]["timestamp"] if events else now.isoformat())
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", "Huice 惠策")
    for event in events:
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "id", f"urn:huice:{event['id']}")
        _add(entry, "title", title(event["type"], event["data"]).in_language(language))
        _add(entry, "updated", event["timestamp"])
        content = "\n".join(line.in_language(language) for line in lines(event["data"]))
        _add(entry, "content", content).set("type", "text")
    found: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return found


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element
