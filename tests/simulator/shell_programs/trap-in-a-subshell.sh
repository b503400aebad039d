trap 'echo outer' EXIT; (trap 'echo inner' EXIT; exit 2); echo $?; trap - EXIT
