"""Words that people use for what the documents call otherwise, and words that ask for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SearchWords:
    """`synonyms` gives for a word what the documents may call it; `ignored` are the words of any
    question. All without capitals, as a query is folded."""

    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
