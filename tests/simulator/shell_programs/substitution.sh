x=$(echo a; echo; echo); echo "[$x]"; echo "$(echo "a  b")" $(echo "c  d") `echo e \`echo f\``; y=$(exit 3); echo $?
