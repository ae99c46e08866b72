# One whole life of the daemon under valgrind. With the sanitizers built in there is no need, and no way.
# shellcheck shell=bash disable=SC2154

put_examples() {
	local example
	for example in "$examples"/*/left; do
		lab_lay_files "$example" "$work/left"
	done
}

[[ $(ldd "$(command -v tunneld)") == *libasan* ]] || test_valgrind() {
	local status=0 pid
	two_hosts
	put_examples
	ip -n lab-left link add name br0 type bridge
	gre swap1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.50.1.1/30 | put left ifcfg-swap1
	gre swap2 192.0.2.1 192.0.2.102 | put left ifcfg-swap2
	lab_start left valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible --error-exitcode=99 \
		tunneld --root="$work/left" >"$work/left.log" 2>&1
	pid=$!
	eventually ctl left version
	eventually has_link left swap2
	gre swap1 192.0.2.1 192.0.2.102 IPV6ADDR=2001:db8:50::1 | put left ifcfg-swap1
	gre swap2 192.0.2.1 192.0.2.101 | put left ifcfg-swap2
	gre bad 192.0.2.1 '$(bad)' | put left ifcfg-bad
	gre none 192.0.2.1 192.0.2.103 TUNNEL_DEVICE=none0 | put left ifcfg-none
	eventually link_is left swap1 .linkinfo.info_data.remote 192.0.2.102
	! ctl left reload
	! ctl left list
	gre swap1 192.0.2.1 any KEY=1 | put left ifcfg-swap1
	eventually link_is left swap1 .linkinfo.info_data.ikey 0.0.0.1
	rm "$work/left/$scripts"/ifcfg-*
	eventually has_no_link left swap1
	kill "$pid"
	wait "$pid" || status=$?
	same 'exit status' "$status" 0
	! grep '==.*==' "$work/left.log"
	valgrind --quiet --leak-check=full --error-exitcode=99 tunnelctl --root="$work/left" check >"$work/out" 2>&1
	put_examples
	valgrind --quiet --leak-check=full --error-exitcode=99 tunnelctl --root="$work/left" explain >"$work/out" 2>&1
	lab_run left valgrind --quiet --leak-check=full --error-exitcode=99 tunneld --root="$work/left" --once
	lab_run left valgrind --quiet --leak-check=full --error-exitcode=99 tunneld --root="$work/left" --plan
	lab_run left valgrind --quiet --leak-check=full --error-exitcode=99 tunneld --root="$work/left" --teardown
}
