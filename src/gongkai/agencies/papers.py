"""What an agency puts on paper or on record is Chinese, whatever language the person at the screen reads."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.utils import translation

LANGUAGE = "zh-hans"
P = ParamSpec("P")
T = TypeVar("T")


def in_chinese(write: Callable[P, T]) -> Callable[P, T]:
    """For a function that writes a paper. Refusals for the reader belong outside of it."""

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> T:
        # An override of its own for each call: one that is shared forgets what it goes back to.
        with translation.override(LANGUAGE):
            return write(*args, **kwargs)

    return written


@in_chinese
def on_record(words: Any) -> str:
    """Lazy words of the interface as a record keeps them."""
    return str(words)
