printf 'b 2\na 1\nc 3\n' | sort | awk '{print $2}' | tail -n +2; echo a.b.c | cut -d. -f2; printf '1\n1\n2\n' | uniq -c | tr -s ' '; expr 3 + 4; basename /a/b.c .c; dirname /a/b
