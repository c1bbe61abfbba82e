"""What stands in the way says what it is: an unmet demand, one of several, or an excluded case."""

import pytest

from service.domain.facts.profile import Value
from service.domain.rules.conditions import Condition
from service.domain.truth import Truth
from service.domain.wording.outcomes import obstacle_words
from tests.domain.bounds import at_least
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask
from tests.domain.sample import VOCABULARY

ENTERPRISE, LISTED = among("kind", "enterprise"), among("listed", True)
BIG = ask("employees", at_least(1000))
OPEN = among("main_field", "quantum", umbrella="future_information")
EITHER = among("kind", "enterprise", "institute")
OF_INSTITUTE: dict[str, Value] = {"company.kind": "institute"}


@pytest.mark.parametrize(
    ("condition", "truth", "zh", "en"),
    [
        (
            ENTERPRISE,
            Truth.FALSE,
            "不满足：主体类型为企业",
            "not met: Kind of applicant: Enterprise",
        ),
        # what has failed is told without who else may be admitted, only that the list is open
        (
            OPEN,
            Truth.FALSE,
            "不满足：主要领域为量子科技等",
            "not met: Main field: Quantum technology or the like",
        ),
        # what is excluded is the case, and is told with the values that are
        (
            EITHER,
            Truth.TRUE,
            "属于不适用的情形：主体类型为科研机构",
            "a case that it is not open for: Kind of applicant: Research institute",
        ),
        (
            not_(EITHER),
            Truth.FALSE,
            "属于不适用的情形：主体类型为科研机构",
            "a case that it is not open for: Kind of applicant: Research institute",
        ),
        (
            any_of(ENTERPRISE, LISTED),
            Truth.FALSE,
            "以下须满足其一，均不满足【主体类型为企业；已上市】",
            "one of these is needed, none is met [Kind of applicant: Enterprise; Listed]",
        ),
        # parts have no brackets of their own
        (
            any_of(every_of(ENTERPRISE, LISTED), BIG),
            Truth.FALSE,
            "以下须满足其一，均不满足【主体类型为企业，且已上市；职工总数不低于 1,000 人】",
            (
                "one of these is needed, none is met "
                "[Kind of applicant: Enterprise and Listed; Employees: at least 1,000]"
            ),
        ),
        (
            any_of(among("region", "310000"), among("presence", "310000")),
            Truth.FALSE,
            "不满足：注册地或经营地属于上海市",
            "not met: Registered region or Places of business: within Shanghai",
        ),
        (
            some_of(2, ENTERPRISE, LISTED, BIG),
            Truth.FALSE,
            "以下须满足 2 项，满足的不够【主体类型为企业；已上市；职工总数不低于 1,000 人】",
            (
                "2 of these are needed, fewer are met "
                "[Kind of applicant: Enterprise; Listed; Employees: at least 1,000]"
            ),
        ),
        (
            every_of(ENTERPRISE, LISTED),
            Truth.TRUE,
            "属于不适用的情形：【以下各项都要满足：主体类型为企业；已上市】",
            "a case that it is not open for: [all of: Kind of applicant: Enterprise; Listed]",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_as_what_it_is(
    condition: Condition, truth: Truth, zh: str, en: str
) -> None:
    """Never is a case that holds printed as a demand that fails."""
    words = obstacle_words(condition, truth, OF_INSTITUTE, VOCABULARY)
    assert (words.zh, words.en) == (zh, en)
