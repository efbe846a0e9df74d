"""The append-only, hash-chained log of everything done, and the outbox."""
