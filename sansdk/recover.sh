# What became of a run: `never` (and the claim made here keeps it from ever running), over, running or crashed.
sd_was() {
  if (set -C; : >"${sd_C:?}") 2>/dev/null; then
    echo never
  elif sd_over; then
    sd_settled
    sd_kept
    echo over
  elif ! type pgrep >/dev/null 2>&1 || pgrep -f "${sd_C##*-}" >/dev/null; then
    # Without pgrep nobody can tell that it is not.
    echo running
  elif sd_over; then
    # It ended between the two questions.
    sd_settled
    sd_kept
    echo over
  else
    sd_kept
    echo crashed
  fi
}
sd_over() { grep '^Z ' "$sd_C" >/dev/null; }
# The last of a stream may still be on its way through the relay.
sd_settled() {
  sd_k=0
  until sd_ends "$sd_C.o" && sd_ends "$sd_C.e"; do
    sd_k=$((sd_k + 1))
    [ "$sd_k" -le 5 ] || return 0
    sleep 1
  done
}
sd_ends() {
  sd_l=''
  while IFS= read -r sd_m; do sd_l=$sd_m; done <"$1"
  case $sd_l in
  *' Z '*) return 0 ;;
  *) return 1 ;;
  esac
}
sd_kept() {
  ( sd_read stdout cat "$sd_C.o" )
  ( sd_read stderr cat "$sd_C.e" )
  set +f
  rm -f "$sd_C".s*
  set -f
}
