"""What projects are called."""

import pytest

from service.rendering.project_names import NamedProject, project_names
from tests.own import own_catalogue

LOAN, NAMED = NamedProject("p1", "loan", ""), NamedProject("p2", "loan", "灯塔")
OTHER = NamedProject("p3", "research", "")


@pytest.mark.parametrize(
    ("projects", "called"),
    [
        ((), {}),
        ((LOAN,), {"p1": None}),
        ((LOAN, OTHER), {"p1": None, "p3": None}),
        (
            (LOAN, NAMED, OTHER),
            {"p1": "Loan for running the business or for R&D 1", "p2": "灯塔", "p3": None},
        ),
        ((NAMED, LOAN), {"p1": "Loan for running the business or for R&D 2", "p2": "灯塔"}),
    ],
)
def test_a_project_is_numbered_only_where_another_may_be_meant(
    projects: tuple[NamedProject, ...],
    called: dict[str, str | None],
) -> None:
    """A name tells it; a kind with a number only beside others of its kind."""
    found = project_names(projects, own_catalogue().vocabulary)
    assert {ref: text and text.en for ref, text in found.items()} == called
