x=tank/vol/vol
echo ${x/vol/V} ${x//vol/V} ${x//\//:} "${x/t*k/P}" ${x/nosuch/V}
echo ${x:5} ${x:5:3} ${x:0:4}
echo {a,b}c x{1..3} {a,b}{1,2} "{a,b}" pre{,post}
echo $'tab\there' $'quote\'s'
cat <<<"here $x"
function f { echo "f $1 $#"; }
f one two
function g { print -r -- "$@"; }
g 'a\tb' c
print -n no newline; print; print 'a\tb'
