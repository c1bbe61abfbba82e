"""Certificates and awards (support already received), as people write them in a cell: names, terms,
numbers."""

import json
import re
import unicodedata

from service.intake.code_names import CodeNames
from service.intake.written_days import read_day
from service.intake.written_values import Unreadable, WrittenValue, says_none

_TERM = re.compile(r"[(（\[](?P<dates>[^()（）\[\]]*)[)）\]]")
_TO = re.compile(r"至|到|~|～|—|–|\bto\b")
_TERM_NAMED = re.compile(r"^有效期?限?[:：]?(?:自|从|为)?")
# The number of a certificate beside its days: called so, or letters and many figures.
_NUMBERED = re.compile(
    r"(?:(?:证书)?编?号码?[:：]?\s*(?=[A-Za-z0-9-]{0,30}[0-9]{4})(?P<named>[A-Za-z0-9-]{5,31})"
    r"|(?P<bare>[A-Za-z]{1,4}[0-9]{9,20}))(?![0-9年./-])\s*[,，]?\s*"
)
# A comma inside a bracket parts days. How far its end is looked for is bounded: a cell may hold
# thousands of commas.
_CERTIFICATE_GAPS = re.compile(r"[、;；|\n\r]+|[,，](?![^(（]{0,100}[)）])")


def read_certificates(names: CodeNames, text: str) -> WrittenValue:
    """高新技术企业（2024-11-01至2027-10-31）、创新型中小企业 as JSON; JSON as it is."""
    if text.lstrip().startswith("["):
        return WrittenValue(text)
    if says_none(text):
        return WrittenValue("-")
    parts = (p.strip() for p in _CERTIFICATE_GAPS.split(unicodedata.normalize("NFKC", text)))
    return WrittenValue(json.dumps([_read_certificate(names, part) for part in parts if part]))


def read_awards(_: CodeNames, text: str) -> WrittenValue:
    return WrittenValue("-" if says_none(text) else text)


def _read_certificate(names: CodeNames, part: str) -> dict[str, str]:
    """One certificate. A name may have a bracket of its own: a term stands in the last."""
    brackets = list(_TERM.finditer(part))
    # Asked before it is looked for: to say what a name may have meant takes long.
    if not brackets or names.candidates(part):
        return {"category": names.find(part)}
    term = brackets[-1]
    held = {"category": names.find((part[: term.start()] + part[term.end() :]).strip())}
    dates = term["dates"]
    if number := _NUMBERED.match(dates.strip()):
        held["number"] = number["named"] or number["bare"]
        dates = dates.strip()[number.end() :]
    return held | (read_term(dates) if dates else {})


def read_term(text: str) -> dict[str, str]:
    """The first and the last day of 2024-11-01至2027-10-31; one of them may be left out. Raises
    Unreadable."""
    ends = [e.strip() for e in _TO.split(_TERM_NAMED.sub("", text.strip()))]
    if len(ends) == 1 and text.count("-") == 1:  # 2024.11.1-2027.10.31, but never 2024-11
        ends = text.split("-")
    if len(ends) != 2:
        raise Unreadable(
            "证书有效期写成（2024-11-01至2027-10-31）", "write a term as (2024-11-01 to 2027-10-31)"
        )
    days = (read_day(e, month_allowed=False).value if e else "" for e in ends)
    return {k: d for k, d in zip(("issued_on", "expires_on"), days, strict=True) if d}
