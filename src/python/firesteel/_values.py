"""Values as users give them: a list or one value alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def one_or_more(converter: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """Returns a converter that also takes a single value for a list of one."""
    return lambda value: converter([value] if isinstance(value, (str, int, float)) else value)
