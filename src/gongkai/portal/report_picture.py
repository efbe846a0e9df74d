"""The picture edition of a report on the site: its page and its long PNG, written and withdrawn with the report.

Both are derived from the frozen content that three people released; they have no words of their own.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.channels.renderers import Page
from gongkai.portal import rendering
from gongkai.portal.templatetags.portal_look import file_size
from gongkai.reporting import drawing, picture
from gongkai.review.models import Release
from gongkai.review.subjects import Content

PAGE, PNG = "picture.html", "picture.png"


def pages(
    release: Release, content: Content, place: str, context: dict[str, Any], *, current: str
) -> list[Page]:
    """The two files in the folder of a version. context: that of its page, whose tags and trail are taken over.

    Raises PaperworkError where the picture cannot be set.
    """
    day = timezone.localtime(release.released_at).date()
    made = picture.picture(content, day)
    png = picture.png(content, day)
    title = _("%(title)s in pictures") % {"title": content["title"]}
    address = context["article"]["url"]
    origin = rendering.site_origin()
    page = rendering.page(
        "reporting/picture.html",
        level="article",
        title=title,
        column=context["column"],
        article=context["article"] | {"title": title, "url": f"{address}{PAGE}", "image": f"{address}{PNG}"},
        section=context["section"],
        breadcrumb=[
            *context["breadcrumb"][:-1],
            {"label": content["title"], "url": address.removeprefix(origin)},
            {"label": _("In pictures")},
        ],
        report=address.removeprefix(origin),
        downloads=[{"label": f"PNG（{file_size(len(png))}）", "url": PNG}],
        numbers=made.facts,
        charts=[drawing.drawing(chart, made.year) for chart in made.charts],
        source=made.source,
        review=context["review"],
        digest=context["digest"],
        current=current,
    )
    return [(f"{place}/{PAGE}", page), (f"{place}/{PNG}", png)]
