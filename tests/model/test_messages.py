"""Golden messages: a bad text, and the one line a person reads about it."""

from __future__ import annotations

import pickle

import pytest

from alignsym.errors import ModelError
from alignsym.model.expressions import SymbolTable, parse_expression, parse_relation
from alignsym.model.files import loads

TABLE = SymbolTable.of(
    index={"i": "index"},
    parameter={"p": "positive", "n": "positive integer", "a[i]": "positive"},
    action={"x": "nonnegative"},
)
NAMES = "declared: i, p, n, a, x"
LIMIT = "(the limit on untrusted input)"

EXPRESSIONS = {
    "x + r": f"u: unknown name 'r' ({NAMES}), line 1, column 5",
    "x +\n  r": f"u: unknown name 'r' ({NAMES}), line 2, column 3",
    "  r": f"u: unknown name 'r' ({NAMES}), line 1, column 3",
    "e**x": f"u: unknown name 'e' ({NAMES}; write E), line 1, column 1",
    "ln(x)": "u: unknown function 'ln' (write log), line 1, column 1",
    "Log(x)": "u: unknown function 'Log' (did you mean log?), line 1, column 1",
    "gamma(x)": "u: unknown function 'gamma', line 1, column 1",
    "x(1 + p)": "u: 'x' is a declared name, not a function (write x*(...) for a product),"
    " line 1, column 1",
    "2x": "u: '2x' is neither a number nor a name (write 2*x for a product), line 1, column 1",
    "0x10": "u: '0x10' is neither a number nor a name, line 1, column 1",
    "1_000": "u: '1_000' is neither a number nor a name, line 1, column 1",
    "x^2": "u: character '^' has no meaning in an expression (write ** for a power),"
    " line 1, column 2",
    "x = 2": "u: '=' is no relation (write Eq(left, right)), line 1, column 3",
    "\u0445 + 1": "u: character '\\u0445' has no meaning in an expression (write ASCII),"
    " line 1, column 1",
    "x\x00": "u: character '\\x00' has no meaning in an expression, line 1, column 2",
    "'x'": 'u: character "\'" has no meaning in an expression, line 1, column 1',
    "x.real": "u: 'x.real': a dot has no meaning in an expression, line 1, column 1",
    "x +": "u: not an expression: 'x +', line 1, column 4",
    "x y": "u: not an expression: 'x y', line 1, column 3",
    "": "u: an empty text where an expression belongs",
    "(x, p)": "u: a tuple stands where a value belongs: '(x, p)'"
    " (tuples belong in Piecewise, Sum and Product), line 1, column 1",
    "x // 2": "u: 'x // 2' has no meaning in an expression, line 1, column 1",
    "x < 1": "u: a relation stands where a value belongs, line 1, column 1",
    "Eq(x, 1)": "u: a relation stands where a value belongs, line 1, column 1",
    "True": "u: 'True' stands where a value belongs, line 1, column 1",
    "log": "u: function 'log' needs arguments (declare 'log' to use it as a name),"
    " line 1, column 1",
    "log(x, 2)": "u: log takes 1 argument, not 2, line 1, column 1",
    "Max()": "u: Max takes 1 or more arguments, not 0, line 1, column 1",
    "LambertW(x, 2)": "u: the real branches of LambertW are 0 and -1, line 1, column 1",
    "Rational(1, 0)": "u: Rational takes two whole numbers, the second not zero, line 1, column 1",
    "Root(x**2 - p, x, 0)": "u: Root(...) is an output form, not input, line 1, column 1",
    "x/(1 - 1)": "u: a division by zero, line 1, column 4",
    "log(0)": "u: an undefined value (a division by zero or log(0))",
    "sqrt(-2)": "u: not a real number (a root or log of what is negative)",
    "x + oo": "u: oo stands inside an expression (it may only be an end), line 1, column 5",
    "oo": "u: oo stands inside an expression (it may only be an end), line 1, column 1",
    "Piecewise((x, x < 1))": "u: the last pair of a Piecewise, and no other, ends in True,"
    " line 1, column 11",
    "Piecewise(x)": "u: Piecewise takes pairs (value, condition), line 1, column 11",
    "Sum(x, k)": "u: Sum takes an expression and a tuple (k, low, high), line 1, column 1",
    "Sum(x, (p, 1, n))": "u: index 'p' is also parameter 'p' (rename one), line 1, column 9",
    "Sum(x, (k, 1, p))": "u: the ends of a Sum are not whole numbers, line 1, column 1",
    "a": "u: 'a' is a family and needs an index (write a[i]), line 1, column 1",
    "a[x]": "u: 'x' is not an index, line 1, column 3",
    "a[1, 2]": "u: a family has one index, line 1, column 1",
    "x[i]": "u: 'x' is not an indexed family (declare it as \"x[i]\"), line 1, column 1",
    "(1 + x)**1000": f"u: a power beyond 64 of something that is not a number {LIMIT}",
    "9**9**9": f"u: an exponent beyond 1000 {LIMIT}",
    "1e400000": f"u: decimal exponent of '1e400000' beyond 60 {LIMIT}",
    "1" * 61: f"u: more than 60 digits in a number {LIMIT}",
    "Sum(1/k, (k, 1, 9))": "u: a Sum of numbers only (write its value), line 1, column 1",
    "Sum(k, (k, 1, 10**9))": f"u: more than 100 terms of a Sum {LIMIT}",
}

RELATIONS = {
    "x": "u: a value stands where a relation belongs"
    " (use <=, >=, <, > or Eq(left, right)), line 1, column 1",
    "0 < x < 1": "u: a chain of comparisons"
    " (write one relation each: a < b and b < c apart), line 1, column 1",
    "x == 1": "u: '==' is no relation (write Eq(left, right)), line 1, column 1",
    "x != 1": "u: '!=' is no relation (write Ne(left, right)), line 1, column 1",
    "x > 0 and p > 0": "u: several relations in one (write one relation each), line 1, column 1",
    "Eq(x)": "u: Eq takes 2 arguments, not 1, line 1, column 1",
    "x <= q": f"u: unknown name 'q' ({NAMES}), line 1, column 6",
    "x <= oo": "u: oo stands inside an expression (it may only be an end), line 1, column 6",
}

MODEL = """\
format = 1
concept = "maximize"
[parameters]
p = "positive"
[[agents]]
name = "a"
actions = { x = "nonnegative" }
utility = "log(1 + x) - p*x"
constraints = { cap = "x <= 1" }
[[expected]]
values = { x = "1" }
multipliers = { cap = "1" }
"""
CONCEPTS = "maximize, nash, variational, walras, stackelberg, social, bargaining"

EDITS = {
    ("format = 1\n", ""): "format: missing (write format = 1)",
    ("format = 1", "format = 2"): "format: is 2 (write format = 1)",
    ("format = 1", "format = true"): "format: is true (write format = 1)",
    ('concept = "maximize"\n', ""): 'concept: missing (write concept = "maximize", or nash, ...)',
    ('"maximize"', '"maximise"'): "concept: unknown concept 'maximise' (did you mean maximize?)",
    ('"maximize"', '"chess"'): f"concept: unknown concept 'chess' (one of: {CONCEPTS})",
    ("[parameters]", "[paramters]"): "unknown key 'paramters' (did you mean parameters?)",
    ("utility", "utilty"): "agents[0]: unknown key 'utilty' (did you mean utility?)",
    ('"positive"', '"postive"'): "parameters.p: unknown sign 'postive' (did you mean positive?)",
    ('"positive"', "3"): 'parameters.p: 3 is not a sign or an interval ["lo", "hi"]',
    ('"positive"', "[0, 1]"): 'parameters.p: an interval that is not two texts (write ["0", "1"])',
    ('"positive"', '["2", "1"]'): "parameters.p: an empty interval from 2 to 1 (lower end first)",
    ('"nonnegative"', '"negative"'): "agents[0].actions.x: unknown sign 'negative'"
    " (did you mean nonnegative?)",
    ("p = ", "lambda = "): "parameters.lambda: 'lambda' is a Python keyword (write lam)",
    ("p = ", "class = "): "parameters.class: 'class' is a Python keyword (rename it)",
    (
        'p = "',
        '"p q" = "',
    ): "parameters.p q: illegal name 'p q' (letters, digits and _, or \"x[i]\")",
    (
        'p = "',
        '"\u0440" = "',
    ): "parameters: illegal name '\\u0440' (1 to 60 printable ASCII characters)",
    (
        'p = "',
        'x = "real"\np = "',
    ): "agents[0].actions.x: 'x' is declared as parameter and as action (rename one)",
    ('p = "', '"p[i]" = "'): "parameters.p[i]: index 'i' is no family (families: none)",
    (
        "log(1 + x)",
        "log(1 + r)",
    ): "agents[0].utility: unknown name 'r' (declared: p, x), line 8, column 20",
    ("x <= 1", "x <= "): "agents[0].constraints.cap: not an expression: 'x <= ', line 9, column 29",
    ("utility =", "loss ="): None,
    ("utility =", 'loss = "x"\nutility ='): "agents[0]: both utility and loss (keep one)",
    ('utility = "log(1 + x) - p*x"\n', ""): "agents[0]: neither utility nor loss"
    ' (add utility = "...")',
    ('name = "a"\n', ""): "agents[0]: no name (add name = ...)",
    ("values = { x", "values = { y"): "expected[0].values.y: no action or price 'y' (known: x)",
    (
        "rs = { cap",
        "rs = { cup",
    ): "expected[0].multipliers.cup: no constraint 'cup' (did you mean cap?)",
    ('values = { x = "1" }\n', ""): "expected[0]: no values, continuum or outcome"
    " (give one of them (values may accompany a continuum))",
    ("multipliers =", 'outcome = "none"\nmultipliers ='): "expected[0]: values and outcome together"
    " (give one of them (values may accompany a continuum))",
    (
        "[parameters]",
        "expect = 'none'\n[parameters]",
    ): "expect: both expect and [[expected]] (keep one)",
    ("[parameters]", "numeraire = 'p'\n[parameters]"): "numeraire: has no meaning for maximize"
    " (only for walras)",
    ("[[expected]]", "[prices]\nw = 'x <= 1'\n[[expected]]"): "prices: has no meaning for maximize"
    " (only for walras)",
    ("[[expected]]", "[weights]\na = '1'\n[[expected]]"): "weights: has no meaning for maximize"
    " (only for social and bargaining)",
    ('"maximize"', '"walras"'): "prices: walras without prices (add [prices])",
    (
        "[[expected]]",
        "[[agents]]\nname='a'\nactions={}\nutility='p'\n[[expected]]",
    ): "agents[1].name: two agents are called 'a' (rename one)",
    ("[[expected]]", "[[agents]]\nname='b'\nactions={}\nutility='p'\n[[expected]]"): "agents:"
    " maximize has one agent, not 2",
    ("[[expected]]", "[shared]\ncap = 'x <= 2'\n[[expected]]"): "shared.cap:"
    " two constraints are called 'cap' (rename one)",
    (
        "[parameters]",
        "conditions = ['p < 0']\n[parameters]",
    ): "conditions[0]: contradicts the declared"
    " signs or an earlier condition (no parameter satisfies it)",
    ("[parameters]", "conditions = ['x < 0']\n[parameters]"): "conditions[0]: unknown name 'x'"
    " (declared: p), line 3, column 16",
    ("[parameters]", "tags = 'log'\n[parameters]"): "tags: 'log' is not a list of tags",
    ("[parameters]", "complete = 'yes'\n[parameters]"): "complete: 'yes' is not true or false",
    ('name = "a"', 'name = "a'): "not TOML: Illegal character '\\n' at line 6, column 10",
    ("[parameters]", "[parameters"): "not TOML: Expected ']' at the end of a table declaration"
    " at line 3, column 12",
    ("concept", "format = 1\nconcept"): "not TOML: Cannot overwrite a value at line 2, column 11",
}


@pytest.mark.parametrize("text", EXPRESSIONS, ids=lambda t: ascii(t)[:30])
def test_expression(text: str) -> None:
    with pytest.raises(ModelError) as failure:
        parse_expression(text, TABLE, where="u")
    assert str(failure.value) == EXPRESSIONS[text]
    assert failure.value.where == "u"


@pytest.mark.parametrize("text", RELATIONS)
def test_relation(text: str) -> None:
    with pytest.raises(ModelError) as failure:
        parse_relation(text, TABLE, where="u")
    assert str(failure.value) == RELATIONS[text]


@pytest.mark.parametrize("edit", EDITS, ids=lambda e: ascii(e[1])[:30])
def test_file(edit: tuple[str, str]) -> None:
    assert edit[0] in MODEL
    text = MODEL.replace(*edit, 1)
    if EDITS[edit] is None:
        loads(text)
        return
    with pytest.raises(ModelError) as failure:
        loads(text)
    assert str(failure.value) == EDITS[edit]


def test_a_text_that_occurs_twice_has_its_column_only() -> None:
    with pytest.raises(ModelError) as failure:
        loads(MODEL.replace('"x <= 1"', '"r"').replace('cap = "1"', 'cap = "r"'))
    assert str(failure.value).endswith(", column 1 of the text")


def test_messages_stay_one_short_line() -> None:
    for text in ["x\n" * 3000, "y" * 9000, "f(" + "y" * 5000 + ")", "x y " * 2000]:
        with pytest.raises(ModelError) as failure:
            parse_expression(text, TABLE, where="u")
        assert "\n" not in str(failure.value) and len(str(failure.value)) < 300
    for key in ["k" * 9000, "k\\n\\u0000" * 900]:
        with pytest.raises(ModelError) as failure:
            loads(MODEL + f'"{key}" = "{key}"')
        assert "\n" not in str(failure.value) and len(str(failure.value)) < 300


def test_messages_travel_between_processes() -> None:
    with pytest.raises(ModelError) as failure:
        parse_expression("x + r", TABLE, where="u")
    again = pickle.loads(pickle.dumps(failure.value))
    assert type(again) is type(failure.value) and str(again) == str(failure.value)
