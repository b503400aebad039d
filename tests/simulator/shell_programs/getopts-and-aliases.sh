while getopts ab:c o -a -b x -c rest; do echo "$o ${OPTARG:-none} $OPTIND"; done
echo $OPTIND
f() { OPTIND=1; while getopts :v:q o "$@"; do case $o in v) echo "v=$OPTARG";; q) echo q;; :) echo "missing $OPTARG";; \?) echo "unknown $OPTARG";; esac; done; shift $((OPTIND - 1)); echo "left $*"; }
f -q -vx one two
f -qv
f -z -- -q
