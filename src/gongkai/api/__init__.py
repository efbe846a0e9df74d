"""The use cases for programs."""
