# Procedures: what has to look at the array before it acts. Each is a word that a step calls.

sd_zfs() { $sd_privilege /usr/sbin/zfs "$@"; }
sd_stmfadm() { $sd_privilege /usr/sbin/stmfadm "$@"; }
sd_itadm() { sd_alone $sd_privilege /usr/sbin/itadm "$@"; }

# COMMAND: run while no other of ours does. itadm loads, changes and saves the whole configuration, and what another
# makes meanwhile is gone for a moment. A courtesy only: nothing is wrong where the lock cannot be had.
sd_alone() {
  sd_w=0
  until mkdir /tmp/sansdk.lock 2>/dev/null; do
    sd_w=$((sd_w + 1))
    [ "$sd_w" -le 30 ] || break
    sleep 1
  done
  sd_a=0
  "$@" || sd_a=$?
  rmdir /tmp/sansdk.lock 2>/dev/null
  return "$sd_a"
}

# Runs a command, and holds what it says in sd_o; what is gone already is as good as removed.
sd_absent() {
  sd_o=$("$@" 2>&1) && return 0
  case $sd_o in
  *'not found'* | *'does not exist'* | *'no views found'*) return 0 ;;
  esac
  printf '%s\n' "$sd_o" >&2
  return 1
}

# PROPERTY DATASET: its value in sd_v, empty where there is no such dataset.
sd_value() {
  sd_v=$(sd_zfs get -Hp -o value "$1" "$2" 2>&1) && return 0
  case $sd_v in
  *'dataset does not exist'*) sd_v='' && return 0 ;;
  esac
  printf '%s\n' "$sd_v" >&2
  return 1
}

# DEVICE: there at last.
sd_wait_device() {
  sd_k=0
  while [ ! -e "$1" ]; do
    sd_k=$((sd_k + 1))
    [ "$sd_k" -le 10 ] || {
      printf '%s\n' "sansdk: the device $1 did not appear within 10 s" >&2
      return 1
    }
    sleep 1
  done
}

# DATASET GUID: still the volume that was planned for.
sd_check_guid() {
  sd_value guid "$1" || return 1
  [ "$sd_v" = "$2" ] || {
    printf '%s\n' "sansdk: $1 is not the volume that was planned for, whose guid was $2 and not ${sd_v:-gone}" >&2
    return 1
  }
}

# DATASET MARK: destroyed if it carries our mark.
sd_destroy_marked() {
  sd_value sansdk:guid "$1" || return 1
  [ "$sd_v" != "$2" ] || sd_zfs destroy "$1"
}

# GUID HOST-GROUP TARGET-GROUP: the number of that view, if there is one.
sd_view_number() {
  sd_absent sd_stmfadm list-view -l "$1" || return 1
  sd_k='' sd_h=''
  printf '%s\n' "$sd_o" | while IFS= read -r sd_l; do
    case $sd_l in
    'View Entry: '*) sd_k=${sd_l#View Entry: } ;;
    *'Host group '*': '*) sd_h=${sd_l#*: } ;;
    *'Target '[Gg]'roup '*': '*) [ "$sd_h" != "$2" ] || [ "${sd_l#*: }" != "$3" ] || printf '%s\n' "$sd_k" ;;
    esac
  done
}

# GUID HOST-GROUP TARGET-GROUP: that view removed, by its number of now.
sd_drop_view() {
  sd_m=$(sd_view_number "$1" "$2" "$3") || return 1
  for sd_k in $sd_m; do sd_absent sd_stmfadm remove-view -l "$1" "$sd_k" || return 1; done
}

# TARGET-GROUP TARGET [keep]: both gone, unless a view uses the group; then both stay. `keep` makes the group anew.
sd_drop_target() {
  sd_o=$(sd_stmfadm delete-tg "$1" 2>&1) || case $sd_o in
    *'in use by existing view entry'*) return 0 ;;
    *'not found'*) ;;
    *) printf '%s\n' "$sd_o" >&2 && return 1 ;;
    esac
  sd_absent sd_itadm delete-target -f "$2" || return 1
  [ $# -lt 3 ] || { sd_stmfadm create-tg "$1" && sd_stmfadm add-tg-member -g "$1" "$2"; }
}

# HOST-GROUP [INITIATOR]: the group and the initiator's record gone, unless a view uses the group; then both stay.
sd_drop_host_group() {
  sd_o=$(sd_stmfadm delete-hg "$1" 2>&1) || case $sd_o in
    *'in use by existing view entry'*) return 0 ;;
    *'not found'*) ;;
    *) printf '%s\n' "$sd_o" >&2 && return 1 ;;
    esac
  [ $# -lt 2 ] || sd_absent sd_itadm delete-initiator "$2"
}

# HOST-GROUP INITIATOR: the group with its one member, whatever of it is there.
sd_make_host_group() {
  sd_o=$(sd_stmfadm create-hg "$1" 2>&1) || case $sd_o in
    *'already exists'*) ;;
    *) printf '%s\n' "$sd_o" >&2 && return 1 ;;
    esac
  sd_o=$(sd_stmfadm add-hg-member -g "$1" "$2" 2>&1) || case $sd_o in
    *'already exists'*) ;;
    *) printf '%s\n' "$sd_o" >&2 && return 1 ;;
    esac
}

# The GUIDs that have views; with devices given only of the logical units on them, views or not.
sd_guids() {
  sd_o=$(sd_stmfadm list-lu -v) || return 1
  printf '%s\n' "$sd_o" | while IFS= read -r sd_l; do
    case $sd_l in
    'LU Name: '*) sd_g=${sd_l#LU Name: } ;;
    *'View Entry Count'*': 0') ;;
    *'View Entry Count'*': '*) [ $# -gt 0 ] || printf '%s\n' "$sd_g" ;;
    *'Data File'*': '*)
      for sd_f; do
        [ "${sd_l#*: }" != "/dev/zvol/rdsk/$sd_f" ] && [ "${sd_l#*: }" != "/dev/zvol/dsk/$sd_f" ] ||
          printf '%s\n' "$sd_g"
      done
      ;;
    esac
  done
}

# [DATASET…]: the views of each of those logical units, each framed by its GUID.
sd_list_views() {
  sd_id=$sd_i
  sd_us=$(sd_guids "$@") || return 1
  for sd_u in $sd_us; do
    sd_read "$sd_id:$sd_u" sd_stmfadm list-view -l "$sd_u"
  done
}

# DATASET DEVICE GUID: its logical unit as its metadata says it, else a new one; the volume is marked with it. Without
# the mark there is no unit either: a step that fails is not undone.
sd_adopt_lu() {
  sd_o=$(sd_stmfadm import-lu "$2" 2>&1) || case $sd_o in
    *'meta file error'*) sd_o=$(sd_stmfadm create-lu -p "guid=$3" "$2" 2>&1) ;;
    *) false ;;
    esac || {
    printf '%s\n' "$sd_o" >&2
    return 1
  }
  sd_g=${sd_o##*: }
  sd_zfs set "sansdk:guid=$sd_g" "$1" && return 0
  sd_stmfadm delete-lu -k "$sd_g"
  return 1
}

# DATASET: the logical unit on it deleted, and the mark taken off; its views stay.
sd_drop_lu() {
  sd_us=$(sd_guids "$1") || return 1
  for sd_u in $sd_us; do sd_absent sd_stmfadm delete-lu -k "$sd_u" || return 1; done
  sd_zfs inherit sansdk:guid "$1"
}

# DATASET LUN TARGET-GROUP [HOST-GROUP]: a view of the logical unit on it.
sd_add_view_of() {
  sd_us=$(sd_guids "$1") || return 1
  for sd_u in $sd_us; do
    if [ $# -lt 4 ]; then
      sd_stmfadm add-view -t "$3" -n "$2" "$sd_u"
    else
      sd_stmfadm add-view -t "$3" -h "$4" -n "$2" "$sd_u"
    fi || return 1
  done
}

# DATASET HOST-GROUP TARGET-GROUP: that view of the logical unit on it removed.
sd_drop_view_of() {
  sd_us=$(sd_guids "$1") || return 1
  for sd_u in $sd_us; do sd_drop_view "$sd_u" "$2" "$3" || return 1; done
}
