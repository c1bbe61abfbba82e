"""The code tables under seeds/: their rows become codes, their faults are told with their lines."""

import csv
import io
from collections.abc import Mapping

from service.catalogue.fault_words import quoted, say
from service.catalogue.source import Source
from service.catalogue.texts import languages
from service.catalogue.unseen_signs import unseen_signs, without_unseen
from service.catalogue.yaml_tree import Document, Faults, Path
from service.domain.facts.code_lists import Code
from service.domain.text import text_of


def read_table(path: str, document: Document, at: Path, source: Source) -> dict[str, Code]:
    """The codes of a table under seeds/; its faults are told with the table's own lines."""
    if path not in source:
        tables = sorted(p.removeprefix("seeds/") for p in source if p.startswith("seeds/"))
        document.fault((*at, "table"), say("there_is_no_file", path=quoted(path)), tables)
        return {}
    try:
        text = source[path].decode("utf-8-sig")
    except UnicodeDecodeError:
        document.faults.add(path, 1, say("not_utf_8_save_the_table"))
        return {}
    for line, words in unseen_signs(text):
        document.faults.add(path, line, words)
    codes = _read_rows(path, without_unseen(text), document.faults)
    for code in codes.values():
        for other in (*code.parents, *([code.successor] if code.successor else [])):
            if other not in codes:
                document.faults.add(
                    path, 1, say("table_without_the_code", code=code.code, other=quoted(other))
                )
    return codes


def _read_rows(path: str, text: str, faults: Faults) -> dict[str, Code]:
    codes: dict[str, Code] = {}
    rows = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in rows:
            code = _read_row(row)
            if code.code in codes:
                faults.add(path, rows.line_num, say("code_stands_twice", code=quoted(code.code)))
            codes[code.code] = code
    except KeyError as error:
        faults.add(path, 1, say("the_table_has_no_column", value=quoted(error.args[0])))
    except (csv.Error, ValueError, AttributeError, TypeError) as error:
        faults.add(path, rows.line_num, say("the_row_cannot_be_read", error=error))
    return codes


def _read_row(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"], label=text_of({tag: row[tag] for tag in languages()}, languages()),
        parents=(row["parent"],) if row.get("parent") else (),
        successor=row.get("successor") or None,
        valid_to=int(row["valid_to"]) if row.get("valid_to") else None,
        aliases=tuple(filter(None, (row.get("aliases") or "").split(";"))),
        initials=row.get("initials") or "",
        keywords=tuple(filter(None, (row.get("keywords") or "").lower().split(";"))),
        note=row.get("note") or "",
    )  # fmt: skip
