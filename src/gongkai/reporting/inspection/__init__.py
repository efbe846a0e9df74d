"""What a report says beside its figures, inspected: parts, dates, the organ it speaks for, slips, copied text.

Pure functions on a `Narrative`; `report.inspect` puts them together for a report that was read from a file, the
room's `checking` for our own.
"""
