"""Gongkai (公开): open government information work of a Chinese government agency."""

__version__ = "0.1.0"
