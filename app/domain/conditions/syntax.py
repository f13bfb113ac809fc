"""Reading and writing conditions as text: ``area_m2 >= 300 or entertainment``, ``'水' in need``, ``not has_licence``.

Python's own parser does the reading and its tree is translated node by node into ours; whatever has no counterpart is
refused, and nothing is ever run. The text is screened first, so that what Python would accept silently (comments,
escapes, hexadecimal numbers, strings stuck together) or only warn about cannot change the meaning of a condition.
"""

import ast
import re
from decimal import Decimal
from itertools import pairwise
from typing import Final

from app.domain.conditions.data import MAX_DEPTH, MAX_NODES, is_sane
from app.domain.conditions.screening import ACCEPTED, ConditionSyntaxError, explained, screen, too_big
from app.domain.conditions.tree import (
    MAX_TEXT,
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Contains,
    Holds,
    Not,
    OneOf,
    is_name,
    is_number,
    is_text,
)
from app.domain.vocabulary import Text

Literal = int | float | str | bool

_OPS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_FOREIGN: Final = {
    ast.Call: Text("函数调用", "a function call"),
    ast.BinOp: Text("算术或位运算（“且”写 and，“或”写 or）", "arithmetic or a bit operation (write and, or)"),
    ast.UnaryOp: Text("正负号或位运算", "a sign or a bit operation"),
    ast.Attribute: Text("属性访问（.）", "an attribute (.)"),
    ast.Subscript: Text("下标（[ ]）", "an index ([ ])"),
    ast.JoinedStr: Text("格式化字符串", "a formatted string"),
    ast.Lambda: Text("匿名函数（lambda）", "a lambda"),
    ast.IfExp: Text("条件表达式（if … else）", "an if … else expression"),
    ast.NamedExpr: Text("赋值（:=）", "an assignment (:=)"),
    ast.ListComp: Text("推导式", "a comprehension"),
    ast.SetComp: Text("推导式", "a comprehension"),
    ast.DictComp: Text("推导式", "a comprehension"),
    ast.GeneratorExp: Text("推导式", "a comprehension"),
    ast.List: Text("单独的列表", "a list on its own"),
    ast.Tuple: Text("逗号分隔的多个条件", "several conditions with commas"),
    ast.Set: Text("单独的集合", "a set on its own"),
    ast.Dict: Text("字典", "a dictionary"),
    ast.Starred: Text("星号（*）", "a star (*)"),
    ast.Constant: Text("空值（None）或字节串", "None or bytes"),
}


def parse(source: str) -> Condition:
    """The condition a text stands for.

    Raises ``ConditionSyntaxError`` for everything outside the language, for more than 4,000 characters, 500 nodes or
    50 levels. A line break counts as a space. ``x == true`` is read as ``x``, ``x == false`` as ``not x``.
    """
    line = re.sub(r"[\r\n\t\f]", " ", source)
    screen(line)
    text = line.strip(" ")
    offset = len(line) - len(line.lstrip(" "))
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise explained(line, offset + ((error.offset or len(text) + 1) - 1)) from error
    except ValueError as error:  # a null character or half a surrogate pair
        raise explained(line, offset) from error
    except (RecursionError, MemoryError, OverflowError) as error:
        raise too_big() from error
    condition = _Reader(text, offset).read(tree.body, 1)
    if not is_sane(condition):
        raise too_big()
    return condition


def unparse(condition: Condition) -> str:
    """The canonical text of a condition: ``parse(unparse(c)) == c``."""
    match condition:
        case Constant(value):
            return "true" if value else "false"
        case Holds(fact):
            return fact
        case Compare(fact, op, literal):
            return f"{fact} {op} {_literal(literal)}"
        case OneOf(fact, values):
            return f"{fact} in {_list(values)}"
        case Contains(fact, member):
            return f"'{member}' in {fact}"
        case Not(OneOf(fact, values)):
            return f"{fact} not in {_list(values)}"
        case Not(Contains(fact, member)):
            return f"'{member}' not in {fact}"
        case Not(inner):
            return f"not {_bracketed(inner)}"
        case All(parts):
            return " and ".join(_bracketed(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_part(part) for part in parts)


def _part(part: Condition) -> str:
    """A part of ``or``: ``and`` binds closer and needs no brackets."""
    return f"({unparse(part)})" if isinstance(part, AnyOf) else unparse(part)


def _bracketed(part: Condition) -> str:
    return f"({unparse(part)})" if isinstance(part, All | AnyOf) else unparse(part)


def _literal(value: int | float | str) -> str:
    """Plain decimals: the language has no exponents."""
    return f"'{value}'" if isinstance(value, str) else format(Decimal(repr(value)), "f")


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


class _Reader:
    """Translates one syntax tree. Holds the text for columns and counts the nodes made."""

    def __init__(self, text: str, offset: int) -> None:
        """``offset`` is how far ``text`` is indented in what the caller gave."""
        self._bytes = text.encode()
        self._offset = offset
        self._count = 0

    def read(self, node: ast.expr, depth: int) -> Condition:
        """The condition ``node`` stands for, ``depth`` levels down."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise too_big()
        match node:
            case ast.Constant(value=bool(value)):
                return Constant(value)
            case ast.Name(id="true" | "false" as word):
                return Constant(word == "true")
            case ast.Name():
                return Holds(self._name(node))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.read(operand, depth + 1))
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.read(value, depth + 1) for value in values)
                return All(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.Compare():
                return self._comparison(node)
            case ast.Constant():
                raise self._refused(node, _loose_literal())
        raise self._refused(node, _foreign(node))

    def _comparison(self, node: ast.Compare) -> Condition:
        operands = [node.left, *node.comparators]
        pairs = [
            self._pair(node, left, op, right) for (left, right), op in zip(pairwise(operands), node.ops, strict=True)
        ]
        return pairs[0] if len(pairs) == 1 else All(tuple(pairs))

    def _pair(self, whole: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Condition:
        if isinstance(op, ast.In | ast.NotIn):
            member = self._membership(left, right)
            return Not(member) if isinstance(op, ast.NotIn) else member
        symbol = _OPS.get(type(op))
        if symbol is None:
            raise self._refused(whole, Text("请用 == 或 != 代替 is。", "Use == or != instead of is."))
        named = (_is_fact(left), _is_fact(right))
        if named == (True, False):
            return self._compare(self._name(left), symbol, right)
        if named == (False, True):
            return self._compare(self._name(right), _MIRRORED[symbol], left)
        for operand in (left, right):
            if not _is_fact(operand) and not isinstance(operand, ast.Constant | ast.UnaryOp):
                raise self._refused(operand, _foreign(operand))
        raise self._refused(
            left if named == (False, False) else right,
            Text(
                "比较的一边必须是问题名，另一边必须是数字或带引号的文字。",
                "One side of a comparison must be a question name, the other a number or a text in quotes.",
            ),
        )

    def _compare(self, fact: str, op: str, node: ast.expr) -> Condition:
        value = self._literal(node)
        if isinstance(value, bool):
            if op not in {"==", "!="}:
                raise self._refused(node, Text("是否类问题没有大小。", "A yes/no answer has no order."))
            return Holds(fact) if value is (op == "==") else Not(Holds(fact))
        if isinstance(value, str) and op not in {"==", "!="}:
            raise self._refused(node, Text("文字只能用 == 或 != 比较。", "Texts are compared with == and != only."))
        return Compare(fact, op, value)

    def _membership(self, left: ast.expr, right: ast.expr) -> Condition:
        if _is_fact(left) and isinstance(right, ast.List | ast.Tuple | ast.Set):
            values = tuple(self._text(element) for element in right.elts)
            if not values:
                raise self._refused(right, Text("列表不能为空。", "The list must not be empty."))
            return OneOf(self._name(left), values)
        if isinstance(left, ast.Constant) and _is_fact(right):
            return Contains(self._name(right), self._text(left))
        raise self._refused(
            left,
            Text(
                "in 只有两种写法：kind in ['正常', '病退']（单选），或 '水' in need（多选）。",
                "There are two ways to use in: kind in ['正常', '病退'] for one choice, '水' in need for several.",
            ),
        )

    def _literal(self, node: ast.expr) -> Literal:
        """A number (with its sign), a text or a truth value; else refused."""
        match node:
            case ast.Name(id="true" | "false" as word):
                return word == "true"
            case ast.Constant(value=bool(truth)):
                return truth
            case ast.Constant(value=str()):
                return self._text(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=int() | float() as number)):
                return self._number(node, -number if isinstance(sign, ast.USub) else number)
            case ast.Constant(value=int() | float() as number):
                return self._number(node, number)
        raise self._refused(node, _foreign(node))

    def _number(self, node: ast.expr, number: int | float) -> int | float:
        if not is_number(number):
            raise self._refused(node, Text("数字过大或不是数字。", "This is no number, or too large a one."))
        return int(number) if number == int(number) else number

    def _text(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and is_text(node.value):
            text = str(node.value)
            if (node.end_col_offset or 0) - node.col_offset == len(text.encode()) + 2:  # else prefixed, or two in a row
                return text
        raise self._refused(
            node,
            Text(
                f"这里需要带引号的文字，1 至 {MAX_TEXT} 个可见字符，不含引号，不加前缀。",
                f"One text in quotes is needed here: 1 to {MAX_TEXT} printable characters, no quotation marks inside, "
                "no prefix.",
            ),
        )

    def _name(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and is_name(node.id):
            return node.id
        raise self._refused(node, Text("这不能作为问题名。", "This cannot be the name of a question."))

    def _refused(self, node: ast.expr, message: Text) -> ConditionSyntaxError:
        """Python counts columns in bytes of UTF-8; people count characters."""
        column = self._offset + len(self._bytes[: node.col_offset].decode(errors="replace"))
        return ConditionSyntaxError(message, column)


def _is_fact(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id not in {"true", "false"}


def _loose_literal() -> Text:
    return Text(
        "数字或文字不能单独作为条件，请与问题名比较，如 area_m2 >= 300。",
        "A number or text is no condition on its own: compare it with a question name, as in area_m2 >= 300.",
    )


def _foreign(node: ast.expr) -> Text:
    """What is not part of the language, by name, and what is."""
    what = _FOREIGN.get(type(node), Text("这种写法", "this expression"))
    return Text(f"条件中不能使用{what.zh}。{ACCEPTED.zh}", f"A condition cannot hold {what.en}. {ACCEPTED.en}")
