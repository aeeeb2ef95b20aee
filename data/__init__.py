"""What we know: the canonical tables, the store that keeps them, settings and reference figures."""
