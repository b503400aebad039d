p=/a/b/c.tar.gz; echo ${p#*/} ${p##*/} ${p%.*} ${p%%.*} "${p%/*}" ${#p}; x='a*b'; echo "${x#a"*"}" ${x%'*b'}
