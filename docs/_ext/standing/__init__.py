"""Where every command and option of the simulated arrays stands: verbatim, inferred, or not simulated.

`synopses` reads what the programs of the Solaris host offer out of their own usage texts, `shown` reads what the
golden transcripts and recordings type, `probes` asks a simulated host about the rest, `page` writes the tables; `cliq`
does the same for CLIQ. `extension` lets Sphinx put them where the pages `reference-solaris` and `reference-cliq` have
their markers, so that no copy of them can be out of date.
"""
