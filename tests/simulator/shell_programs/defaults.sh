unset a; b=; echo ${a-1} ${b-2} ${a:-3} ${b:-4} ${b+5} ${b:+6} "${a:-x  y}" ${a:-"x  y"}; : ${a:=7}; echo $a
