# What happens to a live tunnel when its file changes, and to everything around it.
# shellcheck shell=bash disable=SC2154

# t1 between left and right, with a foreign route through it, and daemons on both sides.
begin_pair() { # further lines of both files
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 "$@" | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 "$@" | put right ifcfg-t1
	daemon left
	daemon right
	eventually pings left 10.0.0.2
	ip -n lab-left route add 203.0.113.0/24 via 10.0.0.2 dev t1
	before=$(ifindex left t1)
}

kept() {
	same ifindex "$(ifindex left t1)" "$before"
	addresses_are left t1 10.0.0.1/30
	[[ -n $(ip -n lab-left route show 203.0.113.0/24 dev t1) ]]
	plan_is_empty left
}

test_change_control() {
	begin_pair
	start_pinging left 10.0.0.2
	sleep 2
	pinging_lost 0
}

test_change_ttl_loses_nothing() {
	local ttl
	begin_pair TTL=64
	start_pinging left 10.0.0.2
	for ttl in 255 9 inherit 64; do
		gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 "TTL=$ttl" | put left ifcfg-t1
		[[ $ttl != inherit ]] || ttl=null
		eventually link_is left t1 .linkinfo.info_data.ttl "${ttl/null/0}" || eventually link_is left t1 .linkinfo.info_data.ttl null
	done
	pinging_lost 0
	kept
	grep -q 't1: ttl 64 -> 255' "$work/left.log"
}

# What both ends must change may lose what is in flight, and what is sent until the second end has it.
test_change_key_in_place() {
	local key other
	begin_pair
	for key in KEY=5 KEY=0x10 KEY=; do
		for other in left right; do
			[[ $other == left ]] && set -- 192.0.2.1 192.0.2.2 10.0.0.1 || set -- 192.0.2.2 192.0.2.1 10.0.0.2
			gre t1 "$1" "$2" "MY_INNER_IPADDR=$3/30" "$key" | put $other ifcfg-t1
		done
		eventually pings left 10.0.0.2
		kept
		link_is left t1 .mtu "$([[ $key == KEY= ]] && echo 1476 || echo 1472)"
	done
	grep -q 't1: key none -> 5' "$work/left.log"
	grep -q 't1: key 16 -> none' "$work/left.log"
}

test_change_endpoints_in_place() {
	begin_pair
	start_pinging left 10.0.0.2
	gre t1 192.0.2.11 192.0.2.12 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t1 192.0.2.12 192.0.2.11 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	eventually link_is left t1 .linkinfo.info_data.remote 192.0.2.12
	eventually pings left 10.0.0.2
	# what is sent between the change of the one end and that of the other: told, and bounded by that alone
	pinging_lost 1000
	kept
}

test_change_one_side_only_loses_nothing() {
	begin_pair
	start_pinging left 10.0.0.2
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 TUNNEL_TOS=16 MULTICAST=yes MTU=1400 | put left ifcfg-t1
	eventually link_is left t1 .mtu 1400
	link_is left t1 .linkinfo.info_data.tos 0x10
	link_is left t1 '.flags | contains(["MULTICAST"])' true
	pinging_lost 0
	kept
}

test_change_addresses() {
	begin_pair
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 IPV6ADDR=2001:db8:9::1 'IPV6ADDR_SECONDARIES="2001:db8:a::1/128"' | put left ifcfg-t1
	eventually addresses_are left t1 $'10.0.0.1/30\n2001:db8:9::1/64\n2001:db8:a::1/128'
	ip -n lab-left address add 10.77.0.1/32 dev t1 # somebody else's
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1 PEER_INNER_IPADDR=10.0.0.2/30 | put left ifcfg-t1
	eventually addresses_are left t1 $'10.0.0.1 peer 10.0.0.2/30\n10.77.0.1/32'
	same ifindex "$(ifindex left t1)" "$before"
	plan_is_empty left
	pings left 10.0.0.2
}

test_change_of_kind_makes_it_anew() {
	begin_pair
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 | sed s/GRE/IPIP/ | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | sed s/GRE/IPIP/ | put right ifcfg-t1
	eventually link_is left t1 .linkinfo.info_kind ipip
	eventually pings left 10.0.0.2
	[[ $(ifindex left t1) != "$before" ]]
	plan_is_empty left
	grep -q 'made anew for kind gre -> ipip' "$work/left.log"
}

# Each kind between any and a unicast peer, both ways: in place or anew, the end is the same, and packets cross.
test_change_any_to_unicast() {
	local type
	for type in GRE IPIP GRE6 IPIP6; do
		two_hosts
		local here=192.0.2.1 there=192.0.2.2 key=
		[[ $type != *6 ]] || here=2001:db8:1::1 there=2001:db8:1::2
		[[ $type != GRE* ]] || key=KEY=9
		gre t1 $here any $key | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-t1
		once left
		plan_is_empty left
		gre t1 $here $there $key MY_INNER_IPADDR=10.0.0.1/30 | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-t1
		gre t1 $there $here $key MY_INNER_IPADDR=10.0.0.2/30 | sed "s/TYPE=GRE/TYPE=$type/" | put right ifcfg-t1
		once left
		once right
		plan_is_empty left
		eventually pings left 10.0.0.2
		gre t1 $here any $key | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-t1
		once left
		plan_is_empty left
		link_is left t1 '.flags | contains(["POINTOPOINT"])' false
	done
}

test_change_places() {
	local i
	two_hosts
	for i in 1 2 3; do
		gre "t$i" 192.0.2.1 "192.0.2.10$i" "MY_INNER_IPADDR=10.0.$i.1/30" | put left "ifcfg-t$i"
		printf '%s\n' "DEVICE=s$i" TYPE=IPIP6 MY_OUTER_IPADDR=2001:db8:1::1 "PEER_OUTER_IPADDR=2001:db8:1::10$i" | put left "ifcfg-s$i"
		gre "p$i" 192.0.2.1 "192.0.2.10$i" | sed s/GRE/IPIP/ | put left "ifcfg-p$i"
	done
	once left
	local before after
	before=$(ip -n lab-left -j link show group 2784 | jq -c 'map([.ifname, .ifindex]) | sort')
	for i in 1 2 3; do
		sed -i "s/^\(PEER_OUTER_IPADDR=.*10\)$i/\1$((i % 3 + 1))/" "$work/left/$scripts"/ifcfg-[tsp]$i
	done
	plan left >"$work/plan"
	once left
	after=$(ip -n lab-left -j link show group 2784 | jq -c 'map([.ifname, .ifindex]) | sort')
	same links "$after" "$before"
	plan_is_empty left
	link_is left t1 .linkinfo.info_data.remote 192.0.2.102
	link_is left s3 .linkinfo.info_data.remote 2001:db8:1::101
	addresses_are left t1 10.0.1.1/30
}

test_rename_of_a_device() {
	begin_pair
	gre t9 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	eventually has_link left t9
	has_no_link left t1
	eventually pings left 10.0.0.2
	plan_is_empty left
}

test_mtu_of_the_path() {
	two_hosts
	ip -n lab-left link set dev eth0 mtu 3000
	gre t1 192.0.2.1 192.0.2.2 KEY=1 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.2 | put left ifcfg-t2
	printf '%s\n' DEVICE=g6 TYPE=GRE6 MY_OUTER_IPADDR=2001:db8:1::1 PEER_OUTER_IPADDR=2001:db8:1::2 | put left ifcfg-g6
	once left
	link_is left t1 .mtu 2972
	link_is left t2 .mtu 2976
	link_is left g6 .mtu 2948
	# a key is added in place: kinds differ in whether the kernel minds the MTU, tunneld does for all
	gre t2 192.0.2.1 192.0.2.2 KEY=2 | put left ifcfg-t2
	echo KEY=6 >>"$work/left/$scripts/ifcfg-g6"
	once left
	link_is left t2 .mtu 2972
	link_is left g6 .mtu 2944
	plan_is_empty left
	ip -n lab-left link set dev eth0 mtu 2000
	once left
	link_is left t2 .mtu 1972
	plan_is_empty left
}
