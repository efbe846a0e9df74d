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
    ]
