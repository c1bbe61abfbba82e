"""Texts in several languages: what is put in quotes, and what is joined."""

import pytest

from service.domain.text import Text, listed, quoted

LITTLE_GIANT = Text("专精特新“小巨人”企业", "Little-giant enterprise")
WITHIN = "‘小巨人’"


@pytest.mark.parametrize(
    ("said", "name", "zh", "en"),
    [
        (Text("“{name}”到期", "“{name}” ends"), LITTLE_GIANT,
         f"“专精特新{WITHIN}企业”到期", "“Little-giant enterprise” ends"),
        (Text("{name}到期", "{name} ends"), LITTLE_GIANT,
         "专精特新“小巨人”企业到期", "Little-giant enterprise ends"),
        (Text("“有{name}的”", "“whoever has {name}”"), "“quality”",
         "“有‘quality’的”", "“whoever has ‘quality’”"),
        (Text("{name}：“{name}”", "{name}: “{name}”"), "“A” and “B”",
         "“A” and “B”：“‘A’ and ‘B’”", "“A” and “B”: “‘A’ and ‘B’”"),
    ],
    ids=["in quotes", "not in quotes", "among other words in quotes", "both, twice"],
)  # fmt: skip
def test_what_stands_in_quotes_has_single_ones(
    said: Text, name: Text | str, zh: str, en: str
) -> None:
    assert said.format(name=name) == Text(zh, en)


def test_further_languages_are_quoted_likewise() -> None:
    name = Text("“甲”", "“A”", (("fr", "“Â”"),))
    assert quoted(name).in_language("fr") == "“‘Â’”"


def test_a_name_in_a_row_that_has_its_comma_is_quoted() -> None:
    """So that it is not taken for two; its own quotes become single ones."""
    names = [Text("“甲”、乙", "A, B"), Text("丙", "C")]
    assert listed(names, "and").zh == "“‘甲’、乙”、丙"


def test_the_places_of_a_format_keep_how_they_are_shown() -> None:
    """A brace in what fills a place is no place."""
    assert quoted("{words}").zh == "“{words}”"
