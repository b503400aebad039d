sh -c 'echo $0 $1 $#' name a b; echo 'echo $1' | sh -s arg; sh -c 'exit 8'; echo $?; sh -ec 'false; echo never'; echo $?
