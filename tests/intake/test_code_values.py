"""Codes as they come over the interface: which one a name that was written instead may mean."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.code_values import CodeKind
from service.intake.faults import InvalidValue


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("上海市徐汇区", "310104"),
        ("上海徐汇", "310104"),
        ("上海市浦东新区", "310115"),
        ("江西吉安新干", "360824"),
        ("３１０１０４", "310104"),
        # An abolished code has the name, too: today's is the one to write.
        ("新干县", "360824"),
    ],
)
def test_a_place_as_licences_print_it_is_answered_with_its_code(
    own_vocabulary: Vocabulary, written: str, code: str
) -> None:
    """The interface takes codes alone; whoever sends a name is told the code that it means."""
    with pytest.raises(InvalidValue) as refused:
        CodeKind(own_vocabulary.regions).read(written)
    (fault,) = refused.value.faults
    assert fault.suggest
    assert fault.suggest() == code


@pytest.mark.parametrize("written", ["朝阳", "火星", "上海徐汇" * 100])
def test_a_name_of_several_places_or_none_is_answered_with_no_code(
    own_vocabulary: Vocabulary, written: str
) -> None:
    """A guess would be taken over unread."""
    assert CodeKind(own_vocabulary.regions).suggestion(written) is None
