"""An approval finds its examination by revision and person, a withdrawal the reviews of its subject by that."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_saved_views"),
        ("review", "0008_examined_by_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="examination",
            index=models.Index(fields=["revision", "person"], name="examined_by_whom"),
        ),
        migrations.AddIndex(
            model_name="reviewstate",
            index=models.Index(fields=["subject_id", "subject_kind"], name="reviews_of_subject"),
        ),
    ]
