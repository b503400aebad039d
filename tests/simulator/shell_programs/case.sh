for x in abc a b '*' 'x y' ''; do case $x in a) echo one;; a*|z) echo two;; \*) echo star;; "x y") echo space;; [b-d]) echo range;; '') echo empty;; esac; done
