#!/usr/bin/env python3
"""Keep the drawn parts of the pages about the code in step with it: rooms, arrows and folders
in docs/architecture.md, every module in docs/modules.md.

A room is what stands directly in a folder; an arrow says that a module of one imports a module of
another. An arrow that others imply is left out. Every module is listed with the first sentence of
its docstring.

usage: draw_architecture.py check      what is drawn is what the code does
       draw_architecture.py update     draw it anew
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES, MODULES = ROOT / "docs" / "architecture.md", ROOT / "docs" / "modules.md"
# The folders that are drawn.
SPLIT = ("service", "service.domain", "service.usecases")
Arrows = Mapping[str, set[str]]


def modules() -> dict[str, ast.Module]:
    """Every module of the service by its dotted name; a package's own file by the package's."""
    paths = sorted((ROOT / "service").rglob("*.py"))
    return {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            p.read_text(encoding="utf-8")
        )
        for p in paths
    }


def room_of(module: str, inside: str) -> str:
    """The room of a module as seen from a folder: what stands directly in it."""
    return ".".join(module.split(".")[: inside.count(".") + 2])


def imported(tree: ast.Module, known: Iterable[str]) -> set[str]:
    """The modules of the service that a module imports, lazily or not."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found.intersection(known)


def arrows(trees: Mapping[str, ast.Module], inside: str) -> dict[str, set[str]]:
    """Which rooms of a folder import which."""
    members = [m for m in trees if m.startswith(f"{inside}.")]
    found: dict[str, set[str]] = defaultdict(set)
    for module in members:
        room = room_of(module, inside)
        targets = {room_of(target, inside) for target in imported(trees[module], members)}
        found[room] |= targets - {room}
    return found


def reach(graph: Arrows, start: str) -> set[str]:
    """All that is reached from a room."""
    seen: set[str] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        room = ahead.pop()
        if room not in seen:
            seen.add(room)
            ahead += graph.get(room, ())
    return seen


def drawing(graph: Arrows) -> str:
    """The rooms as a Mermaid flow chart, arrows that others imply left out."""
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'    {key(room)}["{room.rpartition(".")[2]}"]' for room in sorted(graph)]
    for room in sorted(graph):
        targets = graph[room]
        implied = {t for t in targets for other in targets - {t} if t in reach(graph, other)}
        lines += [f"    {key(room)} --> {key(target)}" for target in sorted(targets - implied)]
    return "\n".join([*lines, "```"])


def key(room: str) -> str:
    return room.replace(".", "_")


def first_line(tree: ast.Module) -> str:
    """The first sentence of a docstring, or its first line where that ends none."""
    text = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    sentence = re.match(r".*?\.(?= [A-Z]|$)", text)
    return (sentence[0] if sentence else text).rstrip(".:")


def folders(trees: Mapping[str, ast.Module]) -> str:
    """What each folder of the service holds."""
    inner = [package for package in packages_of(trees) if package != "service"]
    paths = [package.removeprefix("service.").replace(".", "/") for package in inner]
    rows = [
        f"| `{path}/` | {first_line(trees[package])} |"
        for path, package in zip(paths, inner, strict=True)
    ]
    return "\n".join(["| folder | holds |", "|---|---|", *rows])


def packages_of(trees: Mapping[str, ast.Module]) -> list[str]:
    return [m for m in trees if any(other.rpartition(".")[0] == m for other in trees)]


def listing(trees: Mapping[str, ast.Module]) -> str:
    """Every room with its modules."""
    lines: list[str] = []
    packages = packages_of(trees)
    for package in packages:
        lines += [f"## `{package.replace('.', '/')}/`", "", f"{first_line(trees[package])}.", ""]
        lines += [
            f"- `{module.rpartition('.')[2]}.py`: {first_line(tree)}"
            for module, tree in trees.items()
            if module.rpartition(".")[0] == package and module not in packages
        ]
        lines.append("")
    return "\n".join(lines).rstrip()


def drawn() -> Iterator[tuple[Path, str]]:
    """Each page with its drawn parts as the code has them."""
    trees = modules()
    rooms = {f"rooms of {inside}": drawing(arrows(trees, inside)) for inside in SPLIT}
    rooms["folders"] = folders(trees)
    for path, parts in ((PICTURES, rooms), (MODULES, {"modules": listing(trees)})):
        page = path.read_text(encoding="utf-8")
        for name, text in parts.items():
            begin, end = f"<!-- drawn: {name} -->", "<!-- end -->"
            pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
            if not pattern.search(page):
                sys.exit(f"{path.name} has no place for {begin}")
            page = pattern.sub(lambda _, new=f"{begin}\n\n{text}\n\n{end}": new, page, count=1)  # type: ignore[misc]
        yield path, page


def main(action: str) -> None:
    """Check the pages or draw them anew."""
    for path, page in drawn():
        if action == "update":
            path.write_text(page, encoding="utf-8")
        elif page != path.read_text(encoding="utf-8"):
            sys.exit(
                f"{path.name} is not what the code does: run scripts/draw_architecture.py update"
            )


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["update"]):
        sys.exit(__doc__)
    main(sys.argv[1])
