"""What the house's shape forbids, read from the source without importing it.

Each function takes the folder that holds `hotline/` and yields one sentence per violation.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

# A module imports from its own room and from rooms of lower rank only (DESIGN, section 2).
RANKS = (
    ("errors",),
    ("flow",),
    ("session",),
    ("channels",),
    ("escalation",),
    ("settings", "logs", "metrics", "embedded", "compiled"),
    ("runtime",),
    ("web", "console", "simulator"),
    ("app",),
    ("bench",),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(RANKS) for room in rooms}

# What the pure core may import: values and computation. No I/O, clock, chance or network.
PURE = {
    *("__future__", "abc", "array", "bisect", "collections", "contextlib", "copy", "dataclasses"),
    *("decimal", "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq"),
    *("itertools", "json", "math", "operator", "re", "string", "textwrap", "types", "typing"),
    *("unicodedata", "datetime", "html"),
    *("annotated_types", "phonenumbers", "pydantic", "pydantic_core", "rapidfuzz"),
    *("typing_extensions", "yaml"),
}
# What single files of the core may import beyond that. The loaders are the one place that reads:
# they are given a path, and yaml_text.py opens it.
PURE_EXCEPT = {
    "hotline/flow/yaml_text.py": {"pathlib"},
    "hotline/flow/load.py": {"pathlib"},
    "hotline/flow/countries_load.py": {"pathlib"},
    "hotline/flow/lexicon_load.py": {"pathlib", "gc"},  # the collector rests while it loads
    "hotline/flow/words_load.py": {"pathlib"},
    "hotline/flow/library.py": {"pathlib"},
    "hotline/flow/tokens.py": {"sys"},  # sys.maxunicode, a number
}
WRITES = {"write_text", "write_bytes", "unlink", "mkdir", "rmdir", "rename", "touch", "chmod"}
IMPURE_BUILTINS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
CLOCK_OWNERS = {"datetime", "date"}

LONGEST_FILE = 300
# Files that are longer, each with its reason.
LONG_FILES: dict[str, str] = {}
NAMELESS = {
    *("base", "common", "helper", "helpers", "manager", "managers", "misc"),
    *("util", "utils", "stuff", "lib"),
}
LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "_log", "logger", "_logger", "LOG", "LOGGER"}


def import_order(root: Path) -> Iterator[str]:
    """Imports that run upwards or sideways, and rooms that have no rank."""
    for file, tree in _modules(root):
        name = _name(file)
        room = _room(file)
        if room == "__init__":
            yield from (f"{file} imports {m}; the root imports nothing" for m in _ours(tree, file))
            continue
        if room not in RANK:
            yield f"{file} is in a room without a rank: {room}"
            continue
        for module in _ours(tree, file):
            target = _target(root, module)
            if target in {None, room}:
                continue
            if target not in RANK or RANK[target] >= RANK[room]:
                yield f"{name} imports {module}: {room} stands below or beside {target}"


def purity(root: Path) -> Iterator[str]:
    """What makes hotline/flow depend on more than its arguments."""
    for file, tree in _modules(root):
        if _room(file) != "flow":
            continue
        allowed = PURE | PURE_EXCEPT.get(str(file), set())
        for module in _imports(tree, file):
            top = module.split(".")[0]
            if top not in allowed | {"hotline"}:
                yield f"{file} imports {module}, which the pure core may not"
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in IMPURE_BUILTINS:
                yield f"{file}:{node.lineno} uses {node.id}"
            if _reads_clock(node):
                yield f"{file}:{node.lineno} reads a clock"
            if isinstance(node, ast.Attribute) and node.attr in WRITES:
                yield f"{file}:{node.lineno} writes to disk: .{node.attr}"


def size(root: Path) -> Iterator[str]:
    """Files that outgrew their room, and reasons that are no longer needed."""
    long = set()
    for file, _ in _modules(root):
        lines = len((root / file).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            long.add(str(file))
            if str(file) not in LONG_FILES:
                yield f"{file} has {lines} lines, more than {LONGEST_FILE}"
    for file in LONG_FILES.keys() - long:
        yield f"{file} is excused for its length and need not be"


def nameless(root: Path) -> Iterator[str]:
    """Modules and packages whose name says nothing about what belongs in them."""
    for file, _ in _modules(root):
        for part in (*file.parts[1:-1], file.stem):
            if part in NAMELESS:
                yield f"{file}: the name {part} says nothing; call it after what is in it"


def undocumented(root: Path) -> Iterator[str]:
    """Modules that do not say what belongs in them."""
    for file, tree in _modules(root):
        if not ast.get_docstring(tree):
            yield f"{file} has no docstring"


def varying_log_events(root: Path) -> Iterator[str]:
    """Log calls whose event is put together at run time: a text could get into the log."""
    for file, tree in _modules(root):
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=owner), attr=attribute), args=[first, *_]
                ) if owner in LOGGERS and attribute in LOG_CALLS:
                    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                        yield f"{file}:{node.lineno} logs an event that is not fixed words"


RULES = (import_order, purity, size, nameless, undocumented, varying_log_events)


def _reads_clock(node: ast.AST) -> bool:
    """`anything.today()`, and `date.today` named without a call; a value `.today` is none."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in CLOCKS:
            return ast.unparse(owner).split(".")[-1] not in CLOCK_OWNERS  # else told below
        case ast.Attribute(value=owner, attr=name) if name in CLOCKS:
            return ast.unparse(owner).split(".")[-1] in CLOCK_OWNERS
        case _:
            return False


def _modules(root: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((root / "hotline").rglob("*.py")):
        yield file.relative_to(root), _parsed(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=2000)
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _name(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _room(file: Path) -> str:
    return file.parts[1] if len(file.parts) > 2 else file.stem


def _imports(tree: ast.Module, file: Path) -> Iterator[str]:
    """Every module or name imported anywhere in the file, in dotted form, relative ones made full.

    `from a import b` gives `a.b`, since b may be a module.
    """
    package = file.with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                above = list(package[: len(package) - level + 1]) if level else []
                full = ".".join([*above, *([module] if module else [])])
                yield from (f"{full}.{alias.name}" for alias in names)


def _ours(tree: ast.Module, file: Path) -> Iterator[str]:
    return (m for m in _imports(tree, file) if m == "hotline" or m.startswith("hotline."))


def _target(root: Path, module: str) -> str | None:
    """The room that an import of ours reaches; None for a name of the root (`__version__`)."""
    parts = module.split(".")
    if len(parts) == 1 or parts[1].startswith("__"):
        return None
    room = parts[1]
    known = (root / "hotline" / room).is_dir() or (root / "hotline" / f"{room}.py").is_file()
    return room if known or room in RANK else None
