(echo later) & wait; (exit 3) & wait $!; echo $?
