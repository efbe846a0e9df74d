from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_filing"),
    ]

    operations = [
        migrations.AddField(
            model_name="earlierreport",
            name="texts",
            field=models.JSONField(null=True),
        ),
    ]
