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


def test_what_is_not_open_yet_is_found_behind_all_that_is(own_huice: Services) -> None:
    """Who looks for money for robots wants no pool under study first."""
    planned = own_huice.compiled.catalogue.planned
    found = [name in planned for name in own_huice.search("机器人补贴").ids]
    assert any(found)
    assert found == sorted(found)
    assert not found[0]


def test_the_everyday_name_of_a_quarter_finds_what_may_be_claimed_there(
    own_huice: Services,
) -> None:
    """Zhangjiang lies in Pudong; sums of money come first, since nothing else is asked for."""
    programmes = own_huice.compiled.catalogue.programmes
    (first, *_) = own_huice.search("张江").ids
    assert programmes[first].jurisdiction == "310000"
    benefit = programmes[first].benefit
    assert benefit is not None
    assert benefit.most
