f() { echo "$1" $#; return 4; }; f 'a b' c; echo $?; g() (x=2; exit 5); x=1; g; echo $? $x; h() { set -- q; echo $1; }; set -- p; h; echo $1
