"""Benchmarks: each script measures one thing beside a named peer in the same run (see README.md)."""
