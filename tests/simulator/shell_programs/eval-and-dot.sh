eval 'x=1; echo $x'; eval "echo \$x"; echo 'y=2' >/tmp/sansimdot$$; . /tmp/sansimdot$$; echo $y; rm /tmp/sansimdot$$
