"""The page that leads on from an address of before, where a plain web server answers."""

from gongkai.portal import rendering


def page(target: str) -> bytes:
    """A page that leads to `target` at once, and by a link. It says nothing of what stands there."""
    return rendering.page("portal/moved.html", target=target, address=rendering.site_origin() + target)
