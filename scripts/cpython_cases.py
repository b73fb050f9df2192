"""Writes scripts/cpython_cases.json: the cases of CPython's own suite of multiprocessing.

    python3.13 scripts/cpython_cases.py

With --print the table goes to the standard output.

It has each test method of test/_test_multiprocessing.py by its class, with the kinds of objects
that CPython runs it with: `processes`, `manager`, `threads`; none for classes without kinds.
The kinds are those of the class's ALLOWED_TYPES, but not those for which the method, or one
that it calls, does nothing but skip itself.
"""

import ast
import inspect
import platform
import re
import sys
import textwrap
import unittest

from stored_table import store
from test import _test_multiprocessing as suite

VERSION = "3.13.0"


def is_true(test, kind):
    """Whether a condition on self.TYPE or cls.TYPE holds for a kind; None for others."""
    text = ast.unparse(test)
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    if "self.TYPE" not in text or names != {"self"}:
        return None
    return eval(text, {"self": type("Mixin", (), {"TYPE": kind})})


def is_skip(statement):
    return ast.unparse(statement).startswith("self.skipTest(")


def body_of(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return [
        statement
        for statement in tree.body[0].body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]


def skips(function, kind):
    """Whether a method skips itself with a kind."""
    return any(
        isinstance(statement, ast.If) and is_skip(statement.body[0]) and is_true(statement.test, kind)
        for statement in body_of(function)
    )


def runs(cls, function, kind):
    """Whether a method does anything with a kind."""
    body = body_of(function)
    code = [statement for statement in body if not isinstance(statement, (ast.Import, ast.ImportFrom))]
    if len(code) == 1 and isinstance(code[0], ast.If) and not code[0].orelse:
        if is_true(code[0].test, kind) is False:
            return False
    if skips(function, kind):
        return False
    for statement in body:
        for node in ast.walk(statement):
            if not (isinstance(node, ast.Call) and re.fullmatch(r"self\.\w+", ast.unparse(node.func))):
                continue
            helper = inspect.getattr_static(cls, node.func.attr, None)
            if not inspect.isfunction(helper) or helper.__module__ != suite.__name__:
                continue
            # One that only checks something may do nothing, but the method goes on.
            is_check = not node.func.attr.startswith("_")
            if skips(helper, kind) if is_check else not runs(cls, helper, kind):
                return False
    return True


def main():
    if platform.python_version() != VERSION:
        sys.exit(f"this is Python {platform.python_version()}, not {VERSION}")
    cases = {}
    for name, cls in vars(suite).items():
        if not isinstance(cls, type) or cls.__module__ != suite.__name__:
            continue
        if not issubclass(cls, (unittest.TestCase, suite.BaseTestCase)):
            continue
        methods = {}
        for method, function in vars(cls).items():
            if not method.startswith("test"):
                continue
            function = inspect.unwrap(function)
            kinds = getattr(cls, "ALLOWED_TYPES", ())
            methods[method] = [kind for kind in kinds if runs(cls, function, kind)] or list(kinds)
        if methods:
            cases[name] = methods
    store("cpython_cases.json", {"python": VERSION, "cases": cases})


if __name__ == "__main__":
    main()
