"""Numbers as people write them, and how the same number is written in a policy file."""

import re
from decimal import Decimal

_MAGNITUDES = {"万": 10**4, "千万": 10**7, "亿": 10**8, "万亿": 10**12, "百万": 10**6, "千": 10**3}
_WRITTEN = re.compile(
    r"[¥￥€$]?\s*(?P<number>\d[\d,，_ ]*(?:\.\d+)?)\s*(?P<magnitude>万亿|千万|百万|千|万|亿)?"
    r"(?P<rest>\s*(?:元|人民币|人|%|％|‰|per cent|percent)?)"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


def number_hint(raw: object) -> str:
    """`, write 10_000_000` for text such as "1000万", "10,000" or "20%"; otherwise nothing."""
    if not isinstance(raw, str) or len(raw) > 40:
        return ""
    match = _WRITTEN.fullmatch(raw.strip().translate(_FULL_WIDTH))
    if match is None:
        return ""
    number = Decimal(re.sub(r"[,，_ ]", "", match["number"]))
    number *= _MAGNITUDES.get(match["magnitude"] or "", 1)
    rest = match["rest"].strip()
    if rest in ("%", "per cent", "percent"):
        number /= 100
    elif rest == "‰":
        number /= 1000
    return f", not {raw!r}: write {_plainly(number)}"


def _plainly(number: Decimal) -> str:
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):_}"
    return f"{grouped}.{fraction}" if fraction else grouped
