"""Projects that disclose by stages, what was published of each point, and what was posted on the spot."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.files.models import Attachment
from gongkai.journal.models import AppendOnly
from gongkai.rulebook import expropriation


class Project(models.Model):
    """A project for which information is published by statutory points. Its name and place are working data: the
    public reads those of its project card, an item that was released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="projects", verbose_name=_("agency"))
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[(kind.code, kind.label) for kind in expropriation.KINDS.values()],
    )
    name = models.CharField(_("name"), max_length=120)
    place = models.CharField(_("place or plot"), max_length=200)
    begun_on = models.DateField(_("begun on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("opened by"))

    class Meta:
        verbose_name = _("project")
        ordering = ("-begun_on", "-pk")
        constraints = [models.UniqueConstraint(fields=("agency", "name"), name="project_name_once")]

    def __str__(self) -> str:
        return self.name


class ProjectItem(models.Model):
    """Which point of which project a public item answers: a cache of its release. until: the end of its window."""

    item = models.OneToOneField("disclosure.Item", models.PROTECT, primary_key=True, related_name="point")
    project = models.ForeignKey(Project, models.PROTECT, related_name="items")
    point = models.CharField(max_length=30)
    on = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=("project", "point", "on"), name="project_item_point")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.point}"


class Posting(AppendOnly):
    """That something was published within the area of a project, where it may not stand on a site.

    A step that is put on record and published nowhere stands here too, with its paper for the photograph. where: a
    kind of place, which the public page names; note: its closer description, which it does not.
    """

    class Where(models.TextChoices):
        SITE = "site", _("notice board on the site of the project")
        COMMUNITY = "community", _("notice board of the community")
        OFFICE = "office", _("office of the expropriation department on the spot")
        DOOR = "door", _("handed over at each household")
        FILE = "file", _("on file, published nowhere")

    project = models.ForeignKey(Project, models.PROTECT, related_name="postings")
    point = models.CharField(_("point"), max_length=30)
    where = models.CharField(_("where"), max_length=12, choices=Where.choices)
    on = models.DateField(_("posted on"))
    until = models.DateField(_("until"), null=True)
    by = models.CharField(_("posted by"), max_length=60)
    note = models.CharField(_("what was posted, exact place"), max_length=300)
    photo = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.project} {self.point} {self.on}"
