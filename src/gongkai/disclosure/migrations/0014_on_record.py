from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0013_period_by_end"),
    ]

    operations = [
        migrations.AlterField(
            model_name="posting",
            name="where",
            field=models.CharField(
                choices=[
                    ("site", "notice board on the site of the project"),
                    ("community", "notice board of the community"),
                    ("office", "office of the expropriation department on the spot"),
                    ("door", "handed over at each household"),
                    ("file", "on file, published nowhere"),
                ],
                max_length=12,
                verbose_name="where",
            ),
        ),
    ]
