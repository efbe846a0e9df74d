"""Official documents by GB/T 9704, as docx and PDF: no Django, no clock, no network."""
