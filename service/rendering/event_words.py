"""An event in words, for people who read it in a feed or a letter."""

from collections.abc import Iterator

from service.domain.evaluation.evaluator import Status
from service.domain.text import Text
from service.domain.wording.change_labels import EVENT_CAUSE, EVENT_KIND
from service.domain.wording.labels import ABSENT, STATUS
from service.rendering.json_parts import Json
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

# Lines that a letter or an entry shows; the event itself holds all.
MAX_LINES = 60
# Of each kind the title for none, one and several that it is about.
_TITLES = {
    "answers.changed": ("companies_deleted", "one_company", "companies"),
    "programmes.changed": ("programmes", "one_programme", "programmes"),
    "webhook.test": ("test_message", "test_message", "test_message"),
}


def title(kind: str, data: Json) -> Text:
    """What an event is, in a line."""
    about = data.get("companies") or data.get("programmes") or ()
    cause = EVENT_CAUSE.get(data.get("cause") or "", Text("", ""))
    words = _WORDS[_TITLES[kind][min(len(about), 2)]]
    return words.format(count=str(len(about)), cause=cause)


def event_lines(data: Json) -> list[Text]:
    """What it says, a line for each change, so many at most."""
    everything = list(_all_lines(data))
    if len(everything) <= MAX_LINES:
        return everything
    rest = _WORDS["more"].format(count=str(len(everything) - MAX_LINES))
    return [*everything[:MAX_LINES], rest]


def _all_lines(data: Json) -> Iterator[Text]:
    for company in data.get("companies", ()):
        named = " ".join(filter(None, (company["name"], company["uscc"])))
        yield Text(named, named)
        for change in company["changes"]:
            yield _change_words(change)
    for programme in data.get("programmes", ()):
        what = EVENT_KIND[programme["kind"]]
        yield _WORDS["line"].format(name=_change_name(programme), what=what)


def _change_words(change: Json) -> Text:
    what = EVENT_KIND.get(change["kind"])
    if change["before"] != change["after"]:
        turn = _WORDS["turn"].format(
            before=_status_words(change["before"]), after=_status_words(change["after"])
        )
        what = turn if what is None else _WORDS["line"].format(name=what, what=turn)
    what = what or EVENT_KIND["amended"]
    if change["day"]:
        what = _WORDS["on"].format(what=what, day=change["day"])
    if change["programme"] is None:
        return what
    return _WORDS["line"].format(name=_change_name(change), what=what)


def _status_words(status: str | None) -> Text:
    return ABSENT if status is None else STATUS[Status(status)]


def _change_name(change: Json) -> Text:
    name = change["name"]
    found = Text(name["zh"], name["en"]) if name else Text(change["programme"], change["programme"])
    ref = change.get("subject")
    return found if ref in (None, "company") else _WORDS["project"].format(name=found, ref=ref)
