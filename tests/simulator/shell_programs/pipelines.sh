echo a | cat | sed s/a/b/; false | true; echo $?; true | false; echo $?; echo x | { read y; echo $y; } | cat
