trap 'echo caught' TERM; kill -TERM $$; echo after
trap '' USR1; kill -USR1 $$; echo ignored
trap - TERM
sleep 100 & kill $!; wait $!; echo $(($? > 128))
kill -0 $$ && echo alive
(trap 'echo out' EXIT; exit 3); echo $?
trap 'echo bye; exit 5' TERM
kill $$
echo never
