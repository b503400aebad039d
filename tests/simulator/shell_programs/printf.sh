printf '%s-%d|%5s|%-5s|%05d|%x\n' a 3 b c 42 255; printf '%s\n' a b c; printf 'no newline'; printf '\n%b' 'a\tb\n'; printf '%%\n'; printf '\101\n'
