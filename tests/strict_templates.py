"""Make an undefined variable of one of our templates fail the test, as it would fail in Python.

Django prints nothing in its place. Only expressions written in files of the package are judged, so
that Wagtail's own templates stay as they are, whoever includes whom. Two ways say that a variable
may be absent: the `default` filter, and, in `{% if %}` and its like, an attribute of a variable
that is itself defined.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template.base import FilterExpression, Parser, Variable, VariableDoesNotExist
from django.template.context import BaseContext
from django.template.defaultfilters import default

import essor

PACKAGE = f"{Path(essor.__file__).parent}/"


class StrictVariable(Variable):
    """A variable that fails where Django would print nothing."""

    file: str
    forgiven = False

    def resolve(self, context: BaseContext) -> Any:
        try:
            return super().resolve(context)
        except VariableDoesNotExist:
            if self.forgiven:
                raise
        pytest.fail(f"{self.file}: the variable {self.var!r} is not defined.")


def install() -> None:
    """Watch every template compiled from now on."""
    FilterExpression.__init__ = _mark_ours(FilterExpression.__init__)
    FilterExpression.resolve = _judge_ours(FilterExpression.resolve)


def _mark_ours(init: Callable[..., None]) -> Callable[..., None]:
    def marking_init(self: FilterExpression, token: str, parser: Parser) -> None:
        init(self, token, parser)
        file = str(getattr(parser.origin, "name", ""))
        if self.is_var and self.var.lookups and file.startswith(PACKAGE):
            self.var = StrictVariable(self.var.var)
            self.var.file = file.removeprefix(PACKAGE)

    return marking_init


def _judge_ours(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def judging_resolve(
        self: FilterExpression, context: BaseContext, ignore_failures: bool = False
    ) -> Any:
        if isinstance(self.var, StrictVariable):
            has_default = any(function is default for function, _ in self.filters)
            self.var.forgiven = has_default or (ignore_failures and self.var.lookups[0] in context)
        return resolve(self, context, ignore_failures)

    return judging_resolve
