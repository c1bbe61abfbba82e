"""Other rule engines on the same rules and companies, in an environment of their own.

bench_against.py writes the rules and companies in plain JSON with the expected answers, starts
this, and asks for one measurement at a time, so that its own engine and these take turns. One JSON
object a line in, one out. Usage: python -m scripts.bench_peers FOLDER
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather

from scripts.bench_openfisca import one_company
from scripts.bench_tables import TABLES, Work

Rule: TypeAlias = list[Any]
Company: TypeAlias = dict[str, Any]
# Answers one company with the ids of the programmes whose conditions it meets.
Engine: TypeAlias = Callable[[Company], list[str]]


def generated(rules: dict[str, Rule]) -> Engine:
    """One Python function, written out from all the rules."""
    lines = ["def match(c):", "    found = []"]
    for name, rule in rules.items():
        lines += [f"    if {PYTHON.written(rule)}:", f"        found.append({name!r})"]
    space: dict[str, Any] = {}
    exec("\n".join([*lines, "    return found"]), space)  # noqa: S102 - our own rules
    engine: Engine = space["match"]
    return engine


class Syntax(NamedTuple):
    """How a language writes a rule: its words for and, or and not, a test that some of a list is
    among the wanted, and a comparison."""

    both: str
    either: str
    opposite: str
    among: Callable[[str, list[str]], str]
    compared: Callable[[str, str, Any], str]

    def written(self, rule: Rule) -> str:
        gate, *rest = rule
        if gate in ("all", "any"):
            between = self.both if gate == "all" else self.either
            return f"({between.join(map(self.written, rest))})"
        if gate == "not":
            return self.opposite.format(self.written(rest[0]))
        fact, wanted = rest
        return self.among(fact, wanted) if gate == "in" else self.compared(fact, gate, wanted)


def _zen_comparison(fact: str, gate: str, wanted: Any) -> str:
    if isinstance(wanted, str):
        return f"(date({fact}) {gate} date({json.dumps(wanted)}))"
    return f"({fact} {gate} {json.dumps(wanted)})"


PYTHON = Syntax(
    *(" and ", " or ", "not {}"),
    lambda fact, wanted: f"not {set(wanted)!r}.isdisjoint(c[{fact!r}])",
    lambda fact, gate, wanted: f"c[{fact!r}] {gate} {wanted!r}",
)
CEL = Syntax(
    *(" && ", " || ", "!{}"),
    lambda fact, wanted: "(" + " || ".join(f"{json.dumps(w)} in {fact}" for w in wanted) + ")",
    lambda fact, gate, wanted: f"({fact} {gate} {json.dumps(wanted)})",
)
ZEN = Syntax(
    *(" and ", " or ", "(not {})"),
    lambda fact, wanted: f"some({fact}, # in {json.dumps(wanted)})",
    _zen_comparison,
)


def cel(rules: dict[str, Rule]) -> Engine:
    """Google's C++ Common Expression Language, one compiled expression a programme. Its value is an
    error where it hangs on a fact that is missing; `&&` and `||` pass over an error if they can."""
    from cel_expr_python import cel as runtime  # type: ignore[import-not-found]  # noqa: PLC0415

    facts = {f: k for rule in rules.values() for f, k in _facts(rule)}
    kinds = {
        "in": runtime.Type.List(runtime.Type.STRING),
        "number": runtime.Type.DOUBLE,
        "day": runtime.Type.STRING,
    }
    environment = runtime.NewEnv(variables={f: kinds[k] for f, k in facts.items()})
    compiled = {name: environment.compile(CEL.written(rule)) for name, rule in rules.items()}

    def match(company: Company) -> list[str]:
        held = environment.Activation({f: v for f, v in company.items() if f in facts})
        return [name for name, e in compiled.items() if e.eval(held).value() is True]

    return match


def _facts(rule: Rule) -> Iterator[tuple[str, str]]:
    gate, *rest = rule
    if gate in ("all", "any", "not"):
        for part in rest:
            yield from _facts(part)
    else:
        yield rest[0], "in" if gate == "in" else "day" if isinstance(rest[1], str) else "number"


def zen(rules: dict[str, Rule]) -> Engine:
    """GoRules zen-engine: one decision, an expression node with a line for each programme."""
    import zen as runtime  # type: ignore[import-not-found]  # noqa: PLC0415

    lines = [{"id": n, "key": n, "value": ZEN.written(r)} for n, r in rules.items()]
    graph = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "i", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "e", "type": "expressionNode", "name": "rules", "position": {"x": 0, "y": 0},
                "content": {"expressions": lines},
            },
            {"id": "o", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "i", "targetId": "e"},
            {"id": "2", "type": "edge", "sourceId": "e", "targetId": "o"},
        ],
    }  # fmt: skip
    decision = runtime.ZenEngine().create_decision(json.dumps(graph))

    def match(company: Company) -> list[str]:
        return [name for name, holds in decision.evaluate(company)["result"].items() if holds]

    return match


def json_logic(rules: dict[str, Rule]) -> Engine:
    """JsonLogic in Python, one expression a programme."""
    from json_logic import jsonLogic  # type: ignore[import-not-found]  # noqa: PLC0415

    written = {name: _logic(rule) for name, rule in rules.items()}
    return lambda company: [n for n, r in written.items() if jsonLogic(r, company)]


def _logic(rule: Rule) -> Any:
    gate, *rest = rule
    if gate in ("all", "any"):
        return {"and" if gate == "all" else "or": [_logic(r) for r in rest]}
    if gate == "not":
        return {"!": [_logic(rest[0])]}
    fact, wanted = rest
    if gate == "in":
        return {"or": [{"in": [w, {"var": fact}]} for w in wanted]}
    return {gate: [{"var": fact}, wanted]}


ENGINES: dict[str, Callable[[dict[str, Rule]], Engine]] = {
    "generated Python function": generated,
    "Google CEL, C++": cel,
    "json-logic (Python)": json_logic,
    "zen-engine": zen,
    "OpenFisca": one_company,
}
NEEDS: Rule = [">=", "x", 5.0]
PROBE: dict[str, Rule] = {
    "holds": NEEDS,
    "fails": ["not", NEEDS],
    "settled": ["any", NEEDS, ["in", "y", ["a"]]],
    "ruled_out": ["not", ["all", NEEDS, ["in", "y", ["b"]]]],
}


def missing_fact(make: Callable[[dict[str, Rule]], Engine]) -> str:
    """What an engine makes of a fact that nobody stated: "unknown" where it concludes neither a
    condition nor its opposite from it, and still all that holds either way."""
    try:
        said = make(PROBE)({"y": ["a"]})
    except (KeyError, TypeError, RuntimeError):
        return "error"
    if "fails" in said:
        return "false"
    return "unknown" if said == ["settled", "ruled_out"] else "lost"


class Peers:
    """What can be asked for. `told` is what was written for these engines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.test_data = json.loads((folder / "peers.json").read_text())
        self.engines: dict[str, Engine] = {}
        self.works: dict[str, Work] = {}

    def ready(self, engine: str, size: str) -> dict[str, Any]:
        """Make an engine ready; whether it answers as expected."""
        make, case = ENGINES[engine], self.test_data["catalogues"][size]
        start = process_time()
        match = self.engines[engine] = make(case["rules"])
        seconds = process_time() - start
        missing = missing_fact(make)
        agrees = _agrees(match, self.test_data["companies"], case["expected"])
        if missing == "unknown":
            opposite = make({n: ["not", rule] for n, rule in case["rules"].items()})
            agrees &= _agrees(match, self.test_data["partly"], case["partly true"])
            agrees &= _agrees(opposite, self.test_data["partly"], case["partly false"])
        return {"ready_s": seconds, "missing": missing, "agrees": agrees}

    def match(self, engine: str, companies: int) -> dict[str, Any]:
        """Microseconds a company."""
        match, asked = self.engines[engine], self.test_data["companies"][:companies]
        start = process_time()
        for company in asked:
            match(company)
        return {"us": (process_time() - start) / len(asked) * 1e6}

    def table(self, engine: str, size: str, rules: str, source: str) -> dict[str, Any]:
        """Make a table engine ready, and write its answers on the first rows down."""
        start = process_time()
        told = self.test_data["catalogues"][size][rules]
        work = self.works[engine] = TABLES[engine](told, self.folder / source)
        seconds = process_time() - start
        found = work()
        # DuckDB does not always keep the order.
        first = found.filter(pc.less(found["id"], 500)).sort_by("id")
        pyarrow.feather.write_feather(first.drop_columns("id"), self.folder / "answers.feather")
        return {"ready_s": seconds, **_totals(found.drop_columns("id"))}

    def work(self, engine: str) -> dict[str, Any]:
        """Seconds for the whole table."""
        start, spent = perf_counter(), process_time()
        self.works[engine]()
        return {"seconds": perf_counter() - start, "processor_seconds": process_time() - spent}

    def forget(self) -> dict[str, Any]:
        """Drop all engines."""
        self.engines.clear()
        self.works.clear()
        return {}


def _agrees(match: Engine, companies: list[Company], expected: list[list[str]]) -> bool:
    pairs = zip(companies, expected, strict=False)
    return all(sorted(match(company)) == answer for company, answer in pairs)


def _totals(answers: pa.Table) -> dict[str, int]:
    return {
        "true": sum(pc.sum(column).as_py() or 0 for column in answers.columns),
        "unknown": sum(column.null_count for column in answers.columns),
    }


def main() -> None:
    """Answer until nothing more is asked."""
    peers = Peers(Path(sys.argv[1]))
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(getattr(peers, asked.pop("do"))(**asked)), flush=True)


if __name__ == "__main__":
    main()
