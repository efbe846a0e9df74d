"""How many public items a column holds, kept so that no release has to count them."""

from django.db import models


class PublicCount(models.Model):
    """Public items of a column that were first released in a year: a cache of the items' own rows.

    Moved in the transaction that releases or withdraws (counts.moved); `gongkai check` compares it with the items.
    """

    column = models.ForeignKey("disclosure.Column", models.CASCADE, related_name="counts")
    year = models.PositiveSmallIntegerField()
    public = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("column", "year"), name="public_count_once")]

    def __str__(self) -> str:
        return f"{self.column_id} {self.year}: {self.public}"
