"""What can be known about an expression from the source alone: whether it can only be content, or is surely a string."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTENT_TYPES = frozenset({"Content", "Strip", "list[Content]", "tuple[Content, ...]", "Visual"})
CONTENT_CALLS = frozenset({"plain", "Content"})


@dataclass(frozen=True, slots=True)
class Declared:
    """What functions and attributes of the whole user interface are annotated with, by their bare names."""

    returns: dict[str, set[str]]
    attributes: dict[str, set[str]]
    literals: set[str]
    """Names of a module that only ever hold one literal."""

    @classmethod
    def of(cls, trees: Iterable[ast.Module]) -> Declared:
        declared = cls({}, {}, set())
        for tree in trees:
            declared.literals.update(literals(tree))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    declared.returns.setdefault(node.name, set()).add(source_of(node.returns))
                    if any(source_of(decorator).endswith("property") for decorator in node.decorator_list):
                        declared.attributes.setdefault(node.name, set()).add(source_of(node.returns))
                elif isinstance(node, ast.AnnAssign):
                    name = node.target.attr if isinstance(node.target, ast.Attribute) else source_of(node.target)
                    declared.attributes.setdefault(name, set()).add(source_of(node.annotation))
        return declared


class Names:
    """What is known about the expressions in one function."""

    def __init__(self, scope: ast.AST, declared: Declared, ours: frozenset[str]) -> None:
        self._declared = declared
        self.ours = ours
        """Classes of this module that are our own, whatever Textual calls by the same name."""
        self._annotations: dict[str, str] = {}
        self._values: dict[str, list[ast.expr]] = {}
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = scope.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                self._annotations[argument.arg] = source_of(argument.annotation)
        for node in own_nodes(scope):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self._annotations[node.target.id] = source_of(node.annotation)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._values.setdefault(target.id, []).append(node.value)

    def is_content(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether the expression can only be a literal or content."""
        match node:
            case ast.Constant():
                return True
            case ast.IfExp(body=body, orelse=otherwise):
                return self.is_content(body) and self.is_content(otherwise)
            case ast.BoolOp(values=values):
                return all(self.is_content(value) for value in values)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.is_content(left) and self.is_content(right)
            case ast.JoinedStr(values=values):
                return all(isinstance(value, ast.Constant) or self.is_content(value) for value in values)
            case ast.FormattedValue(value=value):
                return isinstance(value, ast.Name) and value.id in self._declared.literals
            case ast.Name(id=name) if name in self._declared.literals and name not in self._annotations:
                return True
            case ast.Name(id=name) if name in self._annotations:
                return self._annotations[name] in CONTENT_TYPES
            case ast.Name(id=name) if name in self._values and depth < 3:
                return all(self.is_content(value, depth + 1) for value in self._values[name])
            case ast.Attribute(attr=name):
                return self._declared.attributes.get(name, {"?"}) <= CONTENT_TYPES
            case ast.Call(func=function):
                called = source_of(function)
                if called in CONTENT_CALLS or (called.startswith("Content.") and called != "Content.from_markup"):
                    return True
                return self._declared.returns.get(called.rpartition(".")[2], {"?"}) <= CONTENT_TYPES
            case _:
                return False

    def is_string(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether the expression is known to be a string that is not a literal."""
        match node:
            case ast.JoinedStr():
                return True
            case ast.Name(id=name) if name in self._annotations:
                return self._annotations[name] == "str"
            case ast.Name(id=name) if name in self._values and depth < 3:
                return any(self.is_string(value, depth + 1) for value in self._values[name])
            case ast.Attribute(attr=name):
                return self._declared.attributes.get(name) == {"str"}
            case ast.Call(func=function):
                called = source_of(function)
                last = called.rpartition(".")[2]
                return (
                    called in {"str", "visible", "one_line"}
                    or self._declared.returns.get(last) == {"str"}
                    or last == "join"
                )
            case ast.BinOp(left=left, right=right):
                return self.is_string(left) or self.is_string(right)
            case _:
                return False


def our_classes(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.ImportFrom(module=str(source), names=names) if source.startswith("hawkmoth_tui."):
                yield from (name.name for name in names)


def literals(module: ast.Module) -> Iterator[str]:
    """Constants of a module in capitals: nobody else's words."""
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()) if name.isupper():
                yield name


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without docstrings and without those of the functions and classes in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(node.decorator_list)
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def source_of(node: ast.AST | None) -> str:
    return "" if node is None else ast.unparse(node)
