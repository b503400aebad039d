(: ${a:?}) 2>/dev/null; echo $?; b=; (: ${b:?}) 2>/dev/null; echo $?; (: ${b?}) && echo set
