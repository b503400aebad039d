printf 'a b  c\nd\\ e\nlast' | while read x y; do echo "[$x][$y]"; done; printf '  lead\n' | { IFS= read -r l; echo "[$l]"; }; read z </dev/null; echo $?
