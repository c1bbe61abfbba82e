"""Text in several languages: our own words in Chinese and English, a catalogue's in its own."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

# What the service's own words are written in.
SPOKEN = ("zh", "en")
# Marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9, 2.1-2.6).
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def language_asked(
    accepted: Iterable[tuple[str, float]], offered: Collection[str] = SPOKEN
) -> str | None:
    """The first language that is offered among those a reader accepts, tag and weight of each, the
    best first; None where none of them is. (To werkzeug's best match zh-CN before en asks for
    English.)"""
    tags = (tag.partition("-")[0].lower() for tag, weight in accepted if weight > 0)
    return next((tag for tag in tags if tag in offered), None)


def first_spoken(languages: Iterable[str]) -> str:
    """The first of a catalogue's languages that the service speaks; English where it speaks none of
    them, beside the catalogue's own words.

    >>> first_spoken(["fr", "zh"]), first_spoken(["fr"])
    ('zh', 'en')
    """
    return next((tag for tag in languages if tag in SPOKEN), "en")


def without_direction(text: str) -> str:
    """The text without what is not seen and turns round the order in which others read it: the rest
    of a line behind a name, or the ending of a file. Windows puts such marks into what is copied.

    >>> without_direction("甲\\u202egpj.exe")
    '甲gpj.exe'
    """
    return text if text.isascii() else _DIRECTION.sub("", text)


# A quotation in a wording, and a place in it that is to be filled.
_QUOTATION = re.compile("“[^“”]*”")
_ENDS_APART = re.compile("[0-9A-Za-z]$")
_PLACE = re.compile(r"\{(\w+)")
_INNER_QUOTES = str.maketrans("“”", "‘’")
# With their places looked up.
_MAX_WORDINGS = 4_096


def _filled(wording: str, parts: Mapping[str, str]) -> str:
    """A wording with its places filled. What comes to stand in double quotes has single ones."""
    if "“" not in wording:
        return wording.format_map(parts)
    marked, names = _quoted_places(wording)
    inner = {f"“{name}": parts[name].translate(_INNER_QUOTES) for name in names}
    return marked.format_map({**parts, **inner})


@lru_cache(_MAX_WORDINGS)
def _quoted_places(wording: str) -> tuple[str, frozenset[str]]:
    """The wording with `{“name}` for each `{name}` that stands in quotes, and these names."""
    names = [n for quotation in _QUOTATION.findall(wording) for n in _PLACE.findall(quotation)]
    return _QUOTATION.sub(lambda m: _PLACE.sub(r"{“\1", m[0]), wording), frozenset(names)


@dataclass(frozen=True, slots=True)
class Text:
    """One wording for each language.

    `zh` and `en` are always there, since the pages speak these two; in a catalogue that has not
    both, the words of its first language stand in. `others` are its further languages.
    """

    zh: str
    en: str
    others: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> str:
        """The wording for a language tag such as "en-GB"; English where there is no such one."""
        if not self.others:
            return self.zh if language[:2].lower() == "zh" else self.en
        tag = language.lower()
        for name, words in self.others:
            if tag.split("-")[0] == name.lower().split("-")[0]:
                return words
        return self.zh if tag.startswith("zh") else self.en

    def by_language(self) -> dict[str, str]:
        """All wordings by their language tags."""
        return {"zh": self.zh, "en": self.en, **dict(self.others)}

    def format(self, **parts: "Text | str") -> "Text":
        """Fill `{name}` places; a Text part contributes the wording of each language, and one that
        stands in quotes has single quotes inside.

        >>> Text("未填“{label}”", "“{label}” is missing").format(label="“小巨人”企业").zh
        '未填“‘小巨人’企业”'
        """
        zh: dict[str, Any] = parts.copy()
        en, others = zh.copy(), self.others
        for name, part in parts.items():
            if isinstance(part, Text):
                zh[name], en[name], others = part.zh, part.en, others or part.others
        if not others:
            return Text(_filled(self.zh, zh), _filled(self.en, en))
        said = [part for part in parts.values() if isinstance(part, Text)]

        def filled(language: str) -> str:
            words = {
                k: v.in_language(language) if isinstance(v, Text) else v for k, v in parts.items()
            }
            return _filled(self.in_language(language), words)

        return _in_each_language([self, *said], filled)


def each_wording(parts: Iterable[Text], say: Callable[[list[str], str], str]) -> Text:
    """One text made of the wordings of several: `say` gets them in one language, and its tag."""
    items = tuple(parts)
    return _in_each_language(items, lambda tag: say([p.in_language(tag) for p in items], tag))


# What stands between statements of one sentence, and between names in a row.
SEMICOLON = Text("；", "; ")
LIST_COMMA = Text("、", ", ")


def join(parts: Iterable[Text], between: Text) -> Text:
    """Join texts with a separator for each language; further languages take the English one."""
    items = tuple(parts)
    if not any(p.others for p in items):
        zh, en = between.zh.join([p.zh for p in items]), between.en.join([p.en for p in items])
        return Text(zh, en)
    return _in_each_language(
        items,
        lambda language: between.in_language(language).join(
            [p.in_language(language) for p in items]
        ),
    )


def text_of(words: Mapping[str, str], languages: Iterable[str]) -> Text:
    """The text of a catalogue's words by language; the first of its languages stands in for Chinese
    and English where it has not both."""
    tags = tuple(languages)
    first = words[tags[0]]
    others = tuple((tag, words[tag]) for tag in tags if tag not in SPOKEN)
    return Text(words.get("zh", first), words.get("en", first), others)


def _in_each_language(texts: Iterable[Text], say: Callable[[str], str]) -> Text:
    others = dict.fromkeys(tag for text in texts for tag, _ in text.others)
    return Text(say("zh"), say("en"), tuple((tag, say(tag)) for tag in others))


def grouped(number: int | Decimal) -> str:
    """A number in figures as it is, its thousands set off.

    >>> grouped(1234567)
    '1,234,567'
    >>> grouped(Decimal("1E+4")), grouped(Decimal("1234.50"))
    ('10,000', '1,234.50')
    """
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"


def spaced(words: Text) -> Text:
    """A number within Chinese words stands apart from them."""
    return replace(words, zh=f" {words.zh}") if words.zh[:1].isascii() else words


def set_apart(words: Text) -> Text:
    """Chinese words behind which others follow: a number or a name in letters at their end stands
    apart from them.

    >>> set_apart(Text("不低于 2", "at least 2")).zh
    '不低于 2 '
    """
    return replace(words, zh=f"{words.zh} ") if _ENDS_APART.search(words.zh) else words


def bracketed(words: Text) -> Text:
    return Text("（{words}）", "({words})").format(words=words)


def quoted(words: Text | str) -> Text:
    """Words set off from those around them, with single quotes inside."""
    return Text("“{words}”", "“{words}”").format(words=words)


def enumerated(names: Iterable[str]) -> Text:
    """Names that are the same in every language, in a row.

    >>> enumerated(["A1", "B2"])
    Text(zh='A1、B2', en='A1, B2', others=())
    """
    ordered = list(names)
    return Text("、".join(ordered), ", ".join(ordered))


def listed(parts: list[Text], last: str) -> Text:
    """Several names in a row; one that has the Chinese comma of lists inside is quoted."""
    if len(parts) == 1:
        return parts[0]

    def wording(names: list[str], language: str) -> str:
        if language == "zh":
            return "、".join(quoted(name).zh if _is_loose(name) else name for name in names)
        return f"{', '.join(names[:-1])} {last} {names[-1]}"

    return each_wording(parts, wording)


def _is_loose(name: str) -> bool:
    """Whether a Chinese name has a comma of lists inside that nothing sets apart."""
    return "、" in name and not (name.startswith("（") and name.endswith("）"))


# No more of a word is compared with names.
_MAX_COMPARED_LENGTH = 80
# How much of two spellings has to be the same where nobody says.
ALIKE = 0.6


def names_like(given: str, names: Iterable[str], most: int, alike: float = ALIKE) -> list[str]:
    """The names that are spelt most like a given one, the likest first, at most so many. `alike`,
    from 0 to 1: how much of the two has to be the same."""
    return get_close_matches(given[:_MAX_COMPARED_LENGTH], list(names), most, alike)


def nearest(given: str, names: Iterable[str], alike: float = ALIKE) -> str | None:
    """The name that is spelt most like a given one; None where none is like it.

    >>> nearest("summ", ["mean", "sum"]), nearest("share", ["mean", "sum"])
    ('sum', None)
    """
    return next(iter(names_like(given, names, 1, alike)), None)


_OR_MEANT = Text("{said}；是否指 {near}？", "{said}; did you mean {near}?")


def did_you_mean(said: Text, near: Text | str | None) -> Text:
    """What is wrong with a name, and the one that was probably meant, where there is such a one."""
    return _OR_MEANT.format(said=said, near=near) if near else said
