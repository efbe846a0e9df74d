"""Two people for every integration, in the database too."""

from gongkai.journal.guards import Guard


def guards() -> list[Guard]:
    """Nobody confirms what they proposed or what acts for them; no token without a confirmation in force."""
    alone = (
        'EXISTS (SELECT 1 FROM "api_integration" i WHERE i.id = NEW.integration_id '
        "AND (i.proposed_by_id = NEW.confirmed_by_id OR i.person_id = NEW.confirmed_by_id))"
    )
    unconfirmed = 'NOT EXISTS (SELECT 1 FROM "api_integrationconfirmation" c WHERE c.integration_id = NEW.integration_id)'
    revoked = 'EXISTS (SELECT 1 FROM "api_revocation" r WHERE r.integration_id = NEW.integration_id)'
    return [
        Guard(
            "integration_confirmation",
            "api_integrationconfirmation",
            "INSERT",
            (("another person confirms an integration than who proposed it or lends it rights", alone),),
        ),
        Guard(
            "token_issue",
            "api_tokenissue",
            "INSERT",
            (
                ("a token needs a confirmed integration", unconfirmed),
                ("a revoked integration gets no token", revoked),
            ),
        ),
    ]
