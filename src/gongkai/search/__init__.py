"""The search index, which follows the releases and can be rebuilt from them."""
