"""Writes scripts/python_api.json: the public names of multiprocessing, as CPython has them.

    python3.13 scripts/python_api.py

With --print the table goes to the standard output.

It has every module's names, and of each function and class the parameters with their kinds and
defaults, the bases, the methods and the properties, inherited ones too, but what object and
other builtin types have. All of it is asked of the running CPython; only what 3.14 added is
written here by hand, in ADDED, and marked as such in the table.

A name is public if `__all__` has it, or if the module's source binds it at its top level and
it does not begin with `_`; what a module has merely imported is not its own.
"""

import ast
import importlib
import inspect
import multiprocessing
import platform
import queue
import sys
import textwrap
import threading
import types
from array import array
from multiprocessing import dummy, managers, pool, sharedctypes, synchronize, util

from stored_table import store

VERSION = "3.13.0"

MODULES = [
    "",
    "connection",
    "context",
    "dummy",
    "dummy.connection",
    "forkserver",
    "heap",
    "managers",
    "pool",
    "process",
    "queues",
    "reduction",
    "resource_sharer",
    "resource_tracker",
    "shared_memory",
    "sharedctypes",
    "spawn",
    "synchronize",
    "util",
]

# Methods that instances get when they are made, and what makes one.
SPAWN = multiprocessing.get_context("spawn")
INSTANCES = {
    synchronize.BoundedSemaphore: SPAWN.BoundedSemaphore,
    synchronize.Condition: SPAWN.Condition,
    synchronize.Lock: SPAWN.Lock,
    synchronize.RLock: SPAWN.RLock,
    synchronize.Semaphore: SPAWN.Semaphore,
    synchronize.SemLock: SPAWN.Lock,
    sharedctypes.Synchronized: lambda: SPAWN.Value("i"),
    sharedctypes.SynchronizedArray: lambda: SPAWN.Array("i", 1),
    sharedctypes.SynchronizedBase: lambda: SPAWN.Value("i"),
    sharedctypes.SynchronizedString: lambda: SPAWN.Array("c", 1),
    # Those of dummy and util are other classes, which may have the same names.
    threading.Condition: threading.Condition,
    dummy.connection.Connection: lambda: dummy.Pipe()[0],
    util.ForkAwareThreadLock: util.ForkAwareThreadLock,
}

# A proxy's methods take anything: the parameters are those of what it stands for.
REFERENTS = {
    "BaseListProxy": list,
    "ListProxy": list,
    "DictProxy": dict,
    "SetProxy": set,
    "ArrayProxy": array,
    "PoolProxy": pool.Pool,
    "BasePoolProxy": pool.Pool,
}

# What a manager's methods make, whose parameters they take: by the type's name.
MADE = {"SyncManager": managers.SyncManager._registry}

SET_METHODS = """
    __and__ __contains__ __ge__ __gt__ __iand__ __ior__ __isub__ __iter__ __ixor__ __le__
    __len__ __lt__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__
    add clear copy difference difference_update discard intersection intersection_update
    isdisjoint issubset issuperset pop remove symmetric_difference
    symmetric_difference_update union update
""".split()

# What 3.14 added: module, class (its subclasses get it too), names and parameters.
ADDED = [
    ("process", "BaseProcess", {"interrupt": "()"}),
    ("synchronize", "SemLock", {"locked": "()"}),
    ("managers", "AcquirerProxy", {"locked": "()"}),
    ("managers", "BaseListProxy", {"clear": list.clear, "copy": list.copy}),
    (
        "managers",
        "DictProxy",
        {
            "__ior__": dict.__ior__,
            "__or__": dict.__or__,
            "__reversed__": dict.__reversed__,
            "__ror__": dict.__ror__,
            "fromkeys": dict.fromkeys,
        },
    ),
    ("managers", "SetProxy", {name: getattr(set, name) for name in SET_METHODS}),
    ("managers", "SyncManager", {"set": "(*args, **kwds)"}),
]

# Of every class, or of how classes are made, and not of what multiprocessing has.
NOT_MEMBERS = """
    __abstractmethods__ __annotations__ __dict__ __doc__ __firstlineno__ __init__ __module__
    __builtins__ __new__ __slots__ __static_attributes__ __subclasshook__ __weakref__ __class__
""".split()

signatures = {}


def default_text(value):
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, type)):
        return value.__name__
    return "{...}" if isinstance(value, dict) and value else repr(value)


def parameters_text(function, skip_self=True):
    """`(a, b=1, *, c=None)`, or None if CPython does not tell."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    if skip_self and parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    parts, seen_star, only = [], False, False
    for one in parameters:
        if one.kind is one.POSITIONAL_ONLY:
            only = True
        elif only:
            parts.append("/")
            only = False
        if one.kind is one.VAR_POSITIONAL:
            seen_star = True
        if one.kind is one.KEYWORD_ONLY and not seen_star:
            parts.append("*")
            seen_star = True
        star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = "" if one.default is one.empty else "=" + default_text(one.default)
        parts.append(star + one.name + default)
    if only:
        parts.append("/")
    return "(" + ", ".join(parts) + ")"


def remember(function, text):
    """By its full name, as CPython's errors have it."""
    name = getattr(function, "__qualname__", None)
    if name and text and "<" not in name:
        # Those of threading and queue may have the same name.
        signatures.setdefault(name, set()).add(text)


def assigned(cls):
    """Public attributes that the methods of a class set on `self`."""
    found = set()
    for base in cls.__mro__:
        if not base.__module__.startswith("multiprocessing"):
            continue
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        except (OSError, TypeError):
            continue  # made at run time
        for node in ast.walk(tree):
            if not isinstance(node, (ast.Assign, ast.AnnAssign)):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for one in ast.walk(target):
                    if (
                        isinstance(one, ast.Attribute)
                        and isinstance(one.value, ast.Name)
                        and one.value.id == "self"
                        and not one.attr.startswith("_")
                    ):
                        found.add(one.attr)
    return found


def is_public(name):
    is_dunder = name.startswith("__") and name.endswith("__")
    return (is_dunder or not name.startswith("_")) and name not in NOT_MEMBERS


# Constants whose values differ from machine to machine.
OF_THE_MACHINE = ["ORIGINAL_DIR", "MAXFD"]

# Members whose names begin with `_`, and which the documentation has.
DOCUMENTED = ["_callmethod", "_getvalue"]


def member(cls, owner, name, value):
    """What is said of one member."""
    if isinstance(value, property):
        return "property" if value.fset is None else "property, settable"
    if isinstance(value, (classmethod, staticmethod)):
        text = parameters_text(getattr(cls, name), skip_self=False)
        remember(value.__func__, text)
        return "static " + (text or "(*args, **kwds)")
    if inspect.isroutine(value):
        text = parameters_text(value)
        remember(value, text)
        referent = REFERENTS.get(owner.__name__)
        if text == "(*args, **kwds)" and referent is not None:
            text = parameters_text(getattr(referent, name, None)) or text
        if name in MADE.get(owner.__name__, {}):
            text = parameters_text(MADE[owner.__name__][name][0], False) or text
        return text or "(*args, **kwds)"
    return "attribute"


def members(cls):
    found = {}
    for owner in reversed(cls.__mro__):
        if owner.__module__ in ("builtins", "abc", "collections.abc", "typing"):
            continue
        for name, value in vars(owner).items():
            if is_public(name) or name in DOCUMENTED:
                found[name] = member(cls, owner, name, value)
    for name in assigned(cls):
        # What ends a manager is called, once it has been started.
        found.setdefault(name, "()" if name == "shutdown" else "attribute")
    make = INSTANCES.get(cls)
    if make is not None:
        instance = make()
        for name, value in vars(instance).items():
            if is_public(name) and callable(value):
                found[name] = parameters_text(value) or "(*args, **kwds)"
    return dict(sorted(found.items()))


def describe(name, value):
    if inspect.ismodule(value):
        return {"kind": "module"}
    if inspect.isclass(value):
        entry = {"kind": "class"}
        if value.__name__ != name:
            entry["is"] = value.__name__
        if value.__module__ in ("builtins", "array"):
            entry["of"] = value.__module__
            return entry
        bases = [base.__name__ for base in value.__mro__[1:]]
        entry["bases"] = bases = [one for one in bases if one not in (name, "object")]
        text = parameters_text(value.__init__)
        if value.__init__ is object.__init__:
            text = "()"
        if value.__init__ is not object.__init__:
            remember(value.__init__, text)
        inherited = value.__init__ in (Exception.__init__, bytes.__init__)
        entry["parameters"] = "(*args)" if inherited else text or "(*args, **kwds)"
        entry["members"] = members(value)
        return entry
    if callable(value):
        text = parameters_text(value, skip_self=False)
        remember(getattr(value, "__func__", value), text)
        return {"kind": "function", "parameters": text or "(*args, **kwds)"}
    entry = {"kind": "constant"}
    if isinstance(value, (int, float, str)) and name not in OF_THE_MACHINE:
        entry["value"] = repr(value)
    return entry


def bound_names(module):
    """What the source binds at its top level, imports left out."""
    found = set()

    def walk(statements):
        for node in statements:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    found.update(
                        one.id for one in ast.walk(target)
                        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
                    )
            elif isinstance(node, (ast.If, ast.Try)):
                walk(node.body)
                walk(node.orelse)
                for handler in getattr(node, "handlers", []):
                    walk(handler.body)

    walk(ast.parse(inspect.getsource(module)).body)
    return found


def names_of(module):
    names = {name for name in bound_names(module) if not name.startswith("_")}
    names |= set(getattr(module, "__all__", []))
    return sorted(
        name for name in names
        if hasattr(module, name) and not name.startswith("__")
    )


def add_later(table):
    """What 3.14 added, with its mark."""
    for module, owner, added in ADDED:
        names = table["multiprocessing." + module]
        if owner == "SetProxy":
            base = names["BaseProxy"]
            names["SetProxy"] = {
                **base,
                "bases": ["BaseProxy"],
                "since": "3.14",
                "members": dict(base["members"]),
            }
        marked = {}
        for name, value in added.items():
            if not isinstance(value, str):
                value = parameters_text(
                    value, skip_self=not inspect.isbuiltin(value)
                ) or "(*args, **kwds)"
            marked[name] = value
            signatures.setdefault(f"{owner}.{name}", set()).add(value)
        for entries in table.values():
            for name, entry in entries.items():
                if entry["kind"] != "class":
                    continue
                if entry.get("is", name) != owner and owner not in entry.get("bases", []):
                    continue
                missing = {k: v for k, v in marked.items() if k not in entry["members"]}
                entry["members"] = dict(sorted({**entry["members"], **missing}.items()))
                if missing:
                    # An inherited name is not the subclass's own, but is marked there too.
                    later = set(entry.get("added in 3.14", [])) | set(missing)
                    entry["added in 3.14"] = sorted(later)


def main():
    if platform.python_version() != VERSION:
        sys.exit(f"run this by CPython {VERSION}")
    table = {}
    for short in MODULES:
        full = "multiprocessing" + ("." + short if short else "")
        module = importlib.import_module(full)
        table[full] = {name: describe(name, getattr(module, name)) for name in names_of(module)}
    # What the proxy of a manager's queue, which is made by AutoProxy, has.
    queue_proxy = describe("Queue", queue.Queue)
    for name in ("all_tasks_done", "maxsize", "mutex", "not_empty", "not_full", "queue",
                 "unfinished_tasks", "is_shutdown"):
        queue_proxy["members"].pop(name, None)
    queue_proxy.update(bases=["BaseProxy"], parameters="(*args, **kwds)")
    table["multiprocessing.managers"]["AutoProxy[Queue]"] = queue_proxy
    add_later(table)
    data = {
        "//": "Written by scripts/python_api.py; not by hand.",
        "python": VERSION,
        "modules": table,
        "signatures": {name: sorted(signatures[name]) for name in sorted(signatures)},
    }
    store("python_api.json", data)


if __name__ == "__main__":
    main()
