"""Items of government information, the catalogue and normative documents."""
