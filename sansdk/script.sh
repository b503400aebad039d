PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
unset IFS LANG LANGUAGE ENV BASH_ENV
set -f
sd_done=' ' sd_left='' sd_stop='' sd_status=0 sd_secrets=''

# A broken pipe shows itself in printf's status in some shells only: nobody looks at it.
sd_mark() {
  printf '@@%s %s\n' "${sd_N:?}" "$*"
  printf '@@%s %s\n' "${sd_N:?}" "$*" >&2
  [ -z "$sd_J" ] || printf '%s\n' "$*" >&5
  return 0
}

sd_stopped() {
  [ -z "$sd_stop" ] || return 0
  [ -n "$sd_J" ] && [ -f "$sd_J.c" ] || return 1
  sd_stop=cancelled
  sd_mark C
  return 0
}

# A read: both streams go straight through. In a subshell, for it may be a function that frames reads of its own.
sd_read() {
  sd_i=$1
  shift
  sd_mark B "$sd_i"
  ( "$@" )
  sd_mark E "$sd_i" "$?"
  return 0
}

# A change: its stderr is kept to be looked at; what passes by itself is waited for.
sd_patiently() {
  sd_n=0
  while :; do
    { sd_e=$(ulimit -t unlimited 2>/dev/null; "$@" 2>&1 >&6 6>&- 5>&-); sd_s=$?; } 6>&1
    [ "$sd_s" -ne 0 ] && [ "$sd_n" -lt 5 ] || break
    case $sd_e in
    *'Configuration changed during processing'* | *'resource busy'* | *'STMF service version incorrect'*) ;;
    *) break ;;
    esac
    sd_n=$((sd_n + 1))
    sleep 1
  done
  [ -z "$sd_e" ] || printf '%s\n' "$sd_e" >&2
  return "$sd_s"
}

sd_step() {
  sd_i=$1 sd_t=$2
  shift 2
  ! sd_stopped || return 1
  sd_mark B "$sd_i"
  if sd_patiently "$@"; then
    sd_done="$sd_done$sd_i "
    sd_mark E "$sd_i" 0
    return 0
  fi
  if [ -n "$sd_t" ]; then
    case $sd_e in
    *"$sd_t"*)
      sd_mark T "$sd_i"
      sd_mark E "$sd_i" "$sd_s"
      return 0
      ;;
    esac
  fi
  sd_mark E "$sd_i" "$sd_s"
  return 1
}

sd_undo() {
  sd_i=$1
  shift
  case $sd_done in
  *" $sd_i "*) ;;
  *) return 0 ;;
  esac
  sd_mark B "u$sd_i"
  sd_patiently "$@" || sd_left="$sd_left $sd_i"
  sd_mark E "u$sd_i" "$sd_s"
  return 0
}

sd_begin() {
  if sd_stopped; then
    sd_mark R "$1" stopped
    return 1
  fi
  sd_mark I "$1"
  return 0
}

sd_failed() {
  sd_forget
  sd_status=1
  if [ -n "$sd_left" ]; then
    sd_left='' sd_stop=undo-failed
    sd_mark R "$1" undo-failed
  else
    sd_mark R "$1" undone
  fi
  return 0
}

# Made exclusively, so that nobody can have put a link there; noted for removal before anything is in it.
sd_secret() {
  (set -C; : >"${sd_J:?}.s$1") 2>/dev/null || {
    sd_mark X "secret file $1 exists"
    return 1
  }
  sd_secrets="$sd_secrets $1"
  printf %s "$2" >"$sd_J.s$1"
  [ -s "$sd_J.s$1" ] || {
    sd_mark X "secret file $1 cannot be written"
    return 1
  }
}

sd_forget() {
  for sd_i in $sd_secrets; do rm -f "${sd_J:?}.s$sd_i"; done
  sd_secrets=''
}

# What became of runs whose end the client has seen is cleared away by the next one.
sd_clear() {
  set +f
  for sd_i; do rm -f "$sd_i" "$sd_i".?*; done
  set -f
}

sd_claim() {
  (set -C; : >"${sd_J:?}") 2>/dev/null && return 0
  sd_n=claimed
  [ -f "$sd_J" ] || sd_n="the claim file $sd_J cannot be made"
  sd_J=''
  sd_mark X "$sd_n"
  return 1
}
