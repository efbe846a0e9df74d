from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0009_standards_and_projects"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("state", "public")),
                fields=["column", "-listed_at", "-id"],
                name="item_column_listed",
            ),
        ),
    ]
