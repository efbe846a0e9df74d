"""What other programs may ask: the JSON interface under /api/v1/, and the integrations that hold its tokens."""
