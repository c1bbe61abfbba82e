"""Events as an Atom feed (RFC 4287), the newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree

from service.domain.text import Text
from service.rendering.event_words import event_lines, title
from service.rendering.json_parts import Json

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NAME = Text("惠策", "Huice")
_TITLE = Text("惠策：关注的变化", "Huice: what changed")


def atom(feed_id: str, events: Sequence[Json], language: str, now: datetime) -> bytes:
    """The feed of events as JSON shows them, in a language. `feed_id` never changes."""
    entries = [
        AtomEntry(
            f"urn:huice:{event['id']}",
            title(event["type"], event["data"]),
            event["timestamp"],
            tuple(event_lines(event["data"])),
        )
        for event in events
    ]
    return atom_feed(AtomHead(feed_id, _TITLE, now.isoformat()), entries, language)


class AtomHead(NamedTuple):
    """What a feed is; `id` never changes. Without an entry it was updated at `otherwise`. `link` is
    the page it belongs to, `own` its own address."""

    id: str
    title: Text
    otherwise: str
    link: str | None = None
    own: str | None = None


class AtomEntry(NamedTuple):
    """One thing that happened, and the page about it."""

    id: str
    title: Text
    updated: str
    content: tuple[Text, ...]
    link: str | None = None


def atom_feed(head: AtomHead, entries: Sequence[AtomEntry], language: str) -> bytes:
    """A feed of entries, the newest first, in a language."""
    feed = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    _add(feed, "id", head.id)
    _add(feed, "title", head.title.in_language(language))
    _add(feed, "updated", entries[0].updated if entries else head.otherwise)
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", _NAME.in_language(language))
    _link(feed, "self", head.own)
    _link(feed, "alternate", head.link)
    for known in entries:
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "id", known.id)
        _add(entry, "title", known.title.in_language(language))
        _add(entry, "updated", known.updated)
        _link(entry, "alternate", known.link)
        content = "\n".join(line.in_language(language) for line in known.content)
        _add(entry, "content", content).set("type", "text")
    found: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return found


def _link(parent: ElementTree.Element, relation: str, address: str | None) -> None:
    if address is not None:
        ElementTree.SubElement(parent, "link", {"rel": relation, "href": address})


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element
