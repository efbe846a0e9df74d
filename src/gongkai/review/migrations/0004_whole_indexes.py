from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_days_and_writers")]

    operations = [
        migrations.RemoveIndex(model_name="reviewstate", name="review_open"),
        migrations.AddIndex(
            model_name="reviewstate",
            index=models.Index(fields=["agency", "state", "due_on"], name="review_waiting"),
        ),
        migrations.AddIndex(
            model_name="reviewstate",
            index=models.Index(fields=["subject_kind", "state", "subject_id"], name="review_running"),
        ),
    ]
