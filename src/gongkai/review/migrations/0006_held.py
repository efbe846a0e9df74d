from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0005_asked_for"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reviewstate",
            name="one_open_review_per_subject",
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
                condition=models.Q(("state__in", ("step1", "step2", "step3", "scheduled", "held"))),
                fields=("subject_kind", "subject_id"),
                name="one_open_review_per_subject",
            ),
        ),
    ]
