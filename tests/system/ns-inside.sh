# What is inside a tunnel beside its first address: aliases, IPv6, neighbours, multicast.
# shellcheck shell=bash disable=SC2154

# "10.0.0.1/30 t1:0 10.0.0.3"
labelled() { # host, name
	ip -n "lab-$1" -4 -j address show dev "$2" | jq -r '.[0].addr_info[] | "\(.local)/\(.prefixlen) \(.label) \(.broadcast // "-")"'
}

labelled_are() { # host, name, lines
	same "addresses of $2" "$(labelled "$1" "$2")" "$3"
}

conf() { # host, link, name
	lab_run "$1" cat "/proc/sys/net/ipv6/conf/$2/$3"
}

conf_is() { # host, link, name, value
	same "$3" "$(conf "$1" "$2" "$3")" "$4"
}

test_inside_more_addresses() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 IPADDR1=10.1.0.1 PREFIX1=24 IPADDR2=10.2.0.1 NETMASK2=255.255.255.248 | put left ifcfg-t1
	printf '%s\n' DEVICE=t1:0 IPADDR=10.3.0.1 PREFIX=28 | put left ifcfg-t1:0
	printf '%s\n' IPADDR_START=10.4.0.1 IPADDR_END=10.4.0.3 CLONENUM_START=5 PREFIX=24 | put left ifcfg-t1-range0
	printf '%s\n' DEVICE=t1:off ONPARENT=no IPADDR=10.5.0.1 PREFIX=28 | put left ifcfg-t1:off
	daemon left
	labelled_are left t1 '10.0.0.1/30 t1 -
10.1.0.1/24 t1 -
10.2.0.1/29 t1 -
10.3.0.1/28 t1:0 10.3.0.15
10.4.0.1/24 t1:5 10.4.0.255
10.4.0.2/24 t1:6 10.4.0.255
10.4.0.3/24 t1:7 10.4.0.255'
	plan_is_empty left
	printf '%s\n' DEVICE=t1:0 IPADDR=10.3.0.1 PREFIX=28 BROADCAST=10.3.0.14 | put left ifcfg-t1:0
	eventually eval "grep -q '10.3.0.1/28 t1:0 10.3.0.14' <(labelled left t1)"
	drop left ifcfg-t1-range0
	eventually not eval "grep -q '10.4.0.' <(labelled left t1)"
	printf 'IPADDR=10.3.0.x\n' | put left ifcfg-t1:0 # turns bad: what ran stays
	eventually grep -q 'ifcfg-t1:0:1:8: error: IPADDR=10.3.0.x' "$work/left.log"
	grep -q '10.3.0.1/28 t1:0' <(labelled left t1)
	printf '%s\n' DEVICE=t1:0 IPADDR=10.3.0.9 PREFIX=28 | put left ifcfg-t1:0
	eventually eval "grep -q '10.3.0.9/28 t1:0' <(labelled left t1)"
	eventually not eval "grep -q '10.3.0.1/28' <(labelled left t1)"
	plan_is_empty left
}

# The kernel drops the routes of a link with its last address.
test_inside_routes_outlive_an_address() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	printf '10.50.0.1\n' | put left route-t1
	daemon left
	daemon right
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.9.0.1/30 | put left ifcfg-t1
	eventually addresses_are left t1 10.9.0.1/30
	eventually eval '[[ -n $(ip -n lab-left route show 10.50.0.1 dev t1) ]]'
	plan_is_empty left
}

test_inside_ipv6() {
	two_hosts
	mkdir -p "$work/left/etc/sysconfig"
	printf 'NETWORKING=yes\nIPV6_DEFAULTGW=2001:db8:77::2\nIPV6FORWARDING=yes\n' >"$work/left/etc/sysconfig/network"
	gre t1 192.0.2.1 192.0.2.2 IPV6INIT=yes IPV6ADDR=2001:db8:77::1/64 IPV6ADDR_SECONDARIES='"2001:db8:78::1/112 2001:db8:79::1"' IPV6_MTU=1300 IPV6_PRIVACY=rfc3041 | put left ifcfg-t1
	gre t2 192.0.2.11 192.0.2.12 IPV6INIT=yes IPV6_AUTOCONF=no | put left ifcfg-t2
	gre t3 192.0.2.11 192.0.2.13 MY_INNER_IPADDR=10.3.0.1/30 | put left ifcfg-t3
	gre t1 192.0.2.2 192.0.2.1 IPV6ADDR=2001:db8:77::2/64 | put right ifcfg-t1
	daemon left
	daemon right
	addresses_are left t1 '2001:db8:77::1/64
2001:db8:78::1/112
2001:db8:79::1/64'
	link_is left t1 .mtu 1300
	same 'default route' "$(ip -n lab-left -6 route show default | sed -E 's/ proto \w+//; s/ pref.*//')" 'default via 2001:db8:77::2 dev t1 metric 1'
	conf_is left t1 forwarding 1
	conf_is left t1 accept_ra 0
	conf_is left t1 use_tempaddr 2
	conf_is left t2 autoconf 0
	conf_is left t2 disable_ipv6 0
	conf_is left t3 disable_ipv6 1
	eventually pings left 2001:db8:77::2
	plan_is_empty left
	printf 'IPV6_DEFAULTDEV=t2\n' >"$work/left/etc/sysconfig/network"
	eventually eval '[[ $(ip -n lab-left -6 route show default) == *"dev t2"* ]]'
	gre t2 192.0.2.11 192.0.2.12 IPV6INIT=yes IPV6FORWARDING=yes | put left ifcfg-t2
	eventually conf_is left t2 forwarding 1
	plan_is_empty left
}

test_inside_sit_as_ifup_sit() {
	two_hosts
	printf '%s\n' DEVICE=sit1 IPV6TUNNELIPV4=192.0.2.2 IPV6TUNNELIPV4LOCAL=192.0.2.1 IPV6ADDR=2001:db8:61::1 | put left ifcfg-sit1
	mkdir -p "$work/left/etc/sysconfig"
	printf '# routes\nsit1 2001:db8:62::/48 2001:db8:61::9\nsit10 2001:db8:63::/48\n' >"$work/left/etc/sysconfig/static-routes-ipv6"
	printf 'IPV6_DEFAULTDEV=sit1\n' >"$work/left/etc/sysconfig/network"
	once left
	conf_is left sit1 forwarding 1
	conf_is left sit1 accept_ra 0
	conf_is left sit1 accept_redirects 0
	same routes "$(ip -n lab-left -6 route show proto 47 | sed -E 's/ proto \w+//; s/ pref.*//; s/ +$//')" '2001:db8:62::/48 dev sit1 metric 1
default dev sit1 metric 1'
	plan_is_empty left
	ip -n lab-left tunnel add tun6to4 mode sit ttl 64 remote any local 192.0.2.11 # never ours
	once left
	lab_run left tunneld --root="$work/left" --teardown
	has_link left tun6to4
}

# A hub and two spokes on one cable, each knowing the others: real packets between all three.
begin_multipoint() {
	two_hosts
	lab_address right eth0 192.0.2.3/24
	printf '%s\n' DEVICE=hub1 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 KEY=201 MY_INNER_IPADDR=10.62.201.1/24 MULTICAST=yes \
		NEIGHBOR1_INNER_IPADDR=10.62.201.2 NEIGHBOR1_OUTER_IPADDR=192.0.2.2 NEIGHBOR2_INNER_IPADDR=10.62.201.3 NEIGHBOR2_OUTER_IPADDR=192.0.2.3 \
		IPV6ADDR=2001:db8:201::1/64 NEIGHBOR3_INNER_IPADDR=2001:db8:201::2 NEIGHBOR3_OUTER_IPADDR=192.0.2.2 | put left ifcfg-hub1
	printf '%s\n' DEVICE=spoke TYPE=GRE MY_OUTER_IPADDR=192.0.2.2 KEY=201 MY_INNER_IPADDR=10.62.201.2/24 \
		NEIGHBOR1_INNER_IPADDR=10.62.201.1 NEIGHBOR1_OUTER_IPADDR=192.0.2.1 NEIGHBOR2_INNER_IPADDR=10.62.201.3 NEIGHBOR2_OUTER_IPADDR=192.0.2.3 \
		IPV6ADDR=2001:db8:201::2/64 NEIGHBOR3_INNER_IPADDR=2001:db8:201::1 NEIGHBOR3_OUTER_IPADDR=192.0.2.1 | put right ifcfg-spoke
	# the other spoke is a host of its own behind the same cable
	lab_make_host middle
	ip -n lab-right link add name br0 type bridge
	ip -n lab-right link set dev eth0 master br0
	ip -n lab-right link set dev br0 up
	ip -n lab-right address flush dev eth0
	lab_address right br0 192.0.2.2/24
	lab_cable right br1 middle eth0
	ip -n lab-right link set dev br1 master br0
	lab_address middle eth0 192.0.2.3/24
	mkdir -p "$work/middle/$scripts"
	printf '%s\n' DEVICE=spoke TYPE=GRE MY_OUTER_IPADDR=192.0.2.3 KEY=201 MY_INNER_IPADDR=10.62.201.3/24 \
		NEIGHBOR1_INNER_IPADDR=10.62.201.1 NEIGHBOR1_OUTER_IPADDR=192.0.2.1 NEIGHBOR2_INNER_IPADDR=10.62.201.2 NEIGHBOR2_OUTER_IPADDR=192.0.2.2 | put middle ifcfg-spoke
}

neighbours() { # host, link
	ip -n "lab-$1" neigh show dev "$2" nud permanent | sed -E 's/ proto \w+//; s/ +$//' | sort
}

neighbours_are() { # host, link, lines
	same "neighbours of $2" "$(neighbours "$1" "$2")" "$3"
}

test_inside_multipoint() {
	begin_multipoint
	daemon left
	daemon right
	daemon middle
	neighbours_are left hub1 '10.62.201.2 lladdr 192.0.2.2 PERMANENT
10.62.201.3 lladdr 192.0.2.3 PERMANENT
2001:db8:201::2 lladdr 192.0.2.2 PERMANENT'
	eventually pings left 10.62.201.2
	eventually pings left 10.62.201.3
	eventually pings right 10.62.201.3
	eventually pings middle 10.62.201.2
	eventually pings middle 10.62.201.1
	eventually pings left 2001:db8:201::2
	plan_is_empty left
	ip -n lab-left link set dev hub1 down # the kernel forgets them
	ip -n lab-left link set dev hub1 up
	eventually pings left 10.62.201.3
	eventually neighbours_are left hub1 '10.62.201.2 lladdr 192.0.2.2 PERMANENT
10.62.201.3 lladdr 192.0.2.3 PERMANENT
2001:db8:201::2 lladdr 192.0.2.2 PERMANENT'
}

test_inside_neighbours_follow_their_file() {
	two_hosts
	hub() {
		printf '%s\n' DEVICE=hub1 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 KEY=201 MY_INNER_IPADDR=10.62.201.1/24 "$@" | put left ifcfg-hub1
	}
	hub NEIGHBOR1_INNER_IPADDR=10.62.201.2 NEIGHBOR1_OUTER_IPADDR=192.0.2.2 NEIGHBOR2_INNER_IPADDR=10.62.201.3 NEIGHBOR2_OUTER_IPADDR=192.0.2.3
	daemon left
	ip -n lab-left neigh add 10.62.201.50 lladdr 192.0.2.50 dev hub1 nud permanent # somebody else's, such as a routing daemon's
	ip -n lab-left neigh add 10.62.201.51 lladdr 192.0.2.51 dev hub1 nud reachable
	hub NEIGHBOR1_INNER_IPADDR=10.62.201.2 NEIGHBOR1_OUTER_IPADDR=192.0.2.12 NEIGHBOR9_INNER_IPADDR=10.62.201.50 NEIGHBOR9_OUTER_IPADDR=192.0.2.9
	eventually neighbours_are left hub1 '10.62.201.2 lladdr 192.0.2.12 PERMANENT
10.62.201.50 lladdr 192.0.2.50 PERMANENT'
	[[ -n $(ip -n lab-left neigh show 10.62.201.51 dev hub1) ]]
	grep -q 'hub1: conflict: there is another neighbour 10.62.201.50' "$work/left.log"
	hub
	eventually neighbours_are left hub1 '10.62.201.50 lladdr 192.0.2.50 PERMANENT'
	plan_is_empty left
}

# Before an entry is there the kernel makes one up, with its own outer address: it gives way.
test_inside_neighbours_replace_a_guess() {
	two_hosts
	printf '%s\n' DEVICE=hub1 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 KEY=201 MY_INNER_IPADDR=10.62.201.1/24 | put left ifcfg-hub1
	daemon left # without neighbours it comes up all the same
	lab_run left ping -n -q -c 1 -W 1 10.62.201.2 || true
	grep -q 10.62.201.2 <(ip -n lab-left neigh show dev hub1 nud noarp)
	printf '%s\n' NEIGHBOR1_INNER_IPADDR=10.62.201.2 NEIGHBOR1_OUTER_IPADDR=192.0.2.2 >>"$work/left/$scripts/ifcfg-hub1"
	eventually neighbours_are left hub1 '10.62.201.2 lladdr 192.0.2.2 PERMANENT'
	plan_is_empty left
}

# OSPF's hellos go to 224.0.0.5; what carries them carries everything.
test_inside_multicast_and_broadcast_cross() {
	local seen
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/29 MULTICAST=yes | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/29 MULTICAST=yes | put right ifcfg-t1
	daemon left
	daemon right
	link_is left t1 '.flags | contains(["MULTICAST"])' true
	lab_run right sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
	send() {
		lab_run left ping -n -q -c 2 -i 0.3 -W 1 -I t1 224.0.0.5 || true
		lab_run left ping -n -q -c 2 -i 0.3 -W 1 -I t1 224.0.0.1 || true
		lab_run left ping -n -q -b -c 2 -i 0.3 -W 1 -I t1 10.0.0.7 || true
		lab_run left ping -n -q -b -c 2 -i 0.3 -W 1 -I t1 255.255.255.255 || true
	}
	seen=$(captured right t1 icmp send)
	for to in 224.0.0.5 224.0.0.1 10.0.0.7 255.255.255.255; do
		grep -q "10.0.0.1 > $to: ICMP echo request" <<<"$seen" || { echo "nothing went to $to"; return 1; }
	done
	lab_run left ping -n -q -c 3 -i 0.3 -W 5 -I t1 224.0.0.1 # and the other end answers
}

# An address of somebody else's that a link cannot have beside ours stays, and is told.
test_inside_addresses_of_others_stay() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 IPV6INIT=yes | put left ifcfg-t1
	daemon left
	ip -n lab-left address add 2001:db8:5::1/128 dev t1 nodad
	ip -n lab-left address add 10.7.0.1 peer 10.7.0.2/24 dev t1
	gre t1 192.0.2.1 192.0.2.2 IPV6ADDR=2001:db8:5::1/64 MY_INNER_IPADDR=10.7.0.1/24 | put left ifcfg-t1
	eventually grep -q 't1: conflict: there is an address .* in the way, which tunneld did not make' "$work/left.log"
	sleep 2
	addresses_are left t1 '10.7.0.1 peer 10.7.0.2/24
2001:db8:5::1/128'
}

# An address gives way only when the new one is there: what others have on the link outlives the change.
test_inside_address_change_keeps_the_routes_of_others() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	daemon left
	ip -n lab-left route add 203.0.113.0/24 dev t1 proto zebra
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/24 | put left ifcfg-t1
	eventually addresses_are left t1 10.0.0.1/24
	[[ -n $(ip -n lab-left route show 203.0.113.0/24 dev t1) ]]
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.9.0.1/24 | put left ifcfg-t1
	eventually addresses_are left t1 10.9.0.1/24
	[[ -n $(ip -n lab-left route show 203.0.113.0/24 dev t1) ]]
}
