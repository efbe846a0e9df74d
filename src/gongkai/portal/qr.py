"""Addresses as QR codes, made here: nothing is loaded from elsewhere."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

# Every page that is printed bears a code. To try all eight masks of the standard takes four times as long as one; each
# of them is valid, and the share page, which is read from a screen, has the best.
MASK = 3


def shared(address: str) -> SafeString:
    """A large picture as SVG with the address as its title."""
    return _picture(address, mask=None, scale=6, light="#fff", title=address)


def printed(address: str) -> SafeString:
    """The picture beside the address on paper; the style sheet sets its size, and the words beside it say the same."""
    return _picture(address, mask=MASK, omitsize=True, light=None, title=None)


def _picture(address: str, *, mask: int | None, **look: object) -> SafeString:
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False, mask=mask)
    code.save(drawn, kind="svg", border=4, xmldecl=False, svgns=True, dark="#000", **look)
    # Drawn of modules alone; the title is escaped by the library.
    return mark_safe(drawn.getvalue().decode())  # noqa: S308
