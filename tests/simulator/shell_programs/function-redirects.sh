f() { echo a; echo b >&2; }; f 2>&1 >/dev/null | cat; { f 2>&1 >&3 | cat; } 3>&1
