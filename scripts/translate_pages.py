#!/usr/bin/env python3
"""Keep the English words of the pages in step with their templates.

The templates hold the Chinese words; `messages.po` beside them holds the English ones and is edited
by hand; `messages.mo` is compiled from it and read by the service.

usage: translate_pages.py check      every word is translated, and the compiled file is current
       translate_pages.py update     list new words in messages.po, drop unused ones, compile
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

PAGES = Path(__file__).resolve().parent.parent / "service" / "web"
WORDS = PAGES / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# Any day: what is compiled shall depend on the words alone.
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
COMPILED = WORDS.with_suffix(".mo")


def used() -> Iterator[tuple[str, str]]:
    """Every Chinese text of the templates with the first template it stands in."""
    seen = set()
    for path in sorted((PAGES / "templates").glob("*.html")):
        for _, _, message, _ in babel_extract(BytesIO(path.read_bytes()), ["_"], [], {}):
            text = message[0] if isinstance(message, tuple) else message
            if text and text not in seen:
                seen.add(text)
                yield text, path.name


def stored_messages() -> Catalog:
    """What messages.po holds; nothing where there is none."""
    if not WORDS.exists():
        return Catalog(locale="en")
    with WORDS.open("rb") as file:
        return read_po(file, locale="en")


def updated() -> Catalog:
    """The texts in use with the translations there are."""
    old, new = (
        stored_messages(),
        Catalog(locale="en", fuzzy=False, header_comment="# The pages in English."),
    )
    for text, template in used():
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(template, 1)])
    return new


def written(catalog: Catalog) -> bytes:
    """A catalogue as the text of a .po file, without dates, so that it is the same each time."""
    target = BytesIO()
    write_po(target, catalog, omit_header=True, include_lineno=False, width=100)
    head = (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: en\\n"\n\n'
    )
    return head + target.getvalue().rstrip(b"\n") + b"\n"


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as the bytes of a .mo file."""
    plain = Catalog(
        locale="en", fuzzy=False, charset="utf-8", creation_date=_DAY, revision_date=_DAY
    )
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string)
    target = BytesIO()
    write_mo(target, plain)
    return target.getvalue()


def faults() -> list[str]:
    """What is missing or out of step."""
    catalog = updated()
    words = [(str(m.id), str(m.string or "")) for m in catalog if m.id]
    found = [f"not translated: {zh}" for zh, en in words if not en]
    found += [f"other places to fill: {zh}" for zh, en in words if _places(zh) != _places(en)]
    if WORDS.read_bytes() != written(catalog):
        found.append(f"{WORDS.name} does not list the texts in use: run translate_pages.py update")
    if COMPILED.read_bytes() != compiled(catalog):
        found.append(f"{COMPILED.name} is not compiled from it: run translate_pages.py update")
    return found


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def main(arguments: list[str]) -> int:
    """The exit code: 0 where nothing is wrong."""
    if arguments == ["update"]:
        catalog = updated()
        WORDS.parent.mkdir(parents=True, exist_ok=True)
        WORDS.write_bytes(written(catalog))
        COMPILED.write_bytes(compiled(catalog))
    elif arguments != ["check"]:
        print(__doc__, file=sys.stderr)
        return 2
    for fault in (found := faults()):
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
