"""A screening afterwards names its agency and whether it found something new; what is public enters the rounds."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from gongkai.journal.canon import sm3

# The kinds that stand on the public site in this version.
PUBLIC = ("item", "answered_letter", "report")


def enter(apps, schema_editor):
    """Everything public now takes part, as if released by this version."""
    releases = apps.get_model("review", "Release")
    screenings = apps.get_model("review", "Screening")
    screened = apps.get_model("review", "ScreenedRelease")
    live = {}
    rows = releases.objects.filter(subject_kind__in=PUBLIC).order_by("pk")
    for row in rows.select_related("withdrawal").iterator(chunk_size=500):
        live[row.subject_kind, row.subject_id] = None if hasattr(row, "withdrawal") else row
    for row in live.values():
        made = row and screenings.objects.filter(revision=row.revision_id).order_by("-pk").first()
        if made:
            screened.objects.create(
                release_id=row.pk,
                agency_id=row.agency_id,
                rules_version=made.rules_version,
                looked_at=made.at,
                draw=int(sm3(str(row.pk).encode())[:8], 16) % 10_000,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_saved_views"),
        ("review", "0003_confidentiality"),
    ]

    operations = [
        # No row of this table exists before this migration, so the default is never stored.
        migrations.AddField(
            model_name="rescreening",
            name="agency",
            field=models.ForeignKey(
                default=uuid.UUID(int=0),
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.agency",
                verbose_name="agency",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rescreening",
            name="result",
            field=models.CharField(
                choices=[("nothing", "nothing new"), ("new", "something new")],
                default="nothing",
                max_length=8,
                verbose_name="result",
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="rescreening",
            index=models.Index(fields=["agency", "result", "-id"], name="rescreening_news"),
        ),
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
