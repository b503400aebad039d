"""Command lines by chance for a simulated Solaris host, and what must hold after each of them."""
