"""What rules name that stands in files of its own, as `huice codes` lists it."""

from service.catalogue.loader import load_words
from service.catalogue.named_standards import named_standards
from tests.own import own_source


def test_each_is_told_by_the_key_that_names_it() -> None:
    """Public figures, points models, categories and the size classes."""
    source = own_source()
    named = named_standards(source, load_words(source)[0])
    assert named["parameter"]["lpr_1y"].en == "One-year loan prime rate (LPR)"
    assert named["points"]["technology-sme-115"].en == "Technology SME score"
    assert named["meets"]["high-tech-enterprise-2016"].en == "High-tech enterprise"
    assert list(named["size"]) == ["micro", "small", "medium", "large"]


def test_a_file_that_cannot_be_read_keeps_nobody_from_the_others() -> None:
    """Whoever looks for a code may be in the middle of writing one."""
    source = own_source()
    broken = {path: b"id: [" if path.startswith("policies/points/") else content
              for path, content in source.items()}  # fmt: skip
    named = named_standards(broken, load_words(broken)[0])
    assert named["points"] == {}
    assert "lpr_1y" in named["parameter"]
