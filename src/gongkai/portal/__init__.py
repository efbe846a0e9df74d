"""The public pages: releases, withdrawals, relations, computed figures, forms and tracking."""
