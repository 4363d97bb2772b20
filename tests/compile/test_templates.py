"""Templates: no value can change the structure, nothing runs for ever, every error has a place."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml
from compile_room import compiled, problems, rows
from hypothesis import given
from hypothesis import strategies as st

from trueup.compile.draw import Templates
from trueup.compile.view import plain_view
from trueup.errors import DeclarationError, Source
from trueup.load.node import MappingNode, Node, Scalar, ScalarNode
from trueup_schemas.secret import PublicKeyOf, SecretRef

NOTE = "/system/note:\n  note: {{ text }}\n"
WHERE = Source("r.yaml", 7, 3)


def draw(template: str, **values: Scalar) -> Node | None:
    """What a template makes of these values, each declared in r.yaml:7:3."""
    context = {name: plain_view(ScalarNode(value, WHERE, str(value))) for name, value in values.items()}
    return Templates({"t": template}, {"t": "templates/t.yaml.j2"}).draw("t", context, WHERE)


def refused(template: str, **values: Scalar) -> str:
    """The one problem that drawing says there is, with its place."""
    with pytest.raises(DeclarationError) as caught:
        draw(template, **values)
    (problem,) = caught.value.problems
    return str(problem)


INJECTIONS = [
    "a\n/user:\n  - {name: evil}",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "!secret radius/billing",
    "}, {name: evil",
    "x: [1, 2",
    "# no comment",
    "- a list",
    "*alias",
    "&anchor",
    "~",
    "true",
    "010",
    "'",
    '"',
    "",
    "\ue0000\ue001",
    "\ue002t:1\ue003",
    "| \n block",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_value_that_looks_like_syntax_stays_a_text(text: str) -> None:
    made = draw(NOTE, text=text)
    assert made is not None
    assert made.plain() == {"/system/note": {"note": text}}


@given(st.text())
def test_any_text_goes_through_a_template_unchanged(text: str) -> None:
    made = draw(NOTE, text=text)
    assert made is not None
    assert made.plain() == {"/system/note": {"note": text}}


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\ufffe\uffff")))
def test_any_text_of_a_file_reaches_its_row_unchanged(text: str) -> None:
    declared = yaml.safe_dump({"router": "r", "system": {"identity": text, "note": text}}, allow_unicode=False)
    with tempfile.TemporaryDirectory() as folder:
        one = compiled(Path(folder), {"site/r.yaml": declared.replace("router: r\n", "") + "router: r\n"})
    assert rows(one, "/system/note") == [{"note": text}]


def test_a_value_keeps_its_type_and_place() -> None:
    made = draw("a: {{ number }}\nb: {{ flag }}\nc: {{ nothing }}\n", number=5, flag=True, nothing=None)
    assert isinstance(made, MappingNode)
    assert made.plain() == {"a": 5, "b": True, "c": None}
    assert {node.source for node in made.entries.values()} == {WHERE}


def test_a_secret_stays_a_name_and_becomes_a_public_key_only_by_its_filter() -> None:
    made = draw("a: {{ key }}\nb: {{ key | public_key }}\n", key=SecretRef("wg"))
    assert isinstance(made, MappingNode)
    assert made["a"].plain() == SecretRef("wg")
    assert getattr(made["b"], "derived", None) == PublicKeyOf(SecretRef("wg"))


@pytest.mark.parametrize("expression", ["key ~ 'x'", "key | upper", "'%s' % key", "[key] | join", "key | list"])
def test_a_secret_cannot_become_part_of_a_text(expression: str) -> None:
    assert "templates/t.yaml.j2:2" in refused(f"a: b\nc: {{{{ {expression} }}}}\n", key=SecretRef("wg"))


@pytest.mark.parametrize(
    "template",
    [
        "a: {{ text }}-pool\n",
        "a: '{{ text }} {{ text }}'\n",
        "a: |\n  {{ text }}\n",
        "{{ text }}: a\n",
        "a: !secret {{ text }}\n",
    ],
)
def test_a_value_that_is_not_a_whole_scalar_is_refused_with_its_place(template: str) -> None:
    assert "templates/t.yaml.j2:1:" in refused(template, text="x")


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("a: 1\nb: {{ nobody }}\n", 2, "nobody"),
        ("a: 1\n\nb: {{ text.nothing }}\n", 3, "nothing"),
        ("a: 1\n{% if %}\n", 2, ""),
        ("{% if text %}\n\na: b: c\n{% endif %}\n", 3, "not valid YAML"),
        ("a: 1\nb: {{ 1 / 0 }}\n", 2, "division"),
        ("a: 1\na: 2\n", 2, "twice"),
        ("a: 1\n{% include 'other' %}\n", 2, "no template 'other'"),
        ("a: {{ text.__class__ }}\n", 1, ""),
        ("a: {{ text.format(1) }}\n", 1, ""),
        ("{% macro m() %}{% endmacro %}\n", 1, "no macros"),
        ("{% set x %}y{% endset %}\n", 1, "no set blocks"),
        ("a: \ue0000\ue001\n", 1, "private-use"),
    ],
)
def test_an_error_names_the_templates_file_and_line(template: str, line: int, said: str) -> None:
    problem = refused(template, text="x")
    assert problem.startswith(f"templates/t.yaml.j2:{line}:")
    assert said in problem


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}"
        "{% endfor %}",
        "{% for a in range(100000000) %}x{% endfor %}",
        "a: {{ 'x' * 1000000000 }}",
        "a: {{ 10 ** 10 ** 10 }}",
        "a: {{ '%0999999999d' % 1 }}",
        "a: {{ 'x'.ljust(999999999) }}",
        "{% include 't' %}",
        "{% for a in range(9999) %}{% include 't' %}{% endfor %}",
        "{% for a in range(9999) %}" + "x" * 1000 + "{% endfor %}",
        "a: {{ [1] + range(9999) | list + range(9999) | list + range(9999) | list + range(9999) | list"
        " + range(9999) | list + range(9999) | list + range(9999) | list }}",
        "{% set a = 'x' * 1 %}" + "{% set a = a ~ a %}" * 40,
        "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40,
        "{% set a = 'x' %}" + "{% set a = a + a %}" * 40,
    ],
)
def test_a_template_that_never_ends_or_never_stops_growing_is_stopped(template: str) -> None:
    assert refused(template).startswith("templates/t.yaml.j2:")


def test_steps_and_ranges_are_bounded_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "range gives more than" in refused("a: {{ range(10001) | length }}")
    monkeypatch.setattr("trueup.compile.draw.STEPS", 10)
    assert "more than 10 steps" in refused("{% for a in range(20) %}{% endfor %}")


def test_a_template_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trueup.compile.draw.SECONDS", -1.0)
    assert "longer than" in refused("a: {{ text }}", text="x")


def test_what_is_not_declared_is_left_out(tmp_path: Path) -> None:
    one = compiled(tmp_path, {"site/r.yaml": "router: r\nsystem: {dns: {servers: 192.0.2.1}}\n"})
    assert set(one.desired.tables) == {"/ip/dns"}
    assert rows(one, "/ip/dns") == [{"servers": "192.0.2.1"}]


def test_an_operators_template_takes_the_place_of_a_built_in_one(tmp_path: Path) -> None:
    own = (
        "/ip/address:\n{% for it in addresses %}\n  - {address: {{ it.address }}, interface: loopback}\n{% endfor %}\n"
    )
    files = {
        "templates/addresses.yaml.j2": own,
        "site/r.yaml": "router: r\naddresses: [{address: 10.0.0.1/32, interface: ether1}]\n",
    }
    assert rows(compiled(tmp_path, files), "/ip/address") == [{"address": "10.0.0.1/32", "interface": "loopback"}]


def test_an_operators_new_template_is_drawn_with_its_variables(tmp_path: Path) -> None:
    own = "/ip/pool:\n  - name: {{ name }}\n    ranges: {{ ranges }}\n    comment: {{ vars.owner }}\n"
    files = {
        "templates/pool.yaml.j2": own,
        "site/site.yaml": "vars: {owner: us}\n",
        "site/r.yaml": "router: r\ntemplates: [{template: pool, name: a, ranges: [10.0.0.2, 10.0.0.3]}]\n",
    }
    one = compiled(tmp_path, files)
    assert rows(one, "/ip/pool") == [{"name": "a", "ranges": "10.0.0.2,10.0.0.3", "comment": "us"}]
    (row,) = one.desired.tables["/ip/pool"]
    assert {name: source.file for name, source in row.sources.items()} == {
        "name": "site/r.yaml",
        "ranges": "site/r.yaml",
        "comment": "site/site.yaml",
    }


def test_a_template_that_there_is_not_is_named_with_a_suggestion(tmp_path: Path) -> None:
    files = {"templates/pool.yaml.j2": "", "site/r.yaml": "router: r\ntemplates: [{template: pol}]\n"}
    (problem,) = problems(tmp_path, files)
    assert "'pol'" in problem.message
    assert "pool" in problem.remedy


def test_a_wrong_value_in_an_operators_template_is_shown_in_the_template(tmp_path: Path) -> None:
    files = {
        "templates/pool.yaml.j2": "/ip/pool:\n  - name: p\n    ranges: nonsense and more\n",
        "site/r.yaml": "router: r\ntemplates: [{template: pool}]\n",
    }
    (problem,) = problems(tmp_path, files)
    assert str(problem.where).startswith("templates/pool.yaml.j2:3:")


def test_an_unknown_key_of_an_intent_has_a_suggestion_and_its_place(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {"site/r.yaml": "router: r\nsystem:\n  identty: x\n"})
    assert "identty" in problem.message
    assert "identity" in problem.remedy
    assert str(problem.where) == "site/r.yaml:3:3"


def test_an_unknown_key_of_a_layer_has_a_suggestion_and_its_place(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {"site/r.yaml": "router: r\nhotspot: []\n"})
    assert "hotspot" in problem.message
    assert "hotspots" in problem.remedy
    assert str(problem.where) == "site/r.yaml:2:1"
