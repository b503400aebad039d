(exit 9); echo $?; { exit 6; }; echo never
