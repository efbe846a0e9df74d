from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["agency", "formed_on", "created_at"],
                condition=models.Q(state="draft"),
                name="item_drafts",
            ),
        ),
    ]
