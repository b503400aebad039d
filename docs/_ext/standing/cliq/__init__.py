"""Where every command and parameter of CLIQ stands: shown by a transcript, inferred, or not simulated.

`sources` says who published what, `shown` reads what the transcripts type and what came of it, `page` writes the
tables from these and from the simulated node's own: its commands, flavours, results, and all that was inferred.
"""
