"""What a condition comes to as formulas of the solver."""

from dataclasses import dataclass

from service.domain.rules.conditions import Condition
from service.proof.variables import Formula


@dataclass(frozen=True, eq=False)
class Node:
    """A condition and its formulas: `true`, `possible` (not FALSE), `exact` (everything it looks at
    is stated exactly), and `decided` (met in the end, where it is exact)."""

    condition: Condition
    true: Formula
    possible: Formula
    exact: Formula
    decided: Formula
    children: "tuple[Node, ...]" = ()
