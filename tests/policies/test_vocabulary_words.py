"""What the questions of our own vocabulary say is for who fills in a form, not who writes JSON."""

from tests.own import own_compiled


def test_no_help_speaks_of_the_request() -> None:
    """Nobody at a form sends an empty list."""
    facts = own_compiled().catalogue.vocabulary.facts
    told = {fact.id: f"{fact.help.zh} {fact.help.en}" for fact in facts.values()}
    assert told
    words = ("列表", "empty list", "JSON", "null", "字段")
    assert {i: t for i, t in told.items() if any(w in t for w in words)} == {}
