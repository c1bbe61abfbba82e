"""What rows state, and what they do not, in words."""

import numpy as np
import pyarrow as pa

from service.bulk.cells import Cells, DistinctColumn, Numbers
from service.usecases.portfolio.verdict_words import FactWords, Phrases, patterns_of
from tests.own import own_catalogue

ROWS = pa.RecordBatch.from_pydict({"company.employees": pa.array(["12", None, "40"])})
CELLS: dict[str, Cells] = {
    "company.employees": Numbers(np.array([12, 0, 40]), np.array([True, False, True]), 0),
    "company.profitable": DistinctColumn(np.array([0, -1, -1], np.int32), [True]),
}
ASKED = ["company.employees", "company.profitable", "company.revenue"]


def test_what_rows_state_is_told_and_what_only_follows_is_marked() -> None:
    """Nothing is said of a row that states nothing, and of a fact that no row has."""
    words = FactWords(own_catalogue(), ROWS, CELLS, "en")
    assert words.stated(ASKED, np.arange(3)).to_pylist() == [
        "Employees: 12; Profitable: yes (derived)",
        None,
        "Employees: 40",
    ]


def test_what_nobody_is_asked_is_told_to_nobody() -> None:
    """Under what a company states stood that it "has not said that it does no business"."""
    cells = {"company.technical_business": DistinctColumn(np.zeros(3, np.int32), [True])}
    words = FactWords(own_catalogue(), ROWS, {**CELLS, **cells}, "en")
    asked = ["company.technical_business", "company.employees"]
    assert words.stated(asked, np.array([0, 1])).to_pylist() == ["Employees: 12", None]


def test_what_rows_do_not_state_is_named_once_for_all_alike() -> None:
    words = FactWords(own_catalogue(), ROWS, CELLS, "en")
    places = words.unstated(ASKED, np.array([2, 1, 0, 2]))
    assert words.phrases.column(places).to_pylist() == [
        "Profitable; Revenue of the last year",
        "Employees; Profitable; Revenue of the last year",
        "Revenue of the last year",
        "Profitable; Revenue of the last year",
    ]


def test_a_text_is_held_once_and_none_is_null() -> None:
    phrases = Phrases()
    places = [phrases.place_of(text) for text in ("a", "b", None, "a", "")]
    assert places == [0, 1, -1, 0, -1]
    assert phrases.column(np.array(places, np.int32)).to_pylist() == ["a", "b", None, "a", None]


def test_patterns_are_the_different_rows_with_their_places() -> None:
    columns = [np.array(column, np.int8) for column in ([0, 1, 0, 2], [1, 1, 1, 0])]
    found = {tuple(pattern): places.tolist() for pattern, places in patterns_of(columns)}
    assert found == {(0, 1): [0, 2], (1, 1): [1], (2, 0): [3]}
    assert list(patterns_of([])) == []
