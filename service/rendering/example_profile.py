"""An example of a programme as the profile that it describes."""

from collections.abc import Callable
from typing import Any

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.programmes import Example, Programme
from service.rendering.json_parts import Json, with_refs


def example_profile(
    programme: Programme,
    example: Example,
    vocabulary: Vocabulary,
    written: Callable[[str, object], Any],
) -> Json:
    """The profile of an example in plain JSON; `written` gives the value of a fact, by its id, as
    it is sent."""
    parts: dict[str, Json] = {"company": {}, "project": {}}
    listed: list[Any] = []
    for fact, value in example.given.items():
        owner, name = fact.split(".")
        if fact in vocabulary.project_lists:
            listed += with_refs(written(fact, value))
        else:
            parts[owner][name] = written(fact, value)
    if programme.supports and example.project:
        listed.insert(0, {"ref": "p1", "kind": programme.supports[0], **parts["project"]})
    return {"company": parts["company"], **({"projects": listed} if listed else {})}
