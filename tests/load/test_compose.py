"""YAML's bytes become what was written, each thing with its place, or located problems."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap

import pytest

from trueup.errors import DeclarationError, Source
from trueup.load.build import DEPTH, EXPANDED
from trueup.load.compose import LIMIT, compose, compose_mapping
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, find_secrets
from trueup_schemas.secret import SecretRef


def read(text: str) -> MappingNode:
    return compose_mapping(text.encode(), "f.yaml")


def problems(data: str | bytes) -> list[str]:
    with pytest.raises(DeclarationError) as raised:
        compose(data.encode() if isinstance(data, str) else data, "f.yaml")
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize(
    "written",
    [
        "11:22:33:44:55:66",
        "010",
        "no",
        "yes",
        "on",
        "off",
        "7.20",
        "7.2",
        "12:30:45",
        "1_000",
        "0x10",
        "0o17",
        "1e3",
        ".5",
        "-0",
        "+5",
        "00",
        "2026-11-22",
        "NULL",
        "True",
        "FALSE",
        "No",
        ".inf",
        "10.0.0.1",
        "=x",
        "10%",
        "1111111111111111111",
        "$x",
    ],
)
def test_other_words_stay_the_text_that_was_written(written: str) -> None:
    node = read(f"a: {written}")["a"]
    assert isinstance(node, ScalarNode)
    assert (node.value, node.text) == (written, written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("7", 7),
        ("-12", -12),
        ("999999999999999999", 999999999999999999),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("", None),
        ('"7"', "7"),
        ("'true'", "true"),
        ('""', ""),
        ("'~'", "~"),
        ("|\n  12\n", "12\n"),
        ("!secret radius/billing", SecretRef("radius/billing")),
    ],
)
def test_the_few_words_that_mean_something(written: str, value: object) -> None:
    node = read(f"a: {written}")["a"]
    assert isinstance(node, ScalarNode)
    assert node.value == value
    assert type(node.value) is type(value)


def test_every_key_and_value_knows_its_place() -> None:
    node = read("site: x\nhosts:\n  - one\n  - {port: 1, 'grüße': zwei}\n")
    hosts = node["hosts"]
    assert isinstance(hosts, SequenceNode)
    inner = hosts.items[1]
    assert isinstance(inner, MappingNode)
    assert node.keys["hosts"] == Source("f.yaml", 2, 1)
    assert hosts.items[0].source == Source("f.yaml", 3, 5)
    assert inner.source == Source("f.yaml", 4, 5)
    assert inner.keys["grüße"] == Source("f.yaml", 4, 15)
    assert inner["grüße"].source == Source("f.yaml", 4, 24)


def test_keys_are_text_whatever_they_look_like() -> None:
    assert read("10: a\nno: b\ntrue: c\n/ip/dns: d\n'<<': e\n").plain() == {
        "10": "a",
        "no": "b",
        "true": "c",
        "/ip/dns": "d",
        "<<": "e",
    }


def test_a_file_that_holds_nothing_is_empty() -> None:
    for text in ("", "\n", "# only a word\n", "---\n", "\ufeff"):
        assert compose(text.encode(), "f.yaml") is None
        assert not len(read(text))


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read("\ufeffrouter: a\n").plain() == {"router": "a"}


def test_anchors_stand_for_what_they_name() -> None:
    assert read("a: &x [1, &y {b: c}]\nd: *x\ne: *y\n").plain() == {
        "a": [1, {"b": "c"}],
        "d": [1, {"b": "c"}],
        "e": {"b": "c"},
    }


def test_all_problems_of_a_file_come_at_once() -> None:
    found = problems("a: 1\na: 2\nb: !foo 3\nc: {d: 1, d: 2}\n? [x]\n: 3\n<<: {a: 1}\n~: 1\ne: !secret\nf: !!str 5\n")
    assert [line.split(": ")[0] for line in found] == [
        "f.yaml:2:1",
        "f.yaml:3:4",
        "f.yaml:4:11",
        "f.yaml:5:3",
        "f.yaml:7:1",
        "f.yaml:8:1",
        "f.yaml:9:4",
        "f.yaml:10:4",
    ]
    assert "'a' is declared twice, first on line 1" in found[0]
    assert "unknown tag !foo; the only tag is `!secret NAME`" in found[1]
    assert "must be text, not a list" in found[3]
    assert "merge keys (<<) are not supported" in found[4]
    assert "quotes make text" in found[7]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a:\n\tb: 1\n", "2:1", "indent with spaces, not tabs"),
        ("a: b: c", "1:5", "put quotes around a value that holds ': '"),
        ("a: 1\n---\nb: 2\n", "2:1", "one document a file"),
        ("a: *b", "1:4", "put the anchor (&name) before the alias"),
        ("a: [1,\nb: 3\n", "3:1", "that begins on line 1"),
        ('a: "x\nb: y', "2:5", "close the quote"),
        ("a: *.example", "1:5", "put quotes around a value that begins with *"),
        ("- a\n b: 1", "2:3", "check the indentation"),
        ("a: !!python/object:os.system x", "1:4", "unknown tag !!python/object:os.system"),
        ("a: &x [*x]", "1:4", "an anchor holds itself"),
        ("just words", "1:1", "must be a mapping"),
        ("- a", "1:1", "must be a mapping"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_remedy(text: str, place: str, said: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        read(text)
    assert f"f.yaml:{place}: " in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (b"\x7fELF\x01\x00", "1:1", "control character (byte 0x7f)"),
        (b"a: 1\nb: \x00", "2:4", "control character (byte 0x00)"),
        (b"a: gr\xfc\xdf", "1:6", "not UTF-8 (byte 0xfc)"),
        (b"\xef\xbb\xbfa: \xff", "1:5", "not UTF-8 (byte 0xff)"),
        ("a: 1".encode("utf-16"), "1:1", "UTF-16"),
        (b"a: \xed\xa0\x80", "1:4", "not UTF-8"),
        ("a: \ufffe".encode(), "1:4", "not text"),
    ],
)
def test_what_is_not_text_is_refused_at_its_first_bad_byte(data: bytes, place: str, said: str) -> None:
    (problem,) = problems(data)
    assert problem.startswith(f"f.yaml:{place}: ")
    assert said in problem


def test_a_file_over_the_limit_is_refused() -> None:
    (problem,) = problems(b"a" * (LIMIT + 1))
    assert "too large: 16.0 MB, at most 16 MB are read" in problem


def test_nesting_is_bounded() -> None:
    assert read("a: " + "[" * (DEPTH - 1) + "]" * (DEPTH - 1))
    for opening in ("[", "{a: ", "- ", "? "):
        (problem,) = problems(opening * 100_000)
        assert "levels deep" in problem


def test_aliases_are_bounded_by_what_they_stand_for() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    (problem,) = problems("\n".join(lines))
    assert f"stand for more than {EXPANDED // 1000} 000 values" in problem


def test_many_aliases_of_little_are_fine() -> None:
    text = "a: &a {b: c}\nd:\n" + "  - *a\n" * 20_000
    assert len(read(text).plain()["d"]) == 20_000


def test_secrets_are_found_with_their_places() -> None:
    node = read("a: !secret x\nb: [{c: !secret y/z}]\n")
    assert list(find_secrets(node)) == [
        (SecretRef("x"), Source("f.yaml", 1, 4)),
        (SecretRef("y/z"), Source("f.yaml", 2, 9)),
    ]


def test_parts_of_a_mapping_keep_their_order_and_places() -> None:
    node = read("a: 1\nb: 2\nc: 3\n")
    assert node.only("c", "a", "z").plain() == {"a": 1, "c": 3}
    assert node.without("b").plain() == {"a": 1, "c": 3}
    assert node.without("b").keys["c"] == Source("f.yaml", 3, 1)


def test_reading_leaves_the_collector_as_it_was() -> None:
    problems("a: *b")
    assert gc.isenabled()


def test_plain_python_s_parser_says_the_same() -> None:
    text = 'a: !secret x\nb: [1, &a 010, *a, no, {c: ~}]\n\'d\': &m {e: "7"}\nf: *m\n"gr\u00fc\u00dfe": |\n  x\n'
    script = """
        import sys
        sys.modules["yaml._yaml"] = None
        import yaml
        from trueup.load import compose
        assert not yaml.__with_libyaml__
        print(ascii(compose.compose(sys.stdin.buffer.read(), "f.yaml")))
        for bad in (b"a: [1,", b"[" * 500, b"a: 1\\n---\\nb: 2", b"a: \\xef\\xbf\\xbe"):
            try:
                compose.compose(bad, "f.yaml")
            except compose.DeclarationError as error:
                print(error.problems[0].where)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], input=text.encode(), capture_output=True, check=True
    )
    first, *places = done.stdout.decode().splitlines()
    assert first == ascii(compose(text.encode(), "f.yaml"))
    assert places == ["f.yaml:1:7", "f.yaml:1:65", "f.yaml:2:1", "f.yaml:1:4"]


def test_nodes_of_a_large_file_are_all_there() -> None:
    text = "".join(f"r{n}:\n" + "  - {chain: input, port: 443}\n" * 50 for n in range(100))
    node = read(text)
    assert len(node) == 100
    last: Node = node["r99"]
    assert isinstance(last, SequenceNode)
    assert last.items[-1].source.line == 100 * 51
