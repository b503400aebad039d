x=' a  b '; set -- $x; echo $#; set -- "$x"; echo $#; set -- $none; echo $#; set -- "$none"; echo $#
