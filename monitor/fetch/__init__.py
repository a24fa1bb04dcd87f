"""Getting a feed's body, politely and safely."""
