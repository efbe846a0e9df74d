import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0002_alter_withdrawal_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="drafteditor",
            name="frozen_in",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision"
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="on_day",
            field=models.DateField(default=datetime.date(2021, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="resolution",
            name="on_day",
            field=models.DateField(default=datetime.date(2021, 1, 1)),
            preserve_default=False,
        ),
    ]
