(exec echo replaced; echo never); echo after; exec cat /dev/null; echo never
