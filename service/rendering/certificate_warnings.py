"""What is told where a certificate that a company states has ended, or ends before long."""

from collections.abc import Iterator
from datetime import date, timedelta

from service.domain.dates import DAY
from service.domain.facts.profile import Certificate, Profile
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.operators import valid_on
from service.domain.text import Text
from service.domain.truth import Truth
from service.rendering.json_parts import Json, text_json

# Who claims something on the day may still wait for the decision when it ends. What ends later the
# calendar tells: said sooner, it would stand in every answer and nobody would read it.
SOON = timedelta(days=60)
_ENDS = Text(
    "“{name}”有效期至 {day}：要求它在有效期内的事项，此后凭它不再满足条件，续期的除外",
    "“{name}” is valid until {day}: after that day it no longer meets the condition of any"
    " programme that asks for a valid one, unless it is renewed",
)
_ENDED = Text(
    "“{name}”已于 {day} 到期：要求它在有效期内的事项，凭它不满足条件；已经续期的请填新的日期",
    "“{name}” ended on {day}: it meets the condition of no programme that asks for a valid one; if"
    " it was renewed, state the new dates",
)


def certificate_warnings(profile: Profile, vocabulary: Vocabulary, as_of: date) -> list[Json]:
    """A warning for each certificate that has ended, or ends soon."""
    ending = {
        "certificate_ended": ended_certificates(profile, vocabulary, as_of),
        "certificate_ends": ending_certificates(profile, vocabulary, as_of),
    }
    return [
        {"code": code, "text": text_json(text), "fact": fact}
        for code, found in ending.items()
        for fact, text in found
    ]


def ended_certificates(
    profile: Profile, vocabulary: Vocabulary, as_of: date
) -> Iterator[tuple[str, Text]]:
    """The fact and the words for the last certificate of each category of which all have ended."""
    for fact, held in _certificates(profile):
        for category in dict.fromkeys(record.category for record in held):
            alike = [record for record in held if record.category == category]
            days = [record.expires_on for record in alike if record.expires_on]
            if len(days) == len(alike) and max(days) < as_of:
                name = _name(fact, alike[0], vocabulary)
                yield fact, _ENDED.format(name=name, day=str(max(days)))


def ending_certificates(
    profile: Profile, vocabulary: Vocabulary, as_of: date
) -> Iterator[tuple[str, Text]]:
    """The fact and the words for each certificate valid on the day that ends soon after it, with
    none of its category to follow."""
    for fact, held in _certificates(profile):
        for record in held:
            day = record.expires_on
            if day and day <= as_of + SOON and _ends(record, held, as_of):
                yield fact, _ENDS.format(name=_name(fact, record, vocabulary), day=str(day))


def _certificates(profile: Profile) -> Iterator[tuple[str, list[Certificate]]]:
    for fact, value in profile.company.items():
        if isinstance(value, tuple):
            yield fact, [record for record in value if isinstance(record, Certificate)]


def _ends(record: Certificate, held: list[Certificate], as_of: date) -> bool:
    """Whether a certificate is valid on a day and none of its category on the one after its last:
    one of which that is not known may follow, and then too nobody is told that it ends."""
    if valid_on(record, as_of) is not Truth.TRUE or record.expires_on is None:
        return False
    after = record.expires_on + DAY
    others = (other for other in held if other.category == record.category)
    return all(valid_on(other, after) is Truth.FALSE for other in others)


def _name(fact: str, record: Certificate, vocabulary: Vocabulary) -> Text:
    codes = vocabulary.codes_of(vocabulary.facts[fact])
    return codes.label_of(record.category) if codes else vocabulary.facts[fact].label
