"""Texts and files made to execute, hang or exhaust: each is refused, and nothing runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.errors import LimitError, ModelError
from alignsym.model import limits
from alignsym.model.expressions import SymbolTable, parse_expression, parse_relation
from alignsym.model.files import load, loads
from alignsym.model.structure import structure

NAMES = {f"x{number}": "real" for number in range(200)}
TABLE = SymbolTable.of(
    index={"i": "index"},
    parameter={"n": "positive integer", "a[i]": "positive", "p": "positive"},
    action={"x": "nonnegative", **NAMES},
)

EXECUTES = [
    "__import__('os').system('touch hacked')",
    "__import__(x)",
    "eval(x)",
    "exec(x)",
    "open(x)",
    "print(x)",
    "getattr(x, p)",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__.__mro__",
    "x.__class__",
    "(x).func",
    "lambda: x",
    "(lambda x: x)(p)",
    "[x for x in (1, 2)]",
    "[x][0]",
    "{x: p}",
    "{x}",
    "f'{x}'",
    "'x'",
    "x if p else n",
    "(x := p)",
    "x; p",
    "import os",
    "await x",
    "yield x",
    "*x",
    "log(*x)",
    "log(**x)",
    "log(x=p)",
    "log.args(x)",
    "log[0](x)",
    "x[0]",
    "a[i][i]",
    "a[...]",
    "...",
    "None",
    "True",
    "x @ p",
    "x % p",
    "x // p",
    "x >> p",
    "x & p",
    "~x",
    "not x",
    "x and p",
    "x is p",
    "x in p",
    "1j",
    "0xff",
    "0b1",
    "1_000",
    "x\\\n+ p",
    "x # p",
    "\u017f + 1",  # NFKC makes it s
    "\uff4c\uff4f\uff47(x)",  # full-width log
    "\u0445",  # Cyrillic x
    "x\u200b",
    "x\x00",
    "x\x0c+p",
    "factorial(10**9)",
    "binomial(10**7, 5*10**6)",
    "gamma(p)",
    "Symbol(x)",
    "S(x)",
    "sympify(x)",
    "Lambda(x, p)",
    "zoo",
    "nan",
    "I",
]

TOO_LARGE = [
    "9**9**9**9",
    "9**9**9",
    "10**(10**8)",
    "2**(10**9)",
    "(10**99)**99",
    "2**(2**(2**(2**2)))",
    "1e400000",
    "1e-400000",
    "1" * 61,
    "0." + "1" * 61,
    "1" * 5000,
    "sqrt(10**3000 + 7)",
    "sqrt(10**999 + 7)",
    "(10**400 + 7)**(1/3)",
    "(1/3)**(10**7)",
    "1/3**10000",
    "*".join(["10**99"] * 100),
    "/".join(["10**99"] * 100),
    "+".join(f"1/{7919 * m + 1}" for m in range(400)),
    "exp(10**99)",
    "exp(-10**99)",
    "exp(log(2)*10**99)",
    "2**(10**99*log(3)/log(2))",
    "exp(exp(exp(exp(9))))",
    "2**(x + 10**99)*2**(-x)",
    "x**(10**99*p)",
    "(1 + x)**1000000",
    "((1 + x)**64)**64",
    "x**64*x",
    "(2*x)**(10**6)",
    "x**x**x**x**x",
    "exp(exp(exp(exp(x))))",
    "x + " * 200_000 + "x",
    "x" + "+x" * 4_000,
    "(" * 90_000 + "x" + ")" * 90_000,
    "(" * 2_000 + "x" + ")" * 2_000,
    "(" * 101 + "x" + ")" * 101,
    "-" * 5_000 + "x",
    "- " * 101 + "x",
    "log(" * 101 + "x" + ")" * 101,
    "x**" * 101 + "x",
    "x" * 10_001,
    "Max(" + ",".join(NAMES) + ")",
    "Max(x, Min(p, " * 20 + "x" + "))" * 20,
    "Sum(x, (k, 1, 10**9))",
    "Product(k, (k, 1, 10**7))",
    "sqrt(1+sqrt(" * 30 + "2" + "))" * 30,
    "cos(" * 60 + "1" + ")" * 60,
    "Sum(" * 7 + "x" + ", (k, 1, n))" * 7,
]

UNDEFINED = [
    "1/0", "0**-1", "log(0)", "atan(log(x - x))", "log(-1)", "sqrt(-1)", "(-8)**(1/3)", "x/(x - x)",
    "tan(pi/2)", "0*log(0)", "oo - oo", "0*oo", "1/oo", "exp(oo)", "x**oo", "Sum(x, (k, 1, oo))",
    "x/(x/0)", "sqrt(-p)", "((sqrt(2) + sqrt(3))**2 - 5 - 2*sqrt(6))**(-5)",
]  # fmt: skip


@pytest.mark.parametrize("text", EXECUTES, ids=ascii)
def test_nothing_executes(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError):
        parse_expression(text, TABLE)
    with pytest.raises(ModelError):
        parse_relation(text, TABLE)
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("text", TOO_LARGE, ids=lambda t: t[:24])
def test_what_is_too_large_names_its_limit(text: str) -> None:
    with pytest.raises(LimitError):
        parse_expression(text, TABLE)


@pytest.mark.parametrize("text", UNDEFINED)
def test_what_has_no_real_value_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        parse_expression(text, TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "10**99",
        "10**60*x",
        "+".join(NAMES),
        "*".join(NAMES),
        "+".join(f"{m}*x{m}" for m in range(200)),
        "(" * 90 + "x" + ")" * 90,
        "log(1 + " * 45 + "x" + ")" * 45,
        "(1 + x)**64",
        "exp(-exp(-exp(-x)))",
        "p**(1/(1 - x))",
        "Piecewise(" + "".join(f"({m}, x < {m}), " for m in range(90)) + "(x, True))",
    ],
    ids=lambda t: t[:24],
)
def test_what_people_write_passes(text: str) -> None:
    parse_expression(text, TABLE)


TOKENS = st.sampled_from(
    [*"xpnak()[],+-*/<.:=0129", "**", "<=", "==", "a[i]", "0.5", "99", "10**9", "1e9", "oo", "pi"]
    + ["E", "log", "exp", "sqrt", "Abs", "Max", "Min", "sign", "Sum", "Product", "(k,1,n)", "True"]
    + ["Piecewise", "and", "or", "not", "if", "else", "Eq", "LambertW", "sin", "acos", "(x, True)"]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(TOKENS, max_size=14).map(" ".join)))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_expression, parse_relation):
        try:
            parse(text, TABLE, where="u")
        except ModelError as failure:
            assert "\n" not in str(failure) and failure.where == "u"


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(), st.from_regex(r'(\[?[a-z]{1,3}\]? ?=? ?("[a-z<=]*"|1|true|\{.*\})?\n)*'))
)
def test_any_file_is_refused(text: str) -> None:
    try:
        loads(text)
    except ModelError as failure:
        assert "\n" not in str(failure)


HEAD = 'format = 1\nconcept = "maximize"\n'
AGENT = '[[agents]]\nname = "a"\nactions = { x = "real" }\nutility = "-x**2"\n'


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "x = " + "[" * 50_000,
        HEAD + "x = " + "{a=" * 5_000,
        HEAD + "a." * 100_000 + "a = 1",
        HEAD + "[" + "a." * 100_000 + "a]",
        HEAD + "[" + '"a".' * 50_000 + "a]",
        HEAD + "x = " + "9" * 200_000,
        HEAD + "x" * 300_000,
        HEAD + "[parameters]\n" + "".join(f'p{m} = "real"\n' for m in range(300)) + AGENT,
        HEAD + AGENT + "constraints = {" + ",".join(f'c{m} = "x <= 1"' for m in range(300)) + "}",
        HEAD + AGENT * 300,
        HEAD + "tags = [" + '"t",' * 300 + "]\n" + AGENT,
        HEAD + "conditions = [" + '"1 < 2",' * 300 + "]\n" + AGENT,
        HEAD + 'notes = "' + "n" * 20_000 + '"\n' + AGENT,
        HEAD + AGENT + "[[expected]]\nwhen = []\n" * 300,
    ],
    ids=range(14),
)
def test_large_tables_are_refused(text: str) -> None:
    with pytest.raises(ModelError):
        structure(text)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    with open(file, "wb") as out:
        out.truncate(30_000_000)
    with pytest.raises(LimitError, match=f"larger than {limits.FILE_BYTES} bytes"):
        load(file)


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/", "missing.toml", "nul\0.toml"])
def test_only_regular_files_are_read(path: str) -> None:
    with pytest.raises(ModelError):
        load(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ModelError, match="not a regular file"):
        load(tmp_path / "pipe.toml")


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"format = 1\n\x00", b"format = '\xe9'", b"\x80", b"", b"\xef\xbb\xbf"],
)
def test_what_is_not_text_is_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "model.toml"
    file.write_bytes(data)
    with pytest.raises(ModelError):
        load(file)
