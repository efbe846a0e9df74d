from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """The cache of the day of sending, for letters that went out before it existed."""
    sent = apps.get_model("applications", "Dispatch").objects.filter(letter=OuterRef("pk")).values("on")[:1]
    apps.get_model("applications", "Letter").objects.filter(dispatch__isnull=False).update(
        sent_on=Subquery(sent)
    )


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_complete_cases")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
