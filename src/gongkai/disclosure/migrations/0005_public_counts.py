from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import ExtractYear


def fill(apps: Any, schema_editor: Any) -> None:
    """The counts of what is public now."""
    items = apps.get_model("disclosure", "Item").objects.filter(
        state="public", column__isnull=False, released_at__isnull=False
    )
    rows = items.order_by().annotate(year=ExtractYear("released_at")).values_list("column_id", "year")
    kept = apps.get_model("disclosure", "PublicCount")
    kept.objects.bulk_create(
        kept(column_id=column, year=year, public=public)
        for column, year, public in rows.annotate(public=Count("pk"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0004_varieties"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("public", models.PositiveIntegerField(default=0)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="disclosure.column",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("column", "year"), name="public_count_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
