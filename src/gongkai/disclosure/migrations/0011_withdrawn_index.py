from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0010_listed_in_columns"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("state", "withdrawn")),
                fields=["column", "-changed_at"],
                name="item_withdrawn_of_column",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("state", "withdrawn")), fields=["-changed_at"], name="item_withdrawn"
            ),
        ),
    ]
