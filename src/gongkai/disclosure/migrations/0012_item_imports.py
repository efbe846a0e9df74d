import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_saved_views"),
        ("disclosure", "0011_withdrawn_index"),
        ("files", "0005_derived_nameless"),
        ("review", "0007_manifests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemImport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("heads", models.JSONField(default=list)),
                ("files", models.JSONField(default=list)),
                ("mapping", models.JSONField(null=True)),
                ("settings", models.JSONField(default=dict)),
                ("reading", models.BooleanField(db_index=True, default=False, verbose_name="being read")),
                ("created_at", models.DateTimeField(verbose_name="sent in")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_imports",
                        to="agencies.agency",
                        verbose_name="agency",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent in by",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "manifest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.manifest",
                        verbose_name="import manifest",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of items",
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="ItemImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("cells", models.JSONField(default=list)),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits to be read"),
                            ("listed", "in the manifest"),
                            ("found", "left: screening found something"),
                            ("wrong", "left: a cell is wrong"),
                            ("known", "left: here already"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                ("forced", models.BooleanField(default=False)),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="disclosure.itemimport",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="disclosure.item",
                    ),
                ),
                (
                    "manifest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.manifest",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an import",
                "ordering": ("imported", "number"),
                "indexes": [models.Index(fields=["imported", "state", "number"], name="import_row_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("imported", "number"), name="import_row_once")
                ],
            },
        ),
    ]
