"""One text as a row of its own, and as a page of Wagtail below the page of its column."""

from django.core.paginator import Paginator
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

LENGTH = 20


class Text(models.Model):
    """What the plain view shows, found by its slug."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=300)
    body = models.TextField()
    on = models.DateField(db_index=True)


class Section(Page):
    """A column: its newest pages, twenty at a time."""

    template = "section.html"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pages = self.get_children().live().order_by("-first_published_at")
        found = Paginator(pages, LENGTH).get_page(request.GET.get("page"))
        context["rows"] = [
            {"url": page.get_url(request), "title": page.title, "on": page.first_published_at}
            for page in found
        ]
        return context


class Article(Page):
    """One item."""

    template = "article.html"
    on = models.DateField()
    body = RichTextField()
    search_fields = [*Page.search_fields, index.SearchField("body")]
