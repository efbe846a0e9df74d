"""Loading what stays to the end of the process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """Nothing that is made here is looked through for garbage, neither while it is made nor later.

    Modules and models are half a million objects: a fifth of the start of a command was spent looking through them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
