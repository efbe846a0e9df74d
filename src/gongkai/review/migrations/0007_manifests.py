import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_saved_views"),
        ("review", "0006_held"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Manifest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                ("releasing", models.BooleanField(db_index=True, default=False)),
                ("stuck", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "import manifest",
                "verbose_name_plural": "import manifests",
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="ManifestEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("address", models.CharField(blank=True, max_length=1000, verbose_name="original address")),
                ("published_on", models.DateField(null=True, verbose_name="originally published on")),
            ],
        ),
        migrations.CreateModel(
            name="ManifestRemoval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="reviewstate",
            name="one_open_review_per_subject",
        ),
        migrations.AddField(
            model_name="release",
            name="manifest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="let_through",
                to="review.revision",
            ),
        ),
        migrations.AlterField(
            model_name="reviewstate",
            name="state",
            field=models.CharField(
                choices=[
                    ("step1", "waits for the handler"),
                    ("step2", "waits for the confidentiality reviewer"),
                    ("step3", "waits for the leader"),
                    ("scheduled", "approved, release is scheduled"),
                    ("held", "approved, waits for the supervising agency"),
                    ("listed", "stands in an import manifest"),
                    ("released", "released"),
                    ("returned", "returned"),
                    ("cancelled", "cancelled"),
                ],
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewstate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("step1", "step2", "step3", "scheduled", "held", "listed"))),
                fields=("subject_kind", "subject_id"),
                name="one_open_review_per_subject",
            ),
        ),
        migrations.AddField(
            model_name="manifest",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="manifests",
                to="agencies.agency",
                verbose_name="agency",
            ),
        ),
        migrations.AddField(
            model_name="manifest",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="begun by",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="review.manifest",
            ),
        ),
        migrations.AddField(
            model_name="manifestentry",
            name="manifest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="review.revision"
            ),
        ),
        migrations.AddField(
            model_name="manifestentry",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="listed", to="review.revision"
            ),
        ),
        migrations.AddField(
            model_name="manifestremoval",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="manifestremoval",
            name="revision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="removal", to="review.revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="manifestentry",
            constraint=models.UniqueConstraint(fields=("manifest", "revision"), name="manifest_names_once"),
        ),
        migrations.AddConstraint(
            model_name="manifestentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("address", ""), _negated=True), ("published_on__isnull", False), _connector="OR"
                ),
                name="manifest_entry_public_before",
            ),
        ),
    ]
