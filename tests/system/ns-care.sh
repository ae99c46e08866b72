# What is not ours stays as it is; what is ours goes only for a good reason; nothing is lost by an accident.
# shellcheck shell=bash disable=SC2154

# Things that somebody else made.
make_foreign() {
	ip -n lab-left link add foreign1 type gre local 192.0.2.1 remote 192.0.2.201 ttl 9
	ip -n lab-left link set foreign1 up
	ip -n lab-left address add 10.200.0.1/30 dev foreign1
	ip -n lab-left route add 10.201.0.0/16 dev foreign1
	ip -n lab-left rule add from 10.200.0.1 table 77
	ip -n lab-left link add foreign2 type dummy
	ip -n lab-left link add foreign3 type ip6tnl mode ip6ip6 local 2001:db8:1::1 remote 2001:db8:1::99
	ip -n lab-left link add wanted1 type gre local 192.0.2.1 remote 192.0.2.202
	ip -n lab-left link add wanted2 type dummy
	ip -n lab-left link add grouped type dummy
	ip -n lab-left link set grouped group 2784 # our group, but no tunnel and no alias
	ip -n lab-left link add orphan group 2784 type gre local 192.0.2.1 remote 192.0.2.203 # claimed by no file
}

test_foreign_is_untouched() {
	local before
	two_hosts
	lab_run left modprobe -a ip_gre ipip sit ip6_gre ip6_tunnel
	make_foreign
	before=$(foreign_state left)
	gre wanted1 192.0.2.1 192.0.2.2 | put left ifcfg-wanted1   # other endpoints
	gre wanted2 192.0.2.1 192.0.2.3 | put left ifcfg-wanted2   # another kind
	gre mine 192.0.2.1 192.0.2.201 | put left ifcfg-mine       # the identity of foreign1
	gre gre0 192.0.2.1 192.0.2.4 | put left ifcfg-gre0         # the kernel's own
	gre good 192.0.2.1 192.0.2.5 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-good
	! once left >"$work/left.log" 2>&1
	cat "$work/left.log"
	grep -q 'wanted1: conflict: there is a tunnel wanted1 with other outer addresses or keys' "$work/left.log"
	grep -q 'wanted2: conflict: there is a device wanted2 of another kind' "$work/left.log"
	grep -q 'mine: conflict: the kernel has foreign1 with the same outer addresses' "$work/left.log"
	has_link left good
	same foreign "$(foreign_state left)" "$before"
	rm "$work/left/$scripts"/ifcfg-*
	once left
	has_no_link left good
	same foreign "$(foreign_state left)" "$before"
	has_link left orphan
	once left 2>&1 | grep 'orphan: is in netdev group 2784 without an alias of ours'
	gre good 192.0.2.1 192.0.2.5 | put left ifcfg-good
	once left
	lab_run left tunneld --root="$work/left" --teardown
	has_no_link left good
	has_link left orphan # without an alias nothing says that it is ours
	has_link left grouped
	same foreign "$(foreign_state left)" "$before"
}

test_adoption() {
	local before
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 KEY=5 TTL=64 MY_INNER_IPADDR=10.0.0.1 PEER_INNER_IPADDR=10.0.0.2 | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 KEY=5 MY_INNER_IPADDR=10.0.0.2 PEER_INNER_IPADDR=10.0.0.1 | put right ifcfg-t1
	once right
	# as ifup-tunnel makes it
	ip -n lab-left tunnel add t1 mode gre local 192.0.2.1 remote 192.0.2.2 key 5 ttl 64
	ip -n lab-left address add 10.0.0.1 peer 10.0.0.2 dev t1
	ip -n lab-left link set t1 up
	ip -n lab-left address add 2001:db8:77::1/64 dev t1 # somebody's
	before=$(ifindex left t1)
	eventually pings left 10.0.0.2
	start_pinging left 10.0.0.2
	once left
	pinging_lost 0
	same ifindex "$(ifindex left t1)" "$before"
	link_is left t1 .group 2784
	link_is left t1 .ifalias tunneld:/$scripts/ifcfg-t1
	addresses_are left t1 $'10.0.0.1 peer 10.0.0.2/32\n2001:db8:77::1/64'
	plan_is_empty left
	# the address was there before, so it is not ours to remove
	gre t1 192.0.2.1 192.0.2.2 KEY=5 TTL=64 | put left ifcfg-t1
	once left
	addresses_are left t1 $'10.0.0.1 peer 10.0.0.2/32\n2001:db8:77::1/64'
}

test_adoption_can_be_forbidden() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 | put left ifcfg-t1
	echo 'adopt = no' >"$work/left/etc/tunneld/tunneld.conf"
	ip -n lab-left tunnel add t1 mode gre local 192.0.2.1 remote 192.0.2.2
	! once left
	link_is left t1 .group default
	echo 'adopt = same-kind' >"$work/left/etc/tunneld/tunneld.conf"
	ip -n lab-left tunnel change t1 mode gre local 192.0.2.1 remote 192.0.2.77
	once left
	link_is left t1 .group 2784
	link_is left t1 .linkinfo.info_data.remote 192.0.2.2
}

test_broken_file_among_good_ones() {
	local before
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 MY_INNER_IPADDR=10.0.2.1/30 | put left ifcfg-t2
	once left
	before=$(ifindex left t2)
	printf '%s\n' DEVICE=t2 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.1022 | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 | put left ifcfg-t3
	! once left >"$work/left.log" 2>&1
	grep -F "/$scripts/ifcfg-t2:4:19: error: PEER_OUTER_IPADDR=192.0.2.1022: a number of the address is over 255" "$work/left.log"
	has_link left t3
	same ifindex "$(ifindex left t2)" "$before"
	addresses_are left t2 10.0.2.1/30
	daemon left
	! ctl left list >"$work/list"
	grep -E '^t2 .* refused .*ifcfg-t2:4:19.*runs on as it was' "$work/list"
	grep -E '^t3 .* up ' "$work/list"
	! ctl left reload
	gre t2 192.0.2.1 192.0.2.112 MY_INNER_IPADDR=10.0.2.1/30 | put left ifcfg-t2
	eventually link_is left t2 .linkinfo.info_data.remote 192.0.2.112
	same ifindex "$(ifindex left t2)" "$before"
	eventually ctl left list
	ctl left reload
}

test_links_stay_while_their_files_are_doubtful() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 | put left ifcfg-t3
	once left
	: >"$work/left/$scripts/ifcfg-t1"            # of no bytes: just being written?
	rm "$work/left/$scripts/ifcfg-t2"
	mkdir "$work/left/$scripts/ifcfg-t2"         # no file at all
	mv "$work/left/$scripts" "$work/left/aside"  # the folder is gone
	once left || true
	has_link left t1
	has_link left t2
	has_link left t3
	mv "$work/left/aside" "$work/left/$scripts"
	! once left
	has_link left t1
	has_link left t2
	rm -r "$work/left/$scripts/ifcfg-t2" "$work/left/$scripts/ifcfg-t1" "$work/left/$scripts/ifcfg-t3"
	once left
	has_no_link left t1
	has_no_link left t2
	has_no_link left t3
}

test_restart_and_kill_lose_nothing() {
	local before
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	once right
	daemon left
	eventually pings left 10.0.0.2
	before=$(ifindex left t1)
	start_pinging left 10.0.0.2
	kill "$(daemon_pid left)"
	wait "$(daemon_pid left)" || true
	plan_is_empty left
	daemon left
	kill -9 "$(daemon_pid left)"
	wait "$(daemon_pid left)" || true
	plan_is_empty left
	daemon left
	kill -HUP "$(daemon_pid left)"
	ctl left reload
	pinging_lost 0
	same ifindex "$(ifindex left t1)" "$before"
	same changes "$(grep -c created "$work/left.log")" 1
}

# Between a look and an edit somebody else took what a recreation needs: the tunnel stays as it is.
test_recreation_needs_a_free_place() {
	local before
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	daemon left
	eventually has_link left t1
	before=$(ifindex left t1)
	ip -n lab-left link add foreign1 type gre local 192.0.2.1
	gre t1 192.0.2.1 any | put left ifcfg-t1
	eventually grep -q 't1: conflict: the kernel has foreign1' "$work/left.log"
	same ifindex "$(ifindex left t1)" "$before"
	ip -n lab-left link delete foreign1
	eventually link_is left t1 '.flags | contains(["POINTOPOINT"])' false # it is tried again by itself
}

test_failures_are_told_once() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 IPV6ADDR=ff02::5 | put left ifcfg-t1 # no address that a link can have
	daemon left
	sleep 8
	! ctl left list >"$work/list"
	grep -E '^t1 .* failed .*an address cannot be added \(ff02::5/64\)' "$work/list"
	same 'times told' "$(grep -c 't1: failed' "$work/left.log")" 1
}

is_gone() { # pid: of a child of ours, which may wait to be waited for
	[[ ! -e /proc/$1/stat || $(awk '{ print $3 }' "/proc/$1/stat") == Z ]]
}

test_idle_clients_hold_nothing_up() {
	local idle
	two_hosts
	daemon left
	mkfifo "$work/silence"
	nc -U "$work/left/run/tunneld/private" <>"$work/silence" >/dev/null & # it connects, and never speaks
	idle=$!
	sleep 1
	ctl left list
	kill "$(daemon_pid left)"
	eventually is_gone "$(daemon_pid left)"
	kill "$idle" 2>/dev/null || true
	grep . "$work/left.log" || true
}

test_one_writer() {
	two_hosts
	daemon left
	! once left >"$work/out" 2>&1
	grep 'tunneld runs already' "$work/out"
	! lab_run left tunneld --root="$work/left" --teardown
	! lab_run left tunneld --root="$work/left"
	plan left
}

# Between the group and the alias, and between the group of the doomed and the deletion: both are put right.
test_crash_in_between() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.0.1.1/30 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 | put left ifcfg-t3
	once left
	ip -n lab-left link set t1 alias ''
	ip -n lab-left address flush dev t1
	ip -n lab-left link set t1 down
	ip -n lab-left link set t2 group $((0x54e7dead))
	ip -n lab-left link set t3 group $((0x54e7dead))
	drop left ifcfg-t3
	once left
	link_is left t1 .ifalias tunneld:/$scripts/ifcfg-t1
	addresses_are left t1 10.0.1.1/30
	link_is left t2 .group 2784
	has_no_link left t3
	plan_is_empty left
}
