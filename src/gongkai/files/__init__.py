"""Stored files by digest: never replaced in place, private until released."""
