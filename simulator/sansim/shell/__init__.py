"""A POSIX shell over a simulated system: real grammar, file descriptors and pipes, nothing run on the host."""
