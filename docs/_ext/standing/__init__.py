"""Where every command and option of the Solaris host stands: verbatim, inferred, or not simulated.

`synopses` reads what the programs offer out of their own usage texts, `shown` reads what the golden transcripts and
recordings type, `probes` asks a simulated host about the rest, `page` writes the tables. `extension` lets
Sphinx put them where the page `reference-solaris` has its marker, so that no copy of them can be out of date.
"""
