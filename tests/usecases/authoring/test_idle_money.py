"""Money rules of which a part changes nothing, or two parts do not go together."""

import pytest

from service.catalogue.loader import load_catalogue as read
from service.usecases.authoring.idle_money import idle_money
from tests.catalogue.test_loader import good
from tests.own import own_catalogue
from tests.usecases.authoring.test_doubtful_files import SOLAR, isles

WRITTEN = "{rate: 0.50, of: project.cost, cap: 9_000, per: project}"
LEVELS = "amount: {by: company.size, values: {micro: 5_000, small: 2_000}, otherwise: 0}"
VOCABULARY, GRANT = "policies/vocabulary.yaml", "{zh: 资助, en: Grant}"


def notes(benefit: str) -> list[str]:
    """What is noted of the isles' aid where its money is given so."""
    return [note.message.en for note in idle_money(isles(old=WRITTEN, new=benefit))]


@pytest.mark.parametrize(
    ("benefit", "said"),
    [
        (f"{{{LEVELS}, cap: 30_000, per: project}}",
         "the cap of XXX 30,000 never binds, for what it caps comes to XXX 5,000 at most"),
        (f"{{{LEVELS}, caps: [{{amount: 30_000, per: project}}], per: project}}", "never binds"),
        (("{rate: 0.50, of: project.cost, cap: 9_000, per: project, "
         "caps: [{amount: 20_000, per: project}]}"), "comes to XXX 9,000 at most"),
        ((f"{{{LEVELS}, per: project, caps: [{{amount: 20_000, per: year}}], "
         "limit: {count: 3, per: year}}"), "comes to XXX 15,000 at most"),
        (f"{{{LEVELS}, per: project, limit: {{count: 3_000, per: year}}}}",
         "at most 3000 of them, and no more than 200 projects can be stated"),
        (("{rate: 0.50, of: project.cost, cap: 9_000, per: project, "
         "over: {years: 3, shares: [0.50, 0.70, 1]}}"), "a later year is paid more"),
        ("{amount: 500, less: 2_000, per: project}", "comes to nothing, whatever is stated"),
    ],
)  # fmt: skip
def test_what_a_rule_never_comes_to_is_noted(benefit: str, said: str) -> None:
    """A cap, a count and the order of years, by the bounds that the rule itself has."""
    (note,) = notes(benefit)
    assert said in note


@pytest.mark.parametrize(
    "benefit",
    [
        WRITTEN,
        f"{{{LEVELS}, cap: 5_000, per: project}}",
        f"{{{LEVELS}, per: project, caps: [{{amount: 20_000, per: year}}]}}",
        (
            f"{{{LEVELS}, per: project, caps: [{{amount: 15_000, per: year}}], "
            "limit: {count: 3, per: year}}"
        ),
        f"{{{LEVELS}, per: project, limit: {{count: 200, per: year}}}}",
        (
            "{rate: 0.50, of: project.cost, cap: 9_000, per: project, "
            "over: {years: 3, shares: [1, 0.70, 0.50]}}"
        ),
    ],
)
def test_what_it_may_come_to_is_not(benefit: str) -> None:
    """Nor a cap that is just reached, or one of a year in which there may be any number."""
    assert notes(benefit) == []


@pytest.mark.parametrize(
    ("repayable", "written", "said"),
    [
        ("true", "", "“Grant” is paid back, and the benefit does not say `repayable: true`"),
        ("true", ", repayable: true", None),
        ("false", ", repayable: true", "“Grant” is kept, and the benefit says `repayable: true`"),
        ("false", "", None),
    ],
)
def test_an_instrument_goes_with_how_the_money_is_given(
    repayable: str, written: str, said: str | None
) -> None:
    """Where its code says whether what it gives is paid back."""
    source = dict(good())
    code = GRANT.replace("}", f", repayable: {repayable}}}")
    listed = source[VOCABULARY].decode().replace(GRANT, code)
    benefit = WRITTEN.replace("}", f"{written}}}")
    source[SOLAR] = source[SOLAR].decode().replace(WRITTEN, benefit).encode()
    found = [n.message.en for n in idle_money(read({**source, VOCABULARY: listed.encode()}))]
    assert len(found) == (said is not None)
    assert all(said is not None and said in words for words in found)


def test_the_project_s_own_rules_have_none() -> None:
    """Each of their caps can be reached, and each instrument goes with its money."""
    assert list(idle_money(own_catalogue())) == []
