"""What is told where a certificate that a company holds ends before long."""

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


def certificate_warnings(profile: Profile, vocabulary: Vocabulary, as_of: date) -> list[Json]:
    """A warning for each certificate that ends soon."""
    return [
        {"code": "certificate_ends", "text": text_json(text), "fact": fact}
        for fact, text in ending_certificates(profile, vocabulary, as_of)
    ]


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
