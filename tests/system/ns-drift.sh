# Drift: what somebody else does to tunnels is put right at once, told or left; of two who fight tunneld gives in.
# shellcheck shell=bash disable=SC2154

on_left() {
	lab_run left "$@"
}

log_lines() { # pattern: how many lines of the daemon's log
	{ grep -ce "$1" "$work/left.log" || true; }
}

logged_at_least() { # at least, pattern
	[[ $(log_lines "$2") -ge $1 ]]
}

# The daemon has looked at all that was told: nothing is to be done, and nothing changes.
settled() {
	plan_is_empty left && ctl left list --json | jq -e 'all(.tunnels[]; .state != "changing")'
}

# A tunnel with all that can be on one: t1, a multipoint t2, IPv6 on t3.
tunnels_with_all() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 KEY=7 TTL=64 MTU=1400 MY_INNER_IPADDR=10.1.0.1/30 PEER_INNER_IPADDR=10.1.0.2/30 MULTICAST=yes | put left ifcfg-t1
	printf '%s\n' '10.9.0.0/16 dev t1' '10.10.0.0/16 dev t1 table 100' | put left route-t1
	echo 'from 10.9.0.0/16 table 100' | put left rule-t1
	printf '%s\n' DEVICE=t2 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 KEY=8 MY_INNER_IPADDR=10.2.0.1/24 \
		NEIGHBOR1_INNER_IPADDR=10.2.0.2 NEIGHBOR1_OUTER_IPADDR=192.0.2.102 | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 KEY=9 MY_INNER_IPADDR=10.3.0.1/30 IPV6INIT=yes IPV6ADDR=2001:db8:3::1/64 | put left ifcfg-t3
	echo '2001:db8:33::/48 dev t3' | put left route6-t3
	daemon left
	eventually ctl left status
	eventually settled
}

how() { # tunnel: its state, and the reason for it
	{ ctl left status "$1" --json || true; } | jq -r '.tunnels[0] | "\(.state) \(.reason)"'
}

is_how() { # tunnel, state and reason
	same "state of $1" "$(how "$1")" "$2"
}

state() { # all of ours, without numbers that change with a link
	local ours='select(.protocol == "47" or .protocol == "tunneld")'
	{
		on_left ip -d -j link show
		on_left ip -j address show
		on_left ip -j route show table all
		on_left ip -6 -j route show table all
		on_left ip -j rule show
		on_left ip -j neigh show dev t2 nud permanent
	} | jq -S -s '(.[0] | map(select(.group == "2784") | del(.ifindex, .stats64, .link_netnsid)) | sort_by(.ifname)),
		(.[1] | map(select(.group == "2784") | {ifname, addr_info: (.addr_info | map(select(.scope != "link")))}) | sort_by(.ifname)),
		(.[2], .[3] | map('"$ours"') | sort_by(.dst)), .[4], (.[5] | map({dst, lladdr}))'
	on_left sysctl net.ipv6.conf.t1.disable_ipv6 net.ipv6.conf.t3.disable_ipv6
}

is_as_it_was() {
	diff -u "$work/before" <(state)
}

# Disturbs it: that it was put right is one line of the log, and it is as it was then.
put_right() { # what is in the log, command
	local began lines
	lines=$(log_lines "$1")
	began=$(date +%s%N)
	on_left "${@:2}"
	until [[ $(log_lines "$1") -gt $lines ]]; do
		[[ $(($(date +%s%N) - began)) -lt 60000000000 ]] || { echo "not in the log after ${*:2}: $1"; tail "$work/left.log"; return 1; }
		sleep 0.02
	done
	echo "note: put right $((($(date +%s%N) - began) / 1000000)) ms after: ${*:2}"
	eventually is_as_it_was || { is_as_it_was; return 1; }
}

test_drift_is_put_right() {
	local ifindex lines
	tunnels_with_all
	state >"$work/before"
	ifindex=$(ifindex left t1)
	put_right 't1: ttl 9 -> 64' ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 key 7 ttl 9
	put_right 't1: local 192.0.2.11 -> 192.0.2.1' ip link change t1 type gre local 192.0.2.11 remote 192.0.2.101 key 7 ttl 64
	put_right 't1: .*remote 192.0.2.111 -> 192.0.2.101' ip link change t1 type gre local 192.0.2.1 remote 192.0.2.111 key 77 ttl 64
	put_right 't1: mtu 1300 -> 1400' ip link set t1 mtu 1300
	put_right 't1: .*link down -> up' ip link set t1 down
	put_right 't1: .*multicast' ip link set t1 multicast off
	put_right 't1: address 10.1.0.1/30' ip address del 10.1.0.1 peer 10.1.0.2/30 dev t1
	put_right 't1: address' ip address flush dev t1
	put_right 't1: route 10.9.0.0/16' ip route del 10.9.0.0/16
	put_right 't1: route 10.10.0.0/16' ip route flush table 100
	put_right 't1: route 10.9.0.0/16' ip route replace 10.9.0.0/16 dev t1 proto 47 mtu 1000
	put_right 'rule.* from 10.9.0.0/16' ip rule del from 10.9.0.0/16 table 100
	put_right 't2: neighbour 10.2.0.2' ip neigh del 10.2.0.2 dev t2
	put_right 't2: neighbour 10.2.0.2' ip neigh replace 10.2.0.2 lladdr 192.0.2.99 nud permanent dev t2
	put_right 't2: .*link down -> up' ip link set t2 down
	put_right 't3: .*2001:db8:3::1/64' ip -6 address flush dev t3 scope global
	put_right 't3: route 2001:db8:33::/48' ip -6 route del 2001:db8:33::/48
	put_right 't3: .*link down -> up' ip link set t3 down
	put_right 't3: ipv6 off -> on' sysctl -qw net.ipv6.conf.t3.disable_ipv6=1
	put_right 't1: ipv6 on -> off' sysctl -qw net.ipv6.conf.t1.disable_ipv6=0
	same "ifindex of t1" "$(ifindex left t1)" "$ifindex"
	put_right 't1: created' ip link del t1
	put_right 't2: created' ip link del t2
	put_right 't3: created' ip link del t3
	# what is not ours stays as somebody made it
	on_left ip address add 10.77.0.1/32 dev t1
	on_left ip route add 10.78.0.0/16 dev t1
	lines=$(wc -l <"$work/left.log")
	on_left ip link set t3 mtu 1200
	eventually settled
	on_left ip address show dev t1 | grep 10.77.0.1
	on_left ip route show | grep 10.78.0.0
	[[ $(wc -l <"$work/left.log") -gt $lines ]]
}

# What takes the place of a route is not ours: it is left, and told; once it goes the route is put back.
test_drift_of_a_route_that_is_replaced() {
	tunnels_with_all
	state >"$work/before"
	on_left ip route replace 10.9.0.0/16 dev t3
	eventually grep -q 't1: conflict: there is a route 10.9.0.0/16 dev t3 in the way' "$work/left.log"
	put_right 't1: route 10.9.0.0/16' ip route del 10.9.0.0/16 dev t3
	ctl left status
}

test_drift_of_the_name_is_put_right() {
	tunnels_with_all
	state >"$work/before"
	put_right 't1: renamed from elsewhere' bash -c 'printf "link set t1 down\nlink set t1 name elsewhere\n" | ip -batch -'
	has_no_link left elsewhere
}

# ip_gre is removed with all its links, and comes back with the next one that is made.
test_drift_module_reloaded() {
	tunnels_with_all
	state >"$work/before"
	put_right 't1: created' rmmod ip_gre
}

test_drift_many_at_once() {
	local i began
	two_hosts
	for i in $(seq 100); do
		gre "t$i" 192.0.2.1 "192.0.2.$((100 + i))" "MY_INNER_IPADDR=10.5.$i.1/30" | put left "ifcfg-t$i"
	done
	daemon left
	eventually has_link left t100
	eventually settled
	began=$(date +%s%N)
	for i in $(seq 100); do echo "link del t$i"; done | on_left ip -batch -
	eventually has_link left t100
	eventually settled
	echo "note: 100 deleted tunnels were there again after $((($(date +%s%N) - began) / 1000000)) ms"
	same "links of ours" "$(on_left ip -j link show | jq 'map(select(.group == "2784")) | length')" 100
}

test_drift_of_the_parent_device() {
	two_hosts
	on_left ip link add parent type dummy
	on_left ip address add 203.0.113.1/24 dev parent
	on_left ip link set parent up
	on_left ip link add quiet type dummy
	gre t1 203.0.113.1 203.0.113.2 TUNNEL_DEVICE=parent MY_INNER_IPADDR=10.1.0.1/30 | put left ifcfg-t1
	gre t2 192.0.2.1 203.0.113.3 TUNNEL_DEVICE=quiet | put left ifcfg-t2
	daemon left
	eventually link_is left t1 .link parent
	eventually link_is left t2 .link quiet
	on_left ip link set quiet name other # of which nothing was heard before
	eventually logged_at_least 1 't2: waiting: for the device quiet'
	on_left ip link set other name quiet
	local ifindex
	ifindex=$(ifindex left t1)
	on_left ip link del parent
	eventually logged_at_least 1 't1: waiting: for the device parent'
	has_link left t1
	on_left ip link add parent type dummy
	eventually link_is left t1 .link parent
	eventually is_how t1 'up null'
	on_left ip link set parent name other # another name is another device
	eventually is_how t1 'waiting device'
	on_left ip link set other name parent
	eventually is_how t1 'up null'
	same "ifindex of t1" "$(ifindex left t1)" "$ifindex"
}

test_drift_of_the_way() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.1.0.1/30 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 MTU=1300 | put left ifcfg-t2
	daemon left
	eventually link_is left t1 .mtu 1476
	on_left ip link set eth0 mtu 1400
	eventually link_is left t1 .mtu 1376
	on_left ip link set eth0 mtu 1500
	eventually link_is left t1 .mtu 1476
	# another device leads to the peer now
	on_left ip link add narrow type dummy
	on_left ip link set narrow mtu 1300 up
	on_left ip route add 192.0.2.101/32 dev narrow
	eventually link_is left t1 .mtu 1276
	on_left ip route del 192.0.2.101/32 dev narrow
	eventually link_is left t1 .mtu 1476
	link_is left t2 .mtu 1300
	eventually settled
}

# What leads to a peer changes with networks and with links that go down, too; of some of that the kernel says nothing.
test_drift_of_the_way_without_a_word() {
	two_hosts
	gre t1 192.0.2.1 198.51.100.7 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 MTU=1300 MY_INNER_IPADDR=10.2.0.1/24 | put left ifcfg-t2
	gre t3 10.2.0.1 10.2.0.2 | put left ifcfg-t3
	on_left ip route add 198.51.100.0/24 via 192.0.2.2 metric 7
	on_left ip link add narrow type dummy
	on_left ip link set narrow mtu 1300 up
	daemon left
	eventually link_is left t3 .mtu 1276
	eventually link_is left t1 .mtu 1476
	on_left ip address add 198.51.100.1/24 dev narrow
	eventually link_is left t1 .mtu 1276
	on_left ip link set narrow down
	eventually link_is left t1 .mtu 1476
	on_left ip link set narrow up
	eventually link_is left t1 .mtu 1276
	on_left ip address del 198.51.100.1/24 dev narrow
	eventually link_is left t1 .mtu 1476
	on_left ip address add 198.51.100.1/24 dev narrow
	eventually link_is left t1 .mtu 1276
	on_left ip link del narrow
	eventually link_is left t1 .mtu 1476
	# t3 goes over t2
	gre t2 192.0.2.1 192.0.2.102 MTU=1200 MY_INNER_IPADDR=10.2.0.1/24 | put left ifcfg-t2
	eventually link_is left t3 .mtu 1176
	eventually settled
}

# With an address the kernel drops the routes that send from it, over whichever link they lead; older ones without a word.
test_drift_of_an_address_that_a_route_sends_from() {
	two_hosts
	on_left ip link add lan type dummy
	on_left ip address add 10.50.0.1/24 dev lan
	on_left ip link set lan up
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.1.0.1/30 | put left ifcfg-t1
	echo '10.9.0.0/16 dev t1 src 10.50.0.1' | put left route-t1
	daemon left
	eventually settled
	eventually sends_from_lan
	printf '%s\n' 'address del 10.50.0.1/24 dev lan' 'address add 10.50.0.1/24 dev lan' | on_left ip -batch -
	eventually sends_from_lan
	eventually is_how t1 'up null'
}

sends_from_lan() {
	[[ $(on_left ip route show 10.9.0.0/16) == *'src 10.50.0.1'* ]]
}

test_drift_is_reported_or_ignored() {
	two_hosts
	echo 'drift = report' >"$work/left/etc/tunneld/tunneld.conf"
	gre t1 192.0.2.1 192.0.2.101 TTL=64 MY_INNER_IPADDR=10.1.0.1/30 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 TTL=64 DRIFT=ignore | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 TTL=64 DRIFT=repair | put left ifcfg-t3
	gre t4 192.0.2.1 192.0.2.104 DRIFT=never | put left ifcfg-t4
	daemon left
	eventually has_link left t3
	grep 'ifcfg-t4:.*DRIFT=never: not one of repair, report, ignore' "$work/left.log"
	rm "$work/left/$scripts/ifcfg-t4"
	on_left ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 ttl 9
	on_left ip link change t2 type gre local 192.0.2.1 remote 192.0.2.102 ttl 9
	on_left ip link change t3 type gre local 192.0.2.1 remote 192.0.2.103 ttl 9
	eventually link_is left t3 .linkinfo.info_data.ttl 64
	eventually grep -q 't1: conflict: it drifted, which is only reported; it needs: ttl 9 -> 64' "$work/left.log"
	link_is left t1 .linkinfo.info_data.ttl 9
	link_is left t2 .linkinfo.info_data.ttl 9
	is_how t1 'conflict drift'
	is_how t2 'up null'
	on_left ip link del t2
	eventually is_how t2 'down drift'
	on_left ip address flush dev t1
	eventually grep -q 't1: conflict: .*address 10.1.0.1/30' "$work/left.log"
	sleep 2
	has_no_link left t2
	# once in order again by hand, all is well
	on_left ip address add 10.1.0.1/30 dev t1
	on_left ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 ttl 64
	eventually ctl left status t1
	# a change of its file is a word on all of it, and so is a reload
	on_left ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 ttl 9
	eventually is_how t1 'conflict drift'
	gre t1 192.0.2.1 192.0.2.101 TTL=65 MY_INNER_IPADDR=10.1.0.1/30 | put left ifcfg-t1
	eventually link_is left t1 .linkinfo.info_data.ttl 65
	on_left ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 ttl 9
	eventually is_how t1 'conflict drift'
	ctl left reload
	link_is left t1 .linkinfo.info_data.ttl 65
	has_link left t2
	eventually settled
}

# Sets the ttl again and again, as another manager would.
quarrel() {
	while sleep 0.3; do
		on_left ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 ttl 9
	done
}

test_drift_two_who_fight() {
	local other lines
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 TTL=64 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 TTL=64 | put left ifcfg-t2
	daemon left
	eventually has_link left t2
	quarrel &
	other=$!
	eventually grep -q 't1: conflict: what was put right is undone again and again' "$work/left.log"
	eventually link_is left t1 .linkinfo.info_data.ttl 9
	is_how t1 'conflict fight'
	lines=$(log_lines 't1: ttl 9 -> 64')
	echo "note: given up after $lines repairs"
	sleep 5
	link_is left t1 .linkinfo.info_data.ttl 9
	same "repairs since" "$(log_lines 't1: ttl 9 -> 64')" "$lines"
	# others go on as ever
	on_left ip link del t2
	eventually has_link left t2
	kill "$other"
	wait "$other" 2>/dev/null || true
	ctl left reload
	eventually link_is left t1 .linkinfo.info_data.ttl 64 # its last word may still have been on its way
	eventually settled
	# and begins anew
	on_left ip link change t1 type gre local 192.0.2.1 remote 192.0.2.101 ttl 9
	eventually link_is left t1 .linkinfo.info_data.ttl 64
}

# An MTU that no file says follows the way to the peer: that is no drift, but it can be fought over.
test_drift_two_who_fight_over_an_mtu() {
	local other
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 TTL=64 | put left ifcfg-t1
	daemon left
	eventually link_is left t1 .mtu 1476
	while sleep 0.2; do
		on_left ip link set t1 mtu 1300
	done &
	other=$!
	eventually grep -q 't1: conflict: what was put right is undone again and again' "$work/left.log"
	eventually link_is left t1 .mtu 1300
	is_how t1 'conflict fight'
	kill "$other"
	wait "$other" 2>/dev/null || true
	ctl left reload
	link_is left t1 .mtu 1476
}

# One that stays, and removes an address each time: the kernel tells who it was.
test_drift_the_other_is_named() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.1.0.1/30 | put left ifcfg-t1
	daemon left
	eventually addresses_are left t1 10.1.0.1/30
	mkfifo "$work/commands"
	lab_start left ip -force -batch "$work/commands" >/dev/null 2>&1
	echo $! >"$work/other.pid"
	exec 9>"$work/commands"
	for _ in $(seq 40); do
		echo 'address del 10.1.0.1/30 dev t1' >&9
		sleep 0.5
		! grep -q 'undone again and again' "$work/left.log" || break
	done
	exec 9>&-
	grep "t1: conflict: what was put right is undone again and again by ip (process $(cat "$work/other.pid"))" "$work/left.log"
}
