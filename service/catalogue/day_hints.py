"""Days as people write them, and how the same day is written in a policy file."""

import re
from collections.abc import Iterable
from datetime import date

from service.catalogue.fault_words import NOTHING, quoted, say
from service.domain.text import Text

_DAY = re.compile(r"(\d{4})(?:[年./—–−-]?)(\d{1,2})(?:[月./—–−-]?)(\d{1,2})日?")


def day_hint(values: Iterable[object]) -> Text:
    """What stands in the place of a day and how it is written; that a day is none; nothing where no
    day can be seen.

    >>> day_hint(["2025/3/1"]).en, day_hint(["2025-02-30"]).en
    (", not '2025/3/1': write 2025-03-01", ', and 2025-02-30 is no day of the calendar')
    """
    for value in values:
        parts = _DAY.fullmatch(str(value).strip())
        if parts is None or isinstance(value, date):
            continue
        try:
            meant = date(*(int(part) for part in parts.groups()))
        except ValueError:
            return say("hint_no_day_of_the_calendar", value=value)
        plain = say("without_quotes") if str(value) == meant.isoformat() else NOTHING
        return say("not_this_day_write", value=quoted(value), day=meant.isoformat(), plain=plain)
    return NOTHING
