import json
from importlib import resources

from django.db import migrations, models
from django.utils import timezone

from gongkai.journal.schema import NEW


def load(apps, schema_editor):
    """The groups that come with the software; from then on the table counts."""
    data = resources.files("gongkai.search").joinpath("data/synonyms.json").read_text("utf-8")
    group, state = apps.get_model("search", "SynonymGroup"), apps.get_model("search", "SynonymState")
    now = timezone.now()
    group.objects.bulk_create(
        group(terms=row["terms"], why=row["why"], loaded=True, changed_at=now)
        for row in json.loads(data)["groups"]
    )
    state.objects.create(pk=1, version=1)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SynonymGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("terms", models.JSONField(verbose_name="synonymous terms")),
                ("why", models.CharField(max_length=300, verbose_name="reason")),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                ("loaded", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "synonyms",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="SynonymState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(load, migrations.RunPython.noop, hints=NEW),
    ]
