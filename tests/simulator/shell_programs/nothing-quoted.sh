f() { echo $#; }; f "$@"; set -- ''; f "$@"; f "$*"; set --; f "$*"; f x"$@"y
