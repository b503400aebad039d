while :; do echo y; done | head -n 2; echo $?
