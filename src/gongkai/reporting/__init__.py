"""Annual reports: compile, check, draft, submit, publish; reading reports of others."""
