"""A near miss is no advice to answer otherwise: what it may offer as a change is an act."""

from service.domain.facts.vocabulary import FactType
from tests.usecases.authoring.official_sources import project_catalogue


def test_no_yes_or_no_can_be_changed_but_by_entering_a_register() -> None:
    """Plans, exports, rights, facts of a project: who has said no has answered."""
    facts = project_catalogue().vocabulary.facts.values()
    assert [f.id for f in facts if f.changeable and f.type is FactType.BOOLEAN] == [
        "company.in_statistics_register"
    ]


def test_the_sets_that_can_be_changed_are_acts() -> None:
    """Branches, certificates, investors and partners can be had; tasks, assets, plans and kinds of
    project are as they are."""
    facts = project_catalogue().vocabulary.facts.values()
    sets = (FactType.CODE, FactType.CODES, FactType.CERTIFICATES, FactType.AWARDS)
    assert {f.id for f in facts if f.changeable and f.type in sets} == {
        "company.presence_regions",
        "company.certificates",
        "company.investors",
        "project.location",
        "project.partners",
    }
