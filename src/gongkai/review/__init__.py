"""Drafts, revisions, screening of a revision, approvals, releases and withdrawals."""
