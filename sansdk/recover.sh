# What became of a run: `never` (and the claim made here keeps it from ever running), over, running or crashed.
sd_was() {
  if (set -C; : >"${sd_C:?}") 2>/dev/null; then
    echo never
  elif grep '^Z ' "$sd_C" >/dev/null; then
    sd_kept
    echo over
  elif pgrep -f "${sd_C##*-}" >/dev/null; then
    echo running
  else
    sd_kept
    echo crashed
  fi
}
sd_kept() {
  ( sd_read stdout cat "$sd_C.o" )
  ( sd_read stderr cat "$sd_C.e" )
  sd_clear "$sd_C"
}
