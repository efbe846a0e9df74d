"""The kinds of gateways that come with this version."""
