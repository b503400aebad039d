a=1; a+=2; a+=$a; echo $a
b+=x; echo $b
false | true; echo $?
set -o pipefail
false | true; echo $?
(exit 3) | (exit 4) | true; echo $?
true | true; echo $?
set +o pipefail
false | true; echo $?
