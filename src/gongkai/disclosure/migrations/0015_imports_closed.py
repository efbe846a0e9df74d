from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0014_on_record"),
    ]

    operations = [
        migrations.AddField(
            model_name="itemimport",
            name="closed_at",
            field=models.DateTimeField(null=True, verbose_name="done with on"),
        ),
        migrations.AddField(
            model_name="itemimport",
            name="forgotten_at",
            field=models.DateTimeField(null=True),
        ),
    ]
