"""One ledger of supervision whose kinds are data."""
