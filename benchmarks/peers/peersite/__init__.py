"""A stock Wagtail site, and beside it a plain Django view with one query, over the same texts and templates.

Run by benchmarks.serving with the interpreter that --peers names, in whose environment Wagtail and granian stand; this
folder's parent is on its path. PEER_FOLDER names the folder with texts.jsonl and templates; PEER chooses the settings.
"""
