((n = 3)); echo $n $?
((n == 3)) && echo three
((n > 5)) || echo small
echo $((n++)) $n $((++n)) $n $((n--)) $((--n))
((n += 4)); echo $n; ((n *= 2, n -= 1)); echo $n
let m=n+1; echo $m; let 'm = 0' || echo zero
for ((i = 0; i < 3; i++)); do echo -n "$i "; done; echo
((i = 10)); while ((i > 8)); do echo $i; ((i -= 1)); done
(( (1 + 2) * 3 == 9 )) && echo nested
( (echo subshell) )
