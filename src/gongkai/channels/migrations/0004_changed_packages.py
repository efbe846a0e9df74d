from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0003_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="package",
            name="again",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name="package",
            name="package_once_per_release",
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=models.Q(("again__isnull", True), ("withdrawal__isnull", True)),
                fields=("release",),
                name="package_once_per_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=models.Q(("again__isnull", False), ("withdrawal__isnull", True)),
                fields=("release", "again"),
                name="package_once_per_change",
            ),
        ),
    ]
