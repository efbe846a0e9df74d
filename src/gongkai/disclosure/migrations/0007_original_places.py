from django.conf import settings
from django.db import migrations, models


def listed(apps, schema_editor):
    """What is here already stands in lists by its first release."""
    items = apps.get_model("disclosure", "Item").objects
    items.filter(released_at__isnull=False).update(listed_at=models.F("released_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_saved_views"),
        ("disclosure", "0006_policies"),
        ("review", "0007_manifests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="first_published_on",
            field=models.DateField(null=True, verbose_name="originally published on"),
        ),
        migrations.AddField(
            model_name="item",
            name="listed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="origin_address",
            field=models.CharField(blank=True, max_length=1000, verbose_name="original address"),
        ),
        migrations.RunPython(listed, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["agency", "listed_at"], name="item_agency_listed"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("state", "public")),
                fields=["-listed_at", "-id"],
                name="item_public_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("origin_address", ""), _negated=True),
                fields=["agency", "origin_address"],
                name="item_origin",
            ),
        ),
    ]
