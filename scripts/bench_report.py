"""The figures of a run as tables and plots. Usage: bench_report.py FOLDER-OF-RESULTS PLOT-FOLDER"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl  # type: ignore[import-not-found]

mpl.use("Agg")
from matplotlib import pyplot as plt

SIZES = ("50", "1000", "10000")


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


def told(value: float) -> str:
    """A figure with three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def index_tables(results: Mapping[str, Any]) -> None:
    """Match times, ratios and growth."""
    head("µs a company", *(f"{int(n):,} programmes" for n in SIZES), "growth exponent")
    for kind in ("shared bounds", "distinct bounds"):
        found = results[kind]
        for engine in [k for k in found["50"] if k != "build_s"]:
            grown = f"{found['exponent']:.2f}" if engine == "index" else ""
            row(f"{engine}, {kind}", *(told(found[n][engine]) for n in SIZES), grown)
        row(f"build, {kind} (s)", *(told(found[n]["build_s"]) for n in SIZES), "")
    head("real catalogue", "µs a company")
    ((size, real),) = results["real catalogue"].items()
    for engine, time in real.items():
        row(f"{engine}, {size} programmes", told(time))


def peer_tables(results: Mapping[str, Any]) -> None:
    """Other engines, and how many times the index's time they take."""
    head("µs a company", *(f"{int(n):,}" for n in SIZES), "times the index at 10,000")
    ours = results["index"]
    for engine, found in results.items():
        times = [found[n].get("match_us") for n in SIZES]
        ratio = times[-1] / ours["10000"]["match_us"] if times[-1] else 0
        row(engine, *(told(t) if t else "–" for t in times), f"{ratio:,.0f}")


def plain_table(title: str, results: Mapping[str, Any]) -> None:
    """One line for each measured case, one column for each figure."""
    cases = {k: v for k, v in results.items() if isinstance(v, dict)}
    figures = list(dict.fromkeys(f for case in cases.values() for f in case))
    head(title, *(f.replace("_", " ") for f in figures))
    for name, case in cases.items():
        row(name, *(told(case[f]) if f in case else "" for f in figures))
    for name, value in results.items():
        if not isinstance(value, dict):
            print(f"\n{name.replace('_', ' ')}: {value}")


def growth_plot(index: Mapping[str, Any], peers: Mapping[str, Any] | None, path: Path) -> None:
    """Time a company over programmes, both logarithmic."""
    figure, axes = plt.subplots(figsize=(7, 4.5))
    sizes = [int(n) for n in SIZES]
    for kind in ("shared bounds", "distinct bounds"):
        axes.plot(sizes, [index[kind][n]["index"] for n in SIZES], "o-", label=f"index, {kind}")
    walk = [index["shared bounds"][n]["tree walk"] for n in SIZES]
    axes.plot(sizes, walk, "s--", label="tree walk")
    for engine, found in (peers or {}).items():
        times = [found[n].get("match_us") for n in SIZES]
        if engine != "index" and all(times):
            axes.plot(sizes, times, ".:", label=engine)
    axes.set(xscale="log", yscale="log", xlabel="programmes", ylabel="µs a company")
    _save(figure, axes, path)


def bulk_plot(bulk: Mapping[str, Any], path: Path) -> None:
    """Rule-rows a second over programmes."""
    figure, axes = plt.subplots(figsize=(7, 4.5))
    rates = [bulk[n]["million_rule_rows_per_s"] for n in SIZES]
    axes.plot([int(n) for n in SIZES], rates, "o-", label="columnar engine")
    axes.axhline(bulk["DuckDB SQL"]["million_rule_rows_per_s"], ls="--", label="DuckDB, as SQL")
    axes.set(xscale="log", yscale="log", xlabel="programmes", ylabel="million rule-rows a second")
    _save(figure, axes, path)


def _save(figure: Any, axes: Any, path: Path) -> None:
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    """Print the tables of the parts that were run, and draw."""
    folder, plots = Path(sys.argv[1]), Path(sys.argv[2])
    index, peers = read(folder, "index.json"), read(folder, "peers.json")
    bulk, http = read(folder, "bulk.json"), read(folder, "http.json")
    if index:
        index_tables(index)
        growth_plot(index, peers, plots / "bench-growth.png")
    if peers:
        peer_tables(peers)
    if bulk:
        plain_table("bulk", bulk)
        bulk_plot(bulk, plots / "bench-bulk.png")
    if http:
        plain_table("HTTP", http)


if __name__ == "__main__":
    main()
