x='a  b' y="c 'd'"; echo $x "$x" $y "$y" 'it'"'"'s' a\ b "\$x \q \\" ''
