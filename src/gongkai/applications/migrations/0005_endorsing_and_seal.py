from django.db import migrations, models


class Migration(migrations.Migration):
    """With it come the guards of sent letters and of the seal register (applications/guards.py)."""

    dependencies = [("applications", "0004_likeness")]
    operations = [
        migrations.AddField(
            model_name="letter",
            name="offered",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
