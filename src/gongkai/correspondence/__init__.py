"""Letters from the public, media-line and assigned matters, hotline tickets."""
