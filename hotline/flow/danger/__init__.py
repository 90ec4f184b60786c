"""Hearing what free words say: patterns, one search over all languages, and what words scope."""
