"""Bilingual text: everything a person reads exists in Chinese and in English."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The wording for a language tag such as "en"; Chinese unless English is asked."""
        return self.en if language.lower().startswith("en") else self.zh

    def format(self, **parts: "Text | str") -> "Text":
        """Fill `{name}` places; a Text part contributes the wording of each language."""
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in parts.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in parts.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))


def join(parts: Iterable[Text], zh: str, en: str) -> Text:
    """Join texts with a separator for each language."""
    items = tuple(parts)
    return Text(zh.join(p.zh for p in items), en.join(p.en for p in items))
