"""Text and files in, findings out: no Django, no clock, no network."""
