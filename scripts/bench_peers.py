"""Other rule engines on the same rules and companies, in an environment of their own.

Reads what bench_index.py wrote (catalogues and companies in plain JSON, with the expected answers),
has every engine answer, compares, and times. A company's facts are all known: none of these engines
can say that a fact is missing. Usage: python scripts/bench_peers.py peers_input.json RESULTS.json
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, TypeAlias

Rule: TypeAlias = list[Any]
Company: TypeAlias = dict[str, Any]
# Answers one company with the ids of the programmes whose conditions it meets.
Engine: TypeAlias = Callable[[Company], list[str]]
ROUNDS = 3
COMPANIES = {"50": 20, "1000": 10, "10000": 2}


def generated(rules: dict[str, Rule]) -> Engine:
    """One Python function, written out from all the rules."""
    lines = ["def match(c):", "    found = []"]
    for name, rule in rules.items():
        lines += [f"    if {_python(rule)}:", f"        found.append({name!r})"]
    space: dict[str, Any] = {}
    exec("\n".join([*lines, "    return found"]), space)  # noqa: S102 - our own rules
    engine: Engine = space["match"]
    return engine


def _python(rule: Rule) -> str:
    gate, *rest = rule
    if gate in ("all", "any"):
        return "(" + f" {'and' if gate == 'all' else 'or'} ".join(map(_python, rest)) + ")"
    if gate == "not":
        return f"not {_python(rest[0])}"
    fact, wanted = rest
    if gate == "in":
        return f"not {set(wanted)!r}.isdisjoint(c[{fact!r}])"
    return f"c[{fact!r}] {gate} {wanted!r}"


def cel(rules: dict[str, Rule]) -> Engine:
    """Google's C++ Common Expression Language, one compiled expression a programme."""
    from cel_expr_python import cel as runtime  # type: ignore[import-not-found]  # noqa: PLC0415

    facts = {f: k for rule in rules.values() for f, k in _facts(rule)}
    kinds = {
        "in": runtime.Type.List(runtime.Type.STRING),
        "number": runtime.Type.DOUBLE,
        "day": runtime.Type.STRING,
    }
    environment = runtime.NewEnv(variables={f: kinds[k] for f, k in facts.items()})
    compiled = {name: environment.compile(_cel(rule)) for name, rule in rules.items()}

    def match(company: Company) -> list[str]:
        held = environment.Activation({f: v for f, v in company.items() if f in facts})
        return [name for name, e in compiled.items() if e.eval(held).value()]

    return match


def _facts(rule: Rule) -> Iterator[tuple[str, str]]:
    gate, *rest = rule
    if gate in ("all", "any", "not"):
        for part in rest:
            yield from _facts(part)
    else:
        yield rest[0], "in" if gate == "in" else "day" if isinstance(rest[1], str) else "number"


def _cel(rule: Rule) -> str:
    gate, *rest = rule
    if gate in ("all", "any"):
        return "(" + f" {'&&' if gate == 'all' else '||'} ".join(map(_cel, rest)) + ")"
    if gate == "not":
        return f"!{_cel(rest[0])}"
    fact, wanted = rest
    if gate == "in":
        return "(" + " || ".join(f"{json.dumps(w)} in {fact}" for w in wanted) + ")"
    return f"({fact} {gate} {json.dumps(wanted)})"


def zen(rules: dict[str, Rule]) -> Engine:
    """GoRules zen-engine: one decision, an expression node with a line for each programme."""
    import zen as runtime  # type: ignore[import-not-found]  # noqa: PLC0415

    lines = [{"id": n, "key": n, "value": _zen(r)} for n, r in rules.items()]
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


def _zen(rule: Rule) -> str:
    gate, *rest = rule
    if gate in ("all", "any"):
        return "(" + f" {'and' if gate == 'all' else 'or'} ".join(map(_zen, rest)) + ")"
    if gate == "not":
        return f"(not {_zen(rest[0])})"
    fact, wanted = rest
    if gate == "in":
        return f"some({fact}, # in {json.dumps(wanted)})"
    if isinstance(wanted, str):
        return f"(date({fact}) {gate} date({json.dumps(wanted)}))"
    return f"({fact} {gate} {json.dumps(wanted)})"


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
}


def run(make: Callable[[dict[str, Rule]], Engine], case: Any, companies: int) -> dict[str, float]:
    """Microseconds a company, and the seconds to make the engine ready."""
    start = process_time()
    engine = make(case["rules"])
    ready = process_time() - start
    asked = case["companies"][:companies]
    for company, expected in zip(asked, case["expected"], strict=False):
        if sorted(engine(company)) != expected:
            raise SystemExit(f"{make.__name__} disagrees")
    times = []
    for _ in range(ROUNDS):
        start = process_time()
        for company in asked:
            engine(company)
        times.append((process_time() - start) / len(asked) * 1e6)
    return {"match_us": median(times), "ready_s": ready}


def main() -> None:
    """Measure, print, write down."""
    told = json.loads(Path(sys.argv[1]).read_text())
    results: dict[str, Any] = {
        "index": {n: {"match_us": case["index"]} for n, case in told.items()}
    }
    for name, make in ENGINES.items():
        results[name] = {}
        for size, case in told.items():
            try:
                results[name][size] = run(make, case, COMPANIES[size])
            except ImportError as missing:
                results[name][size] = {"missing": str(missing)}
            print(name, size, results[name][size], flush=True)
    Path(sys.argv[2]).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
