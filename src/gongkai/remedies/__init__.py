"""Reconsideration and litigation, linked to cases."""
