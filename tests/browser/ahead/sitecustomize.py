"""On the path of a served trial instance and of its processes: their clock is DAYS_AHEAD days ahead."""

import os
from datetime import timedelta

from django.utils import timezone

_now = timezone.now
timezone.now = lambda: _now() + timedelta(days=int(os.environ["DAYS_AHEAD"]))
