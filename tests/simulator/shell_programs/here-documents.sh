x=1
cat <<E
a $x $(echo b) \$x "q"
E
cat <<'E'
a $x
E
cat <<-E
	tab
	E
cat <<A; cat <<B
1
A
2
B
