IFS=:; x=a:b::c; set -- $x; echo $# "$*"; x=:a; set -- $x; echo $# "$1"; IFS=' :'; x='a : b:c'; set -- $x; echo $#
