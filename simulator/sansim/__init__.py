"""A fake SAN: a real SSH server that answers as the arrays do."""
