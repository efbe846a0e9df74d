"""Readers: a file in, its parts out, each with its layer and place."""
