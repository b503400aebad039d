f() { echo out; echo err >&2; return 7; }; { e=$(f 2>&1 >&6 6>&-); s=$?; } 6>&1; echo "[$e]" $s
