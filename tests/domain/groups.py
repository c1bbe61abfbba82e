"""Short ways to write how conditions are connected."""

from service.domain.rules.conditions import Condition, Connective, Group
from tests.domain.sample import CLAUSE


def every_of(*children: Condition) -> Group:
    return Group(Connective.ALL, children, CLAUSE)


def any_of(*children: Condition) -> Group:
    return Group(Connective.ANY, children, CLAUSE)


def not_(child: Condition) -> Group:
    return Group(Connective.NOT, (child,), CLAUSE)


def some_of(count: int, *children: Condition) -> Group:
    return Group(Connective.AT_LEAST, children, CLAUSE, count=count)
