"""Is an item about the watched relation, which known entities does it name, and why? This room answers."""
