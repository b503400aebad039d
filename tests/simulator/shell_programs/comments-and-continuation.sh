echo a # b
echo a#b \
 c # d
# only
echo 'x # y'
