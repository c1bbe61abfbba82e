"""What a text writes in the place of a rule's figures."""

from dataclasses import replace

import pytest

from service.domain.rules.application import Application, YearlyWindow
from service.domain.rules.measures import NumberEntry, NumberKind
from service.usecases.authoring.article_figures import figure_gaps
from service.usecases.authoring.figures_told_otherwise import allowed_figures
from tests.catalogue.island import NEW_BOAT, island
from tests.usecases.authoring.gaps import messages


@pytest.mark.parametrize(
    ("benefit", "written"),
    [
        ("rate: 0.30, of: company.cost, plus: [{when: {use: boat_owner}, points: 0.20}]",
         ["30%", "50%"]),
        ("amount: 100_000, instalments: [0.40, 0.30, 0.30]", ["10万元", "三期", "4", "3", "3"]),
        ("amount: 100_000, instalments: [0.40, 0.30, 0.30]", ["10万元", "40%", "30%", "30%"]),
        ("amount: {product: [100_000, {by: company.boats, values: {1: 1}, otherwise: 0.50}]}",
         ["10万元"]),
    ],
)  # fmt: skip
def test_what_a_text_writes_otherwise_is_no_gap(benefit: str, written: list[str]) -> None:
    """What a share is raised to in the place of the points, 4:3:3 in the place of 40 %, and "by
    half" in words alone."""
    line = next(line for line in NEW_BOAT.splitlines() if line.startswith("benefit:"))
    catalogue = island(new_boat=(line, f"benefit: {{{benefit}, per: unstated}}"))
    (measure,) = catalogue.measures.values()
    articles = tuple(
        replace(a, numbers=tuple(NumberEntry(t, NumberKind.PARAMETER) for t in written))
        if a.number == 1
        else a
        for a in measure.articles
    )
    changed = replace(measure, articles=articles)
    assert messages(figure_gaps(catalogue, changed)) == []


def test_the_days_of_application_are_no_gap() -> None:
    """Every year from 1 April to 31 May."""
    catalogue = island()
    window = Application(windows=(YearlyWindow((4, 1), (5, 31)),))
    rule = replace(catalogue.programmes["isle-new-boat"], application=window)
    told = {figure.words.en for figure in allowed_figures(rule, catalogue.vocabulary)}
    assert {"4", "1", "5", "31"} <= told
