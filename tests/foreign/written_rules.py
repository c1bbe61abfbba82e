"""264 made-up programmes of a place that does not exist, in French and euros, from one seed: each
as a plain tree, and written in the rule language in four spellings that mean the same.

A tree is a tuple whose first member says what it is: ("among", fact, codes), ("held", fact,
codes), ("at_least" | "more_than" | "at_most" | "less_than", fact, number), ("age_at_least" |
"age_less_than", fact, years), ("ratio", fact, fact, number), ("label", code), ("yes", fact),
("undecided",), and ("all" | "any", trees), ("not", tree), ("some", count, trees).
"""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, TypeAlias

import yaml

Tree: TypeAlias = tuple[Any, ...]

COUNT = 264
SPELLINGS = ("plain", "by opposites", "by counts", "by definitions")
KINDS = ("entreprise", "association", "commune", "exploitant")
# Each place and trade with the broader one that it lies in.
PLACES = {
    "aubrac": None, "haut": "aubrac", "bas": "aubrac", "source": "haut", "col": "haut",
    "gue": "bas", "vexin": None, "bourg": "vexin",
}  # fmt: skip
TRADES = {
    "industrie": None,
    "bois": "industrie",
    "metal": "industrie",
    "soins": None,
    "ferme": None,
}
THEMES = {"eau": None, "air": None, "sol": None, "dechets": None}
LABELS = ("durable", "local", "ancien")
NUMBERS = {
    "company.effectif": (10, 20, 50, 250),
    "company.chiffre_affaires": (50_000, 700_000, 2_000_000, 10_000_000),
    "company.investissement": (20_000, 150_000, 1_000_000),
}
OPPOSITE = {"at_least": "less_than", "more_than": "at_most", "at_most": "more_than",
            "less_than": "at_least", "age_at_least": "age_less_than",
            "age_less_than": "age_at_least"}  # fmt: skip
BOUNDS = ("at_least", "more_than", "at_most", "less_than")
ZERO = "sha256:" + "0" * 64


@dataclass(frozen=True)
class Rule:
    """One programme: whom it addresses, what it asks, what it pays and when it is in force."""

    name: str
    kinds: tuple[str, ...]
    open_to: tuple[str, ...]
    asks: Tree
    commitment: str
    begins: date
    ends: date | None
    rate: str
    cap: int


def rules(seed: int = 1789) -> list[Rule]:
    """The programmes."""
    random = Random(seed)
    return [_rule(random, n) for n in range(COUNT)]


def _rule(random: Random, n: int) -> Rule:
    leaves = _leaves(random)
    random.shuffle(leaves)
    chosen = leaves[: random.randint(2, 6)]
    kinds = tuple(sorted(random.sample(KINDS, random.randint(1, 2))))
    others = [k for k in KINDS if k not in kinds]
    begins = date(2026, random.randint(1, 12), random.randint(1, 28))
    return Rule(
        f"aide-{n:03}", kinds, tuple(random.sample(others, random.randint(0, 1))),
        _joined(random, chosen), random.choice(("entitlement", "funding", "support", "planned")),
        begins, random.choice((None, date(2027, 12, 31), date(2026, 12, 31))),
        random.choice(("0.10", "0.25", "0.333", "0.40")), random.choice((5_000, 30_000, 400_000)),
    )  # fmt: skip


def _leaves(random: Random) -> list[Tree]:
    """One test of each fact, so that none denies another."""
    found: list[Tree] = [
        ("among", "company.territoire", tuple(sorted(random.sample(list(PLACES), 2)))),
        ("among", "company.secteur", tuple(sorted(random.sample(list(TRADES), 2)))),
        ("held", "company.themes", tuple(sorted(random.sample(list(THEMES), 2)))),
        ("label", random.choice(LABELS)),
        ("yes", "company.exporte"),
        (random.choice(("age_at_least", "age_less_than")), "company.creee_le",
         random.choice((1, 3, 5))),
        ("ratio", "company.recherche", "company.salaires", random.choice(("0.05", "0.20"))),
    ]  # fmt: skip
    for fact, ends in NUMBERS.items():
        found.append((random.choice(BOUNDS), fact, random.choice(ends)))
    if random.random() < 0.1:
        found.append(("undecided",))
    return found


def _joined(random: Random, leaves: list[Tree]) -> Tree:
    """The leaves under groups of groups."""
    if len(leaves) == 1:
        return leaves[0] if leaves[0] == ("undecided",) or random.random() < 0.8 else (
            "not", leaves[0])  # fmt: skip
    if len(leaves) == 2:
        return (random.choice(("all", "any")), tuple(_joined(random, [leaf]) for leaf in leaves))
    cut = random.randint(1, len(leaves) - 2)
    parts = [_joined(random, leaves[:cut]), *(_joined(random, [leaf]) for leaf in leaves[cut:])]
    gate = random.choice(("all", "any", "some"))
    return (gate, random.randint(1, len(parts)), tuple(parts)) if gate == "some" else (
        gate, tuple(parts))  # fmt: skip


class Speller:
    """Writes trees in one of the spellings; `definitions` are what it named."""

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling
        self.definitions: dict[str, Any] = {}

    def write(self, tree: Tree) -> Any:
        """A condition of the rule language."""
        head, *rest = tree
        if self.spelling == "by opposites":
            return self._by_opposites(tree)
        if head == "not":
            return {"not": self.write(rest[0])}
        if head in ("all", "any", "some"):
            parts = [self.write(part) for part in rest[-1]]
            count = {"all": len(parts), "any": 1}.get(head, rest[0])
            if self.spelling == "by definitions":
                parts = [*reversed(parts)]
            if head == "some" or self.spelling == "by counts":
                return {"at_least": {"count": count, "of": parts}}
            return {head: parts}
        written = self._leaf(tree)
        if self.spelling != "by definitions":
            return written
        name = f"d{len(self.definitions)}"
        self.definitions[name] = written
        return {"use": name}

    def _by_opposites(self, tree: Tree) -> Any:
        """All as not any of the opposites, any as not all, each bound by the one across it."""
        head, *rest = tree
        if head == "not":
            return {"not": self.write(rest[0])}
        if head in ("all", "any"):
            other = {"all": "any", "any": "all"}[head]
            return {"not": {other: [{"not": self.write(part)} for part in rest[0]]}}
        if head == "some":
            count, parts = rest
            refused = [{"not": self.write(part)} for part in parts]
            return {"not": {"at_least": {"count": len(parts) - count + 1, "of": refused}}}
        if head in OPPOSITE:
            return {"not": self._leaf((OPPOSITE[head], *rest))}
        if head == "yes":
            return {"not": {"fact": rest[0], "is": False}}
        return self._leaf(tree)

    def _leaf(self, tree: Tree) -> Any:
        head, *rest = tree
        if head == "undecided":
            return {"undecided": {"fr": "projet reconnu par le conseil"}}
        if head == "yes":
            return {"fact": rest[0], "is": True}
        if head == "label":
            return {"fact": "company.labels", "holds": rest[0]}
        if head == "ratio":
            return self._ratio(*rest)
        if head.startswith("age"):
            counted = {"months": 12 * rest[1]} if self.spelling == "by counts" else {
                "years": rest[1]}  # fmt: skip
            return {"fact": rest[0], head: counted}
        if head == "among":
            return self._codes(rest[0], "within" if rest[0].endswith("territoire") else "one_of",
                               rest[1])  # fmt: skip
        if head == "held":
            return self._codes(rest[0], "has_any", rest[1])
        if self.spelling == "by counts":  # against the difference from the bound
            return {"difference": [rest[0], rest[1]], head: 0}
        return {"fact": rest[0], head: rest[1]}

    def _codes(self, fact: str, test: str, codes: tuple[str, ...]) -> Any:
        """Several codes at once; by counts one beside the other."""
        if self.spelling != "by counts":
            return {"fact": fact, test: list(codes)}
        return {"any": [{"fact": fact, test: [code]} for code in codes]}

    def _ratio(self, first: str, second: str, share: str) -> Any:
        exact = _Exact(share)
        if self.spelling == "by counts":
            return {"growth": [{"sum": [first, second]}, second], "at_least": exact}
        return {"ratio": [first, second], "at_least": exact}


class _Exact(str):
    """A number that is written as its digits stand."""

    __slots__ = ()


def _as_number(dumper: yaml.SafeDumper, number: _Exact) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", number)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(_Exact, _as_number)


def written(raw: object) -> str:
    """A file of the rule language."""
    return yaml.dump(raw, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def files(spelling: str) -> dict[str, str]:
    """The policy files of all programmes in a spelling."""
    speller = Speller(spelling)
    found = {"vocabulary.yaml": written(vocabulary())}
    for n, rule in enumerate(rules(), 1):
        found[f"aubrac/{rule.name}.yaml"] = written(_programme(rule, n, speller))
    found["aubrac/measure.yaml"] = written(_measure(speller.definitions))
    return found


def _programme(rule: Rule, article: int, speller: Speller) -> dict[str, Any]:
    window: dict[str, Any] = {"from": rule.begins}
    if rule.ends:
        window["to"] = rule.ends
    return {
        "id": rule.name, "name": {"fr": f"Aide n° {article}"},
        "summary": {"fr": f"Aide fictive n° {article}."}, "article": article,
        "instrument": "subvention", "commitment": rule.commitment, "kinds": list(rule.kinds),
        **({"kinds_open": list(rule.open_to)} if rule.open_to else {}), "window": window,
        "conditions": speller.write(rule.asks),
        "benefit": {"rate": _Exact(rule.rate), "of": "company.depense", "cap": rule.cap,
                    "per": "company"},
        "examples": [{"expect": {"status": "undetermined"}}],
    }  # fmt: skip


def _measure(definitions: dict[str, Any]) -> dict[str, Any]:
    article = {"title": {"fr": "Aide"}, "gist": {"fr": "Une aide."}, "digest": ZERO}
    return {
        "id": "aubrac-2026", "number": "Délibération fictive", "title": {"fr": "Aides de l'Aubrac"},
        "issuers": [{"fr": "Conseil"}], "issued_on": date(2026, 1, 1),
        "reviewed_on": date(2026, 11, 22), "window": {"from": date(2026, 1, 1)},
        "jurisdiction": "aubrac", "evidence": "official", "source": "fictif",
        "decided_by": {"fr": "le conseil"}, "departments": [{"fr": "Direction des aides"}],
        **({"definitions": definitions} if definitions else {}),
        "articles": [{"number": n, **article} for n in range(1, COUNT + 1)],
    }  # fmt: skip


def vocabulary() -> dict[str, Any]:
    """The facts and lists."""
    facts: dict[str, dict[str, Any]] = {
        "company.kind": {"type": "code", "list": "kinds"},
        "company.territoire": {"type": "code", "list": "territoires"},
        "company.secteur": {"type": "code", "list": "secteurs"},
        "company.themes": {"type": "codes", "list": "themes"},
        "company.labels": {"type": "certificates", "list": "labels"},
        "company.exporte": {"type": "boolean"},
        "company.creee_le": {"type": "date"},
        "company.effectif": {"type": "integer", "unit": "person", "minimum": 0},
        **{f"company.{name}": {"type": "money", "minimum": 0}
           for name in ("chiffre_affaires", "investissement", "depense", "recherche")},
        "company.salaires": {"type": "money", "positive": True},
    }  # fmt: skip
    for name, fact in facts.items():
        words = name.partition(".")[2].replace("_", " ").capitalize()
        fact |= {"label": {"fr": words}, "question": {"fr": f"{words} ?"}, "help": {"fr": "Oui."}}
    lists: dict[str, Any] = {
        "kinds": dict.fromkeys(KINDS), "territoires": PLACES, "secteurs": TRADES,
        "themes": THEMES, "labels": dict.fromkeys(LABELS), "instruments": {"subvention": None},
    }  # fmt: skip
    return {
        "languages": ["fr"], "currency": "EUR", "time_zone": "Europe/Paris",
        "region_list": "territoires", "units": {"EUR": {"fr": "EUR"}, "person": {"fr": "salarié"}},
        "facts": facts,
        "lists": {
            name: {"label": {"fr": name}, "source": "fictif", "codes": {
                code: {"fr": code.capitalize(), **({"within": [above]} if above else {})}
                for code, above in codes.items()
            }}
            for name, codes in lists.items()
        },
    }  # fmt: skip
