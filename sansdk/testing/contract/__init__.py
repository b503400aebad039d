"""What every array does behind the SDK's verbs, whichever it is: one suite, to be read as the specification.

The tests use public names of `sansdk` and the fixtures of `sansdk.testing.plugin` only, and run once for each kind of
array: `pytest --pyargs sansdk.testing.contract`. Where the arrays differ, `session.capabilities` says so, and so do
the tests.
"""
