(set -u; echo $nope) 2>/dev/null; echo $?; (set -u; echo ${nope-ok})
