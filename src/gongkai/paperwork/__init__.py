"""Official documents by GB/T 9704, as docx and PDF: no Django, no clock, no network.

The value objects live in `document` (letters and formal replies), `report` (the annual report) and `sheets`
(review sheet, receipt). `pdf` and `word` turn them into bytes. Every error is a `PaperworkError` whose text is
one Chinese sentence that a person can act on.
"""
