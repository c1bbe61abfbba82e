"""What changed for a case since the receipt made of it last: programme by programme, and why."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput, NotFound, Refused
from service.domain.facts.profile import Profile, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text, join
from service.domain.wording.change_labels import ANSWER_CAUSE
from service.domain.wording.labels import ABSENT, LABELS
from service.rendering.amount_words import amount_text
from service.rendering.json_parts import Json
from service.storage.receipts import Receipt
from service.web.formatting import fact_value
from service.web.ports import PageContext
from service.web.result_model import NOT_STATED, Result

_TURNED = Text("{name}：{before} → {after}", "{name}: {before} → {after}")
_TIME = Text("时间推移：{text}", "time has passed: {text}")
_MOST = Text("上限 {amount}", "ceiling {amount}")


class ChangedMatch(NamedTuple):
    """One match that came out otherwise. `about` is the project's name where one is meant."""

    programme: str
    name: Text
    about: str
    before: Text
    after: Text
    reasons: tuple[Text, ...]


class ChangesSince(NamedTuple):
    """The changes since a day; None where they can no longer be told."""

    day: date
    changes: tuple[ChangedMatch, ...] | None


def since_last(site: PageContext, result: Result) -> ChangesSince | None:
    """What changed since the case's last receipt; None where there is none, or it was deleted."""
    case = result.case
    try:
        kept = site.stored_receipts.get(case.receipt or "")
    except NotFound:
        return None
    then = {k: v for k, v in orjson.loads(kept.profile).items() if k != "statuses"}
    before = {**then, "catalogue_version": kept.catalogue_version}
    try:
        found = site.comparing.compare({"before": before, "after": {"profile": case.profile()}})
        words = _change_words(site, result, kept, then)
    except (InvalidInput, Refused):  # the rules or the words of that day cannot be read any more
        return ChangesSince(kept.as_of, None)
    return ChangesSince(kept.as_of, tuple(words.change(c) for c in found["changes"]))


class _ChangeWords(NamedTuple):
    """Words for changes, with the stated values of both days."""

    result: Result
    old: CompiledCatalogue
    then: Profile

    def change(self, found: Json) -> ChangedMatch:
        ref, name = found["subject"], found["name"]
        return ChangedMatch(
            found["programme"],
            Text(name["zh"], name["en"]),
            self.result.subject_label({"subject": ref}),
            _outcome_words(found["before"], self.result.site.vocabulary),
            _outcome_words(found["after"], self.result.site.vocabulary),
            tuple(dict.fromkeys(t for r in found["because"] for t in self._reasons(r, ref))),
        )

    def _reasons(self, reason: Json, ref: str | None) -> Iterator[Text]:
        cause = reason["cause"]
        if cause == "date":
            yield _TIME.format(text=Text(**reason["text"]))
        elif cause == "fact":
            yield from (self._turn(fact, ref) for fact in reason["facts"])
        else:
            yield ANSWER_CAUSE[cause]

    def _turn(self, fact_id: str, ref: str | None) -> Text:
        new = self.result.site.compiled
        before = _value_words(self.old, self.then.facts_of(ref), fact_id)
        after = _value_words(new, self.result.profile.facts_of(ref), fact_id)
        label = new.catalogue.vocabulary.facts[fact_id].label
        return _TURNED.format(name=label, before=before, after=after)


def _change_words(
    site: PageContext, result: Result, kept: Receipt, then: dict[str, Any]
) -> _ChangeWords:
    old = site.comparing.versions.compiled(kept.catalogue_version)
    return _ChangeWords(result, old, old.requests.read(then).profile)


def _value_words(
    compiled: CompiledCatalogue, stated: Mapping[str, Value], fact_id: str
) -> Text | str:
    vocabulary = compiled.catalogue.vocabulary
    value = stated.get(fact_id)
    if value is None:
        return NOT_STATED
    return fact_value(value, vocabulary.facts[fact_id], vocabulary)


def _outcome_words(outcome: Json | None, vocabulary: Vocabulary) -> Text:
    if outcome is None:
        return ABSENT
    status = LABELS["status"][outcome["status"]]
    amount = outcome["ceiling"] or outcome["at_most"]
    if not amount:
        return status
    return join((status, _MOST.format(amount=amount_text(amount, vocabulary))), Text(" · ", " · "))
