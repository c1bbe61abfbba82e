"""What full text can find, and the request that anybody may send at once."""

from service.app import Services
from service.domain.evaluation.evaluator import Status
from service.storage.search import DocumentKind
from service.usecases.reference.example_request import example_request
from service.usecases.reference.search_documents import search_documents


def test_there_is_a_document_of_every_programme_and_article(city: Services) -> None:
    """With its name, and the words of what it is for."""
    catalogue = city.compiled.catalogue
    found = {(d.kind, d.id): d for d in search_documents(catalogue)}
    assert {i for kind, i in found if kind is DocumentKind.PROGRAMME} == set(catalogue.programmes)
    assert {i for kind, i in found if kind is DocumentKind.ARTICLE} == {
        "me-2026-1/heading", "me-2026-1/1", "me-2026-1/2"
    }  # fmt: skip
    lighthouse = found[DocumentKind.PROGRAMME, "me-lighthouse"]
    assert lighthouse.name.zh == "灯塔工程补助"
    assert "灯塔局" in lighthouse.body.zh


def test_the_example_request_comes_out_promising(city: Services) -> None:
    """It is the example of a programme with an amount, as a client would send it."""
    answer = city.matching.match_json(example_request(city.compiled))
    (found, *_) = answer["matches"]
    assert found["status"] == Status.POTENTIAL.value
    assert found["ceiling"]["amount"] == "18000000.00"
