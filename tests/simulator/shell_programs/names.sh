A_b1=x; echo $A_b1 ${A_b1}y $A_b1-z "$A_b1"'$A_b1'; echo $1a "$"; a=~; echo $a
