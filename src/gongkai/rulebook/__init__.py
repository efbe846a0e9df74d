"""The law as data and pure functions: no Django, no clock, no network."""
