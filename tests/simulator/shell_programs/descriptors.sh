exec 3>&1; echo a >&3; { echo b >&2; } 2>&3; exec 3>&-; (echo c >&3) 2>/dev/null; echo $?
