set -e; false || true; if false; then :; fi; ! true; (set +e; false; echo on); false; echo never
