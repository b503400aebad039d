cd /tmp; rm -f sansimq$$; (set -C; : >sansimq$$) 2>/dev/null && echo made; (set -C; : >sansimq$$) 2>/dev/null || echo kept; rm sansimq$$
