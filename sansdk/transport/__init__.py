"""How a command reaches an array."""
