A=1 sh -c 'echo $A'; echo ${A-none}; export B=2; sh -c 'echo $B'; C=3; sh -c 'echo ${C-none}'; f() { echo $D; }; D=4 f
