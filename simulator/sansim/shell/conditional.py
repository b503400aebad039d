"""`[[ … ]]`: conditions whose words are neither split nor matched with file names."""

import re
from collections.abc import Callable

from sansim.shell.arithmetic import ArithmeticProblem, evaluate
from sansim.shell.conditions import ConditionProblem, condition
from sansim.shell.expansion import Scope, expand_pattern, expand_text, unevaluated
from sansim.shell.patterns import compile_pattern
from sansim.shell.syntax import Condition, Word

__all__ = ["holds"]

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": int.__eq__, "-ne": int.__ne__, "-lt": int.__lt__, "-le": int.__le__, "-gt": int.__gt__, "-ge": int.__ge__,
}  # fmt: skip


async def holds(scope: Scope, node: Condition | Word) -> bool:
    """Tell whether a condition holds.

    Raises:
        ConditionProblem: Its operator is not known, or its regular expression is none.
        ExpansionProblem: A word cannot be expanded, or is no arithmetic expression.
    """
    if isinstance(node, Word):
        return bool(await expand_text(scope, node))
    first = node.operands[0]
    if node.operator == "!":
        return not await holds(scope, first)
    if node.operator in ("&&", "||"):
        left = await holds(scope, first)
        return left if left == (node.operator == "||") else await holds(scope, node.operands[1])
    words = [operand for operand in node.operands if isinstance(operand, Word)]
    return await _compared(scope, node.operator, words)


async def _compared(scope: Scope, operator: str, words: list[Word]) -> bool:
    left = await expand_text(scope, words[0])
    if len(words) == 1:
        return condition(scope.files, scope.cwd, [operator, left]) if operator else bool(left)
    if operator in ("==", "=", "!="):
        matching = compile_pattern(await expand_pattern(scope, words[1])).fullmatch(left) is not None
        return matching == (operator != "!=")
    right = await expand_text(scope, words[1])
    if operator == "=~":
        try:
            return re.search(right, left) is not None
        except re.error:
            raise ConditionProblem(f"{right}: invalid regular expression") from None
    if operator in _NUMBERS:
        return bool(_NUMBERS[operator](_number(scope, left), _number(scope, right)))
    if operator in ("<", ">"):
        return left < right if operator == "<" else left > right
    return condition(scope.files, scope.cwd, [left, operator, right])


def _number(scope: Scope, text: str) -> int:
    try:
        return evaluate(text, lambda name: scope.get(name) or "0", scope.put)
    except ArithmeticProblem as problem:
        raise unevaluated(scope, problem) from None
