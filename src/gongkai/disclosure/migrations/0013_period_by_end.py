from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0012_item_imports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="period",
            index=models.Index(fields=["-ends", "-id"], name="period_by_end"),
        ),
    ]
