x='a b'; [[ $x == a* ]] && echo glob
[[ $x == 'a*' ]] || echo quoted
[[ -n $x && ! -z $x ]] && echo both
[[ -z $x || ( 1 -lt 2 && abc < abd ) ]] && echo grouped
[[ 10 -gt 9 ]] && echo number
[[ tank/v =~ ^tank/[a-z]+$ ]] && echo regular
if [[ -d /tmp && ! -f /tmp ]]; then echo directory; fi
[[ $x ]] && echo word
[[ "" ]] || echo empty
[[ x != y ]] && echo differ
