true && echo a || echo b; false && echo a || echo b; false || false; echo $?; ! true; echo $?; ! false && echo c
