"""What people write into forms becomes the contract's plain values, or a fault in words."""

from werkzeug.datastructures import MultiDict

from service.domain.text import Text
from service.web.cases import Case
from service.web.forms import apply_form
from service.web.ports import PageContext


def test_the_profile_reader_judges_what_a_form_says(site: PageContext) -> None:
    """A credit code with a slip is refused at its own field, in both languages."""
    case, fact = Case("x"), site.vocabulary.facts["company.uscc"]
    reading = apply_form(site, case, (fact,), MultiDict({"company.uscc": "91310115MA1K4XYZ12"}))
    fault = reading.faults["company.uscc"]
    assert isinstance(fault, Text)
    assert fault.zh
    assert fault.en


def test_a_changed_value_is_verified_no_more(site: PageContext) -> None:
    """What the bank has seen was the old figure."""
    case, fact = Case("x", company={"revenue": "50000"}), site.vocabulary.facts["company.revenue"]
    case.provenance["company.revenue"] = "verified"
    apply_form(site, case, (fact,), MultiDict({"company.revenue": "50000"}))
    assert case.provenance == {"company.revenue": "verified"}
    apply_form(site, case, (fact,), MultiDict({"company.revenue": "60000"}))
    assert case.provenance == {}
