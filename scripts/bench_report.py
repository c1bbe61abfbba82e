"""The figures of a run as tables and plots. Usage: bench_report.py FOLDER-OF-RESULTS PLOT-FOLDER"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl  # type: ignore[import-not-found]

mpl.use("Agg")
from matplotlib import pyplot as plt

SIZES = ("50", "1000", "10000")
KINDS = ("shared bounds", "distinct bounds")
# What engines make of a fact that nobody stated, as bench_peers.py found it.
MISSING = {
    "index": "unknown",
    "unknown": "unknown",
    "error": "an error, and no answers",
    "false": "taken for no or zero",
    "lost": "neither true nor false, even where settled",
    "Google CEL, C++": "unknown, as an error value",
}
# Measured once, on two cores, before the index was written: µs a company.
PROTOTYPE = {
    "bit sets by fact value": ("10", "17", "17", "1"),
    "tree walk": ("47", "1,834", "8,330", "108"),
    "generated Python function": ("11", "273", "2,322", "16"),
    "Google CEL, C++": ("217", "4,932", "41,774", "290"),
    "zen-engine": ("1,165", "10,325", "98,297", "607"),
    "OpenFisca": ("18,719", "182,539", "–", "10,738"),
}


def read(folder: Path, name: str) -> Any:
    """A part's results; None where it was not run."""
    path = folder / name
    return json.loads(path.read_text()) if path.exists() else None


def row(*cells: object) -> None:
    """Print a line of a table."""
    print("| " + " | ".join(str(c) for c in cells) + " |")


def head(*cells: str) -> None:
    """Print the head of a table."""
    print()
    row(*cells)
    row(*("---" for _ in cells))


def rounded(value: float) -> str:
    """A figure with three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def both(times: Mapping[str, Any], name: str) -> str:
    """The median, and in brackets the least."""
    return f"{rounded(times['median'][name])} ({rounded(times['least'][name])})"


def index_tables(results: Mapping[str, Any]) -> None:
    """Match times and growth: median of the rounds, the least in brackets."""
    head("µs a company", *(f"{int(n):,} programmes" for n in SIZES), "growth exponent")
    for kind in KINDS:
        found = results[kind]
        for engine in found["50"]["median"]:
            powers = found["exponent"]
            grown = f"{powers['median']:.2f} ({powers['least']:.2f})" if engine == "index" else ""
            row(f"{engine}, {kind}", *(both(found[n], engine) for n in SIZES), grown)
        row(f"build, {kind} (s)", *(rounded(found[n]["build_s"]) for n in SIZES), "")
    head("real catalogue", "µs a company")
    ((size, real),) = results["real catalogue"].items()
    for engine in real["median"]:
        row(f"{engine}, {size} programmes", both(real, engine))
    row(f"build, {size} programmes (s)", rounded(real["build_s"]))


def aims(index: Mapping[str, Any], peers: Mapping[str, Any] | None) -> None:
    """What was aimed at and what was reached, by the medians and by the least times."""
    shared, distinct = (index[kind] for kind in KINDS)
    last = shared["10000"]
    head("aim", "median", "least", "reached")
    aim("all statuses at 50 programmes (µs)", 12, *pair(shared["50"], "index"))
    aim("all statuses at 10,000 programmes (µs)", 25, *pair(last, "index"))
    aim("match and findings of 20 at 10,000 (µs)", 500, *pair(last, "index and findings of 20"))
    times = [last[of]["tree walk"] / last[of]["index"] for of in ("median", "least")]
    aim("times the tree walk at 10,000", 300, *times, least=True)
    if peers:
        ours, zen = (peers["one company"]["10000"][e] for e in ("index", "zen-engine"))
        times = [zen[of] / ours[of] for of in ("match_us", "least_us")]
        aim("times zen-engine at 10,000", 1_000, *times, least=True)
    aim("growth exponent, shared bounds", 0.15, *shared["exponent"].values())
    aim("growth exponent, distinct bounds", 0.35, *distinct["exponent"].values())
    build = max(kind["10000"]["build_s"] for kind in (shared, distinct))
    aim("building at 10,000, the slower one (s)", 2, build, build)


def pair(times: Mapping[str, Any], name: str) -> tuple[float, float]:
    """Median and least time."""
    return times["median"][name], times["least"][name]


def aim(what: str, wanted: float, middle: float, best: float, *, least: bool = False) -> None:
    """A line of the table of aims; `least`: the figure should be no smaller, not no greater."""
    met = [(v >= wanted) if least else (v <= wanted) for v in (middle, best)]
    verdict = "yes" if met[0] else "in the best round" if met[1] else "no"
    row(f"{what} {'≥' if least else '≤'} {wanted:,}", rounded(middle), rounded(best), verdict)


def peer_tables(results: Mapping[str, Any]) -> None:
    """Other engines on one company, and how many times the index's time they take."""
    found = results["one company"]
    head("µs a company", *(f"{int(n):,}" for n in SIZES),
         *(f"times the index at {int(n):,}" for n in SIZES), "a fact nobody stated")  # fmt: skip
    for engine in found["50"]:
        cases = [found[n][engine] for n in SIZES]
        ratios = [found[n][engine]["match_us"] / found[n]["index"]["match_us"] for n in SIZES]
        missing = MISSING.get(engine, MISSING[cases[0]["missing"]])
        shown = (f"{rounded(c['match_us'])} ({rounded(c['least_us'])})" for c in cases)
        row(engine, *shown, *map(rounded, ratios), missing)
    head("for comparison: the prototype on its own machine", *(f"{int(n):,}" for n in SIZES),
         "times its index at 1,000")  # fmt: skip
    for engine, (*times, ratio) in PROTOTYPE.items():
        row(engine, *times, ratio)


def table_tables(results: Mapping[str, Any]) -> None:
    """Table engines and ours, on the same rows in the same minutes."""
    head("programmes", "engine", "rows", "million rule-rows/s", "ours on these rows", "ours is",
         "processor seconds, theirs and ours", "an empty cell")  # fmt: skip
    for size, cases in results["tables"].items():
        for engine, case in cases.items():
            theirs, ours = (case[f"{w}_million_rule_rows_per_s"] for w in ("theirs", "ours"))
            spent = " and ".join(
                rounded(case[f"{w}_processor_seconds"]) for w in ("theirs", "ours")
            )
            null = "no or zero" if "OpenFisca" in engine else "unknown"
            row(f"{int(size):,}", engine, f"{case['rows']:,}", rounded(theirs), rounded(ours),
                f"{rounded(ours / theirs)} ×", spent, null)  # fmt: skip
        for engine, sizes in results["left out"].items():
            if size in sizes:
                row(f"{int(size):,}", engine, f"– ({sizes[size]})", "–", "", "", "", "unknown")


def plain_table(title: str, results: Mapping[str, Any]) -> None:
    """One line for each measured case, one column for each figure."""
    cases = {k: v for k, v in results.items() if isinstance(v, dict)}
    figures = list(dict.fromkeys(f for case in cases.values() for f in case))
    head(title, *(f.replace("_", " ") for f in figures))
    for name, case in cases.items():
        row(name, *(rounded(case[f]) if f in case else "" for f in figures))
    for name, value in results.items():
        if not isinstance(value, dict):
            print(f"\n{name.replace('_', ' ')}: {value}")


def growth_table(results: Sequence[Mapping[str, Any]]) -> None:
    """What a growing catalogue costs: a column a size."""
    head("a growing catalogue", *(f"{r['programmes']:,} programmes" for r in results))
    for name in dict.fromkeys(n for r in results for n in r if n != "programmes"):
        row(name, *(f"{r[name]:,}" if name in r else "" for r in results))


def growth_plot(index: Mapping[str, Any], peers: Mapping[str, Any] | None, path: Path) -> None:
    """Time a company over programmes, both logarithmic."""
    figure, axes = plt.subplots(figsize=(8.5, 4.8))
    lines = {
        f"index, {kind}": ("o-", [index[kind][n]["median"]["index"] for n in SIZES])
        for kind in KINDS
    }
    for engine in ("tree walk", "reference evaluator"):
        lines[engine] = ("s--", [index[KINDS[0]][n]["median"][engine] for n in SIZES])
    for engine in peers["one company"]["50"] if peers else ():
        if peers and engine != "index":
            times = [peers["one company"][n][engine]["match_us"] for n in SIZES]
            lines[engine] = ("^:", times)
    draw(axes, lines)
    axes.set_ylabel("µs a company")
    _save(figure, axes, path)


def bulk_plot(bulk: Mapping[str, Any], peers: Mapping[str, Any] | None, path: Path) -> None:
    """Rule-rows a second over programmes."""
    figure, axes = plt.subplots(figsize=(8.5, 4.8))
    rates = [bulk[n]["million_rule_rows_per_s"] for n in SIZES]
    lines = {"columnar engine,\na million companies": ("o-", rates)}
    for engine in peers["tables"]["50"] if peers else ():
        cases = [(peers or {})["tables"][n].get(engine) for n in SIZES]
        for whose, name, style in (
            ("theirs", engine, "^:"),
            ("ours", f"columnar engine,\nrows of {engine}", "o--"),
        ):
            if whose == "theirs" or engine == "Polars":
                rates = [c[f"{whose}_million_rule_rows_per_s"] for c in cases if c]
                lines[name] = (style, rates)
    draw(axes, lines)
    axes.set_ylabel("million rule-rows a second")
    _save(figure, axes, path)


def draw(axes: Any, lines: Mapping[str, tuple[str, list[float]]]) -> None:
    """One line each, the highest at the right end first, so that the legend reads as the plot."""
    for name, (style, values) in sorted(lines.items(), key=lambda line: -line[1][1][-1]):
        sizes = [int(n) for n in SIZES][: len(values)]
        axes.plot(sizes, values, style, label=name, markersize=5)
    axes.set(xscale="log", yscale="log", xlabel="programmes")
    axes.set_xticks([int(n) for n in SIZES], [f"{int(n):,}" for n in SIZES])
    axes.xaxis.minorticks_off()
    axes.yaxis.set_major_formatter("{x:,.0f}")


def _save(figure: Any, axes: Any, path: Path) -> None:
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    """Print the tables of the parts that were run, and draw."""
    folder, plots = Path(sys.argv[1]), Path(sys.argv[2])
    index, peers = read(folder, "index.json"), read(folder, "peers.json")
    bulk, http = read(folder, "bulk.json"), read(folder, "http.json")
    spark, growth = read(folder, "spark.json"), read(folder, "growth.json")
    if index:
        index_tables(index)
        aims(index, peers)
        growth_plot(index, peers, plots / "bench-growth.png")
    if peers:
        peer_tables(peers)
        table_tables(peers)
    if bulk:
        plain_table("bulk", bulk)
        bulk_plot(bulk, peers, plots / "bench-bulk.png")
    if spark:
        plain_table("Spark", spark)
    if growth:
        growth_table(growth)
    if http:
        plain_table("HTTP", http)


if __name__ == "__main__":
    main()
