"""The site as files, and other outlets."""
