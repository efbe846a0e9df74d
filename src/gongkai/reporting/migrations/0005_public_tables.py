import json
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """Rows of the reports that are public when the table comes."""
    contents = apps.get_model("review", "Content").objects
    public = apps.get_model("reporting", "PublicTables").objects
    reports = apps.get_model("reporting", "AnnualReport").objects.filter(live__isnull=False)
    for report in reports.select_related("live"):
        row = contents.filter(pk=report.live.digest).first()
        if row is not None:
            said = json.loads(row.text)["content"]
            public.create(
                report=report,
                release=report.live,
                title=said["title"],
                agency_name=said["agency"],
                tables=said["tables"],
            )


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0004_rollup"),
        ("review", "0006_held"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicTables",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="public_tables",
                        serialize=False,
                        to="reporting.annualreport",
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("agency_name", models.CharField(max_length=200)),
                ("tables", models.JSONField()),
                ("earlier", models.JSONField(default=list)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.release"
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
