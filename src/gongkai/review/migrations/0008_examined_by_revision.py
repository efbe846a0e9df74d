"""The guard of a release looks for its examination by the revision (review/confidentiality_guards.py)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("review", "0007_manifests")]

    operations = []
