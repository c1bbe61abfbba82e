"""The figures of the rules and the numbers of the articles agree, both ways."""

import pytest

from service.usecases.authoring.article_figures import NO_PROGRAMME, figure_gaps
from tests.catalogue.island import NEW_BOAT, island
from tests.usecases.authoring.gaps import messages


def gaps_of(**changes: tuple[str, str]) -> list[tuple[int | str, str]]:
    """Where the island's rules and articles do not agree once their files are changed."""
    catalogue = island(**changes)
    (measure,) = catalogue.measures.values()
    return messages(figure_gaps(catalogue, measure))


def unused(article: int, figure: str, programme: str) -> tuple[int, str]:
    return article, f"{figure} is a parameter of {programme}, whose rule has no such figure"


def unwritten(article: int, figure: str, programme: str) -> tuple[int, str]:
    return article, f"{figure} of {programme} is not among the numbers of the article"


def mistaken(article: int, programme: str, figure: str, written: str) -> list[tuple[int, str]]:
    """The gaps where a rule has another figure than the one that the article gives it."""
    return [unused(article, figure, programme), unwritten(article, written, programme)]


WRONG_CLAIMS = {
    "a cap that the article does not give": (
        {"new_boat": ("400_000", "500_000")},
        mistaken(1, "isle-new-boat", "40万元", "500,000 CNY"),
    ),
    "a rate that the article does not give": (
        {"new_boat": ("0.30", "0.35")},
        mistaken(1, "isle-new-boat", "30%", "35%"),
    ),
    "an end of a range of rates": (
        {"yard_loan": ("high: 0.30", "high: 0.40")},
        mistaken(2, "isle-yard-loan", "20%-30%", "40%"),
    ),
    "a threshold that the article does not give": (
        {"yard_loan": ("at_least: 60", "at_least: 72")},
        mistaken(2, "isle-yard-loan", "5年期以上", "72 months"),
    ),
    "paid once, which the rule does not say": (
        {"new_boat": (", one_off: true", "")},
        [unused(1, "一次性", "isle-new-boat")],
    ),
    "a threshold that is said to be stated and is not": (
        {"measure": ("at_least: 1, basis: implied", "at_least: 2")},
        [unwritten(1, "2", "isle-new-boat")],
    ),
    "one at all, which no article writes as a figure": (
        {"measure": ("at_least: 1, basis: implied", "at_least: 1")},
        [],
    ),
    "a government target as a benefit": (
        {"measure": ("3亿元, kind: target", "3亿元, kind: target, programme: isle-yard-loan")},
        [(2, "3亿元 is no parameter, so it cannot belong to a programme")],
    ),
}


@pytest.mark.parametrize(("changes", "gaps"), WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_wrong_claim_is_a_gap(
    changes: dict[str, tuple[str, str]], gaps: list[tuple[int | str, str]]
) -> None:
    """The rules' figures and the articles' numbers are held against each other both ways."""
    assert gaps_of(**changes) == gaps


def test_amounts_in_another_currency_have_their_place() -> None:
    """Ten thousand dollars are neither yuan nor a count."""
    benefit = next(line for line in NEW_BOAT.splitlines() if line.startswith("benefit:"))
    dollars = {"new_boat": (benefit, "benefit: {amount: 400_000, currency: USD, per: unstated}")}
    assert unwritten(1, "400,000 USD", "isle-new-boat") in gaps_of(**dollars)
    written = {**dollars, "measure": ("text: 40万元", "text: 40万美元")}
    assert not any("40" in message for _, message in gaps_of(**written))


def test_a_parameter_of_an_article_with_one_programme_need_not_name_it() -> None:
    """There is no other that it could be of; of several it has to be said."""
    unnamed = ("30%, kind: parameter, programme: isle-new-boat", "30%, kind: parameter")
    assert gaps_of(measure=unnamed) == []
    several = {"measure": unnamed, "yard_loan": ("article: 2", "article: 1")}
    assert (1, NO_PROGRAMME.format(text="30%").en) in gaps_of(**several)


def test_of_several_programmes_the_one_whose_rule_has_the_figure_need_not_be_named() -> None:
    """Of 400,000 yuan there is one, of 30 % there are two."""
    unnamed = ("40万元, kind: parameter, programme: isle-new-boat", "40万元, kind: parameter")
    together = ("article: 2", "article: 1")
    gaps = gaps_of(measure=unnamed, yard_loan=together)
    assert not any("40万元" in message or "400,000" in message for _, message in gaps)
    wrong = gaps_of(measure=(unnamed[0], "41万元, kind: parameter"), yard_loan=together)
    assert (1, NO_PROGRAMME.format(text="41万元").en) in wrong
