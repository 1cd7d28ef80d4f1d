r"""Emitted LaTeX read back as numbers, so that an error of the printer cannot hide.

The forms that the package writes (sums and products, fractions, roots, powers, named symbols,
functions, binomials, sums over indices, cases, brackets of any size, formulas broken over lines)
are rewritten, the innermost first, until an expression of Python is left for mpmath. No code is
shared with the printer or the layout.
"""

import re
from typing import NamedTuple

import mpmath

_TOKEN = re.compile(r"\\text\{[^}]*\}|\\[a-zA-Z]+|\\.|\d+\.\d+|\d+|\S")
_WORDS = {
    "[": "(", "]": ")", r"\{": "(", r"\}": ")", r"\lvert": "abs (", r"\rvert": ")",
    r"\lfloor": "floor (", r"\rfloor": ")", "i": "I", r"\pi": "pi", r"\log": "ln",
    r"\leq": "<=", r"\geq": ">=", r"\neq": "!=",
    **{rf"\{name}": name for name in ("sin", "cos", "tan", "exp", "ln", "min")},
    **{rf"\arc{name}": f"a{name}" for name in ("sin", "cos", "tan")},
    **dict.fromkeys((r"\,", r"\:", r"\ ", "~", r"\quad", r"\qquad", r"\times"), ""),
}  # fmt: skip
_GROUP = r"\{ ([^{}⟦⟧]*) \}"
_FUNCTION = r"\b(a?(?:sin|cos|tan)|exp|ln|min)"
_NAME = r"\b(x\d+)"
# The first that fits is applied; then all are tried again.
_RULES = (
    (rf"{_FUNCTION} \^ {_GROUP} (?=\{{? ?\()", r"raised ( \1 , \2 ).__call__ "),
    (rf"{_NAME} \^ {_GROUP} (?=\{{ \()", r"raised ( \1 , \2 ).__call__ "),
    (rf"{_FUNCTION} {_GROUP}", r"\1 ( \2 )"),
    (r"(\bx\d+|\)\.__call__) \{ \( ([^{}]*) \) \}", r"\1.__call__ ( \2 )"),
    (rf"\\frac {_GROUP} {_GROUP}", r"( ( \1 ) / ( \2 ) )"),
    (rf"\\binom {_GROUP} {_GROUP}", r"binomial ( \1 , \2 )"),
    (rf"\\sqrt {_GROUP}", r"sqrt ( \1 )"),
    (rf"\\sum _ \{{ (x\d+) = ([^{{}}]*) \}} \^ {_GROUP}", r"∑\1;\2;\3∑"),
    (rf"\\mathbf \{{ mpf\('1'\) \}} _ {_GROUP}", lambda m: f"mpf ( {_condition(m[1])} )"),
    (r"⟦ ([^{}⟦⟧]*) ⟧", lambda m: _cases(m[1])),
    (r"\^ \{ mpf\('(\d+)'\) \}", r"** \1"),
    (rf"\^ {_GROUP}", r"** ( \1 )"),
    # A group that nothing takes.
    (rf"(?<!\\frac )(?<!\\sqrt )(?<!\\binom )(?<![}}_^] ){_GROUP}", r"( \1 )"),
)
_VALUE = re.compile(r"x\d+|\)|mpf\(.*\)|pi|I|e|\d+")


def _condition(text):
    left, *right = text.split(" = ")
    return f"almosteq ( {left} , {right[0]} )" if right else left.replace("otherwise", "True")


def _cases(text):
    rows = (row.split(" & ") for row in text.split(r" \\ "))
    every = (f"( {value} ) if ( {_condition(held)} )" for value, held in rows)
    return f"( {' else '.join(every)} else None )"


def _rewritten(text):
    for pattern, made in _RULES:
        text, count = re.subn(pattern, made, text)
        if count:
            return _rewritten(text)
    return text


def _without_sums(text):
    """Each sum with the product that follows it, the innermost first."""
    before, mark, header = text.rpartition("∑")[0].rpartition("∑")
    if not mark:
        return text
    (index, first, last), rest, depth = header.split(";"), text.split("∑")[-1].split(), 0
    end = 0
    while end < len(rest) and depth >= 0 and (depth or rest[end] not in ("+", "-", ",", ")")):
        depth += (rest[end] == "(") - rest[end].startswith(")")
        end += 1
    made = f"summed ( lambda {index} : {' '.join(rest[:end])} , {first} , {last} )"
    return _without_sums(" ".join([before, made, *rest[end:]]))


def _python(text):
    """The products that are written by standing side by side."""
    made = []
    for token in _without_sums(_rewritten(text)).split():
        if made and _VALUE.fullmatch(made[-1]) and re.match(r"(?!if|else)[a-zA-Z(]", token):
            made.append("*")
        made.append(token)
    return " ".join(made)


def _tokens(latex):
    """The tokens set apart by spaces, without the sizes of brackets."""
    latex = re.sub(r"\\(left|[bB]igg?l)\|", r" \\lvert ", latex)
    latex = re.sub(r"\\(right|[bB]igg?r)\|", r" \\rvert ", latex)
    latex = re.sub(r"\\(?:left|right|[bB]igg?[lr])(?![a-zA-Z])", " ", latex)
    latex = latex.replace(r"\begin{cases}", "⟦").replace(r"\end{cases}", "⟧")
    return f" {' '.join(_TOKEN.findall(latex))} "


def _is_paired(text):
    """True where each bracket is closed by one of its kind."""
    text = text.replace(r"\{", "⟨").replace(r"\}", "⟩")
    brackets = r"\[\](){}⟨⟩"
    innermost = "|".join(rf"\{a}[^{brackets}]*\{b}" for a, b in ("()", "[]", "{}", "⟨⟩"))
    while text != (text := re.sub(innermost, "", text)):
        pass
    return not re.search(f"[{brackets}]", text)


_OWN = {
    "I": mpmath.mpc(0, 1),
    "raised": lambda function, power: lambda *given: function(*given) ** power,
    "summed": lambda term, first, last: mpmath.fsum(
        term(mpmath.mpf(i)) for i in range(int(first), int(last) + 1)
    ),
}


def read(latex, names):
    """The formula that ``latex`` states, a function of the values of its symbols, by their names.

    Line breaks, alignment and indents do not matter. A ValueError says that it is no formula.
    """
    text = re.sub(r"\\(?:begin|end)\{(?:aligned|align\*)\}", " ", latex)
    if r"\begin{cases}" not in text:
        text = text.replace(r"\\", " ").replace("&", " ")
    text = _tokens(text)
    if not _is_paired(text):
        raise ValueError(f"brackets are not paired in {latex[:60]!r}")
    names = dict.fromkeys([*names, *re.findall(r"\\sum _ \{ (\S+) =", text)])
    spelled = {name: f"x{i}" for i, name in enumerate(names)}
    # The longest name first: x_{10} before x.
    for name in sorted(spelled, key=lambda name: -len(_tokens(name))):
        text = re.sub(rf"(?<= ){re.escape(_tokens(name).strip())}(?= )", spelled[name], text)
    text = re.sub(r"\\text\{([^}]*)\}", lambda m: " otherwise " * ("otherwise" in m[1]), text)
    words = (f"mpf({t!r})" if t[0].isdigit() else _WORDS.get(t, t) for t in text.split())
    try:
        code = compile(_python(" ".join(words)), "<LaTeX>", "eval")
    except SyntaxError as error:
        raise ValueError(f"{error.text} is no formula") from None

    def evaluate(values):
        given = {x: values[name] for name, x in spelled.items() if name in values}
        return eval(code, vars(mpmath) | _OWN | given)

    return evaluate


class Equation(NamedTuple):
    """One equation of a display, its lines joined: head, relation, value and remarks as LaTeX."""

    head: str
    relation: str
    value: str
    tail: str


_RELATION = re.compile(r"\\equiv|\\simeq|(?<![\\a-zA-Z])=")


def equations_of(display):
    """The equations of a display; a line that begins with an indent continues the one before."""
    joined = []
    for block in re.findall(r"\\begin\{align\w*\*?\}(.*?)\\end\{align\w*\*?\}", display, re.S):
        for line in re.split(r"\\\\\s*\n", block):
            _, _, text = line.partition("& ")
            indent = re.match(r"\s*\\q(?:q)?uad(?![a-z])", text)
            if indent and joined and line.strip().startswith("&"):
                joined[-1] += " " + text[indent.end() :]
            else:
                joined.append(line.replace("& ", " ", 1).strip())
    return [_equation(text) for text in joined]


def _equation(text):
    match = _RELATION.search(text)
    if match is None:
        raise ValueError(f"no relation in {text[:60]!r}")
    head, value = text[: match.start()].strip(), text[match.end() :].strip()
    remark = re.search(r",?\s*\\quad", value)
    end = remark.start() if remark else len(value)
    return Equation(head, match[0], value[:end].strip(), value[end:].strip())
