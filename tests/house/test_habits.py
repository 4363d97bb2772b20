"""The project's habits, as far as a machine can tell."""

from __future__ import annotations

import ast
import re

import pytest
from project import functions, modules, name, texts

LONGEST_MODULE = 350
LONGEST_FUNCTION = 50
SHIPPED = ("engine", "schemas", "templates", "sites", "benchmarks")
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
GIVING_UP = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|except Exception\b|except:")


def test_no_module_is_long():
    counts = {name(path): len(path.read_text().splitlines()) for path in modules(*SHIPPED)}
    assert {path: count for path, count in counts.items() if count > LONGEST_MODULE} == {}


def test_no_function_is_long():
    found = [(name(path), *function) for path in modules(*SHIPPED) for function in functions(path)]
    assert [each for each in found if each[2] > LONGEST_FUNCTION] == []


def test_names_say_what_is_inside():
    assert [name(path) for path in modules() if {path.stem, path.parent.name} & NAMES_THAT_SAY_NOTHING] == []


def test_every_module_begins_with_what_it_is():
    silent = [
        path for path in modules() if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [name(path) for path in silent] == []


@pytest.mark.parametrize("unwanted", [UNFINISHED, GIVING_UP])
def test_nothing_is_left_for_later_and_nothing_given_up(unwanted):
    files = [path for path in modules() if path.name != "test_habits.py"]
    lines = [(name(path), line.strip()) for path in files for line in path.read_text().splitlines()]
    assert [each for each in lines if unwanted.search(each[1])] == []


def test_no_file_says_where_packages_come_from():
    files = [path for suffix in (".txt", ".toml", ".yaml", "Makefile", ".ci/run") for path in texts(suffix)]
    told = re.compile(r"index-url|find-links|trusted-host|--index\b", re.IGNORECASE)
    assert [name(path) for path in files if told.search(path.read_text(errors="replace"))] == []
