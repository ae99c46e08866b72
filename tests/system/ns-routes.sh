# Routes and rules: made, kept, changed and removed with the files; never twice, and never over somebody else's.
# shellcheck shell=bash disable=SC2154

routes() { # host, family, arguments of ip-route: ours, without what does not matter here
	ip -n "lab-$1" "-$2" route show proto 47 "${@:3}" | sed -E 's/ proto (47|tunneld)//; s/ +$//; s/ linkdown//; s/ pref medium//'
}

routes_are() { # host, family, table, lines
	same "routes of table $3" "$(routes "$1" "$2" table "$3")" "$4"
}

rules() { # host, family: ours, without preferences
	ip -n "lab-$1" "-$2" rule show | grep -E 'proto (47|tunneld)' | sed -E 's/^[0-9]+:\s*//; s/ proto (47|tunneld)//; s/ +$//'
}

rules_are() { # host, family, lines
	same "rules" "$(rules "$1" "$2")" "$3"
}

has_route() { # host, words
	[[ -n $(ip -n "lab-$1" route show "${@:2}") ]]
}

state_is() { # host, name, state
	same "state of $2" "$({ ctl "$1" list || true; } | awk -v name="$2" '$1 == name { print $3 }')" "$3"
}

# t1 on both hosts, 10.0.0.1 and .2 inside.
begin_routed() { # further lines of left's file
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 "$@" | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
}

test_routes_as_lines() {
	begin_routed
	put left route-t1 <<-END
	# over the tunnel
	10.10.0.0/16 via 10.0.0.2   # a remark
	10.11.0.0/16 metric 50
	198.51.100.9
	default via 10.0.0.2 table 77
	203.0.113.0/24 via 192.0.2.2 dev eth0
	blackhole 10.99.0.0/16
	END
	printf '2001:db8:9::/48\ndefault metric 2048\n' | put left route6-t1
	once left
	routes_are left 4 main "10.10.0.0/16 via 10.0.0.2 dev t1
10.11.0.0/16 dev t1 scope link metric 50
blackhole 10.99.0.0/16
198.51.100.9 dev t1 scope link
203.0.113.0/24 via 192.0.2.2 dev eth0"
	routes_are left 4 77 'default via 10.0.0.2 dev t1'
	routes_are left 6 main '2001:db8:9::/48 dev t1 metric 1024
default dev t1 metric 2048'
	plan_is_empty left
	once left
	plan_is_empty left
}

test_routes_as_keys() {
	begin_routed
	printf '%s\n' ADDRESS0=10.10.0.0 NETMASK0=255.255.0.0 GATEWAY0=10.0.0.2 ADDRESS1=10.11.0.0 NETMASK1=255.255.255.0 | put left route-t1
	once left
	routes_are left 4 main '10.10.0.0/16 via 10.0.0.2 dev t1
10.11.0.0/24 dev t1 scope link'
	plan_is_empty left
}

# Whatever the kernel gives back is what was asked for: nothing differs after it was made.
test_routes_every_word_is_a_fixpoint() {
	begin_routed
	put left route-t1 <<-END
	10.20.0.0/16 via 10.0.0.2 dev t1 src 10.0.0.1 metric 5 mtu 1300 advmss 1200 initcwnd 20 initrwnd 30 window 65535
	10.21.0.0/16 dev t1 mtu lock 1310 rtt 20ms rttvar 10ms rto_min 1s hoplimit 9 quickack 1 features ecn ssthresh 7 cwnd 8 reordering 5
	10.22.0.0/16 via 10.9.9.9 dev t1 onlink
	10.23.0.0/16 dev t1 tos 0x10
	10.24.0.0/16 dev t1 table 1234567
	10.25.0.0/16 dev t1 realms 3/4
	10.26.0.0/16 dev t1 congctl reno
	10.27.0.0/16 dev t1 scope 200
	10.28.0.0/16 nexthop via 10.0.0.2 weight 2 nexthop via 192.0.2.2 dev eth0 weight 3
	10.29.0.0/16 via inet6 2001:db8:1::2 dev eth0
	local 10.30.0.1 dev t1
	unreachable 10.31.0.0/16 metric 9
	prohibit 10.32.0.0/16
	throw 10.33.0.0/16 table 99
	END
	put left route6-t1 <<-END
	2001:db8:20::/48 metric 7 mtu 1300 hoplimit 3 pref high
	2001:db8:21::/48 from 2001:db8:5::/48 dev t1
	2001:db8:22::/48 via 2001:db8:1::2 dev eth0
	2001:db8:23::/48 nexthop via 2001:db8:1::2 dev eth0 weight 2 nexthop via 2001:db8:1::3 dev eth0 weight 1
	blackhole 2001:db8:24::/48
	unreachable 2001:db8:25::/48 table 99
	END
	once left
	same 'number of routes' "$(routes left 4 table all | grep -c -v nexthop)/$(routes left 6 table all | grep -c -v nexthop)" 14/6
	plan_is_empty left
}

test_routes_rules_every_word_is_a_fixpoint() {
	begin_routed
	put left rule-t1 <<-END
	from 10.62.143.0/24 table 143
	to 198.51.100.252 lookup 143 priority 900
	fwmark 0x8f table 143 pref 901
	not from 10.1.0.0/16 fwmark 0x10/0xff iif eth0 table 144
	oif t1 tos 0x10 table 145
	ipproto udp sport 1000-2000 dport 53 table 146
	uidrange 1000-1999 table 147
	from 10.2.0.0/16 table main suppress_prefixlength 0
	from 10.3.0.0/16 table main suppress_ifgroup 5
	from 10.4.0.0/16 blackhole
	from 10.5.0.0/16 unreachable pref 1000
	from 10.6.0.0/16 prohibit
	from 10.7.0.0/16 goto 32766
	from 10.8.0.0/16 realms 7 table 148
	END
	printf 'from 2001:db8:62::/64 lookup 143\nnot to 2001:db8::/32 table 150 pref 77\n' | put left rule6-t1
	before=$(ip -n lab-left rule show)
	once left
	same 'number of rules' "$(rules left 4 | wc -l)/$(rules left 6 | wc -l)" 14/2
	plan_is_empty left
	once left # they have no preference in the file, and are not made again
	same 'number of rules' "$(rules left 4 | wc -l)/$(rules left 6 | wc -l)" 14/2
	lab_run left tunneld --root="$work/left" --teardown
	same rules "$(ip -n lab-left rule show)" "$before"
}

test_routes_follow_their_file() {
	local foreign
	begin_routed
	two_foreign_things
	foreign=$(foreign_state left)
	printf '10.10.0.0/16 via 10.0.0.2\n10.11.0.0/16\n' | put left route-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	daemon left
	routes_are left 4 main '10.10.0.0/16 via 10.0.0.2 dev t1
10.11.0.0/16 dev t1 scope link'
	rules_are left 4 'from 10.10.0.0/16 lookup 7'
	printf '10.10.0.0/16 metric 9\n10.12.0.0/16\n' | put left route-t1
	eventually routes_are left 4 main '10.10.0.0/16 dev t1 scope link metric 9
10.12.0.0/16 dev t1 scope link'
	printf 'from 10.12.0.0/16 table 7\nfrom 10.13.0.0/16 table 7 pref 50\n' | put left rule-t1
	eventually rules_are left 4 'from 10.13.0.0/16 lookup 7
from 10.12.0.0/16 lookup 7'
	drop left rule-t1
	eventually rules_are left 4 ''
	drop left route-t1
	eventually routes_are left 4 main ''
	grep -q 't1: route 10.12.0.0/16 dev t1 added' "$work/left.log"
	grep -q 'rule from 10.13.0.0/16 table 7 pref 50 removed' "$work/left.log"
	same 'what is not ours' "$(foreign_state left)" "$foreign"
}

two_foreign_things() {
	ip -n lab-left rule add from 172.16.0.0/12 table 9 pref 1234
	ip -n lab-left route add 203.0.113.0/24 via 192.0.2.2
}

test_routes_go_with_the_file() {
	begin_routed
	printf '10.10.0.0/16 via 10.0.0.2\n203.0.113.0/24 via 192.0.2.2 dev eth0\nblackhole 10.66.0.0/16\n' | put left route-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	gre t2 192.0.2.11 192.0.2.12 | put left ifcfg-t2
	printf 'from 10.20.0.0/16 table 8\n' | put left rule-t2
	daemon left
	rules_are left 4 'from 10.20.0.0/16 lookup 8
from 10.10.0.0/16 lookup 7'
	drop left ifcfg-t1
	eventually has_no_link left t1
	eventually rules_are left 4 'from 10.20.0.0/16 lookup 8'
	eventually routes_are left 4 main ''
	plan_is_empty left
}

test_routes_same_rule_in_two_files_is_one() {
	begin_routed
	gre t2 192.0.2.11 192.0.2.12 | put left ifcfg-t2
	printf 'from 10.20.0.0/16 table 8\n' | put left rule-t1
	printf 'from 10.20.0.0/16 table 8\n' | put left rule-t2
	daemon left
	rules_are left 4 'from 10.20.0.0/16 lookup 8'
	drop left rule-t1
	sleep 1
	rules_are left 4 'from 10.20.0.0/16 lookup 8'
	drop left rule-t2
	eventually rules_are left 4 ''
}

test_routes_come_back_after_a_flap() {
	begin_routed
	printf '10.10.0.0/16 via 10.0.0.2\n' | put left route-t1
	printf '2001:db8:9::/48\n' | put left route6-t1
	daemon left
	printf '%s\n' 'link set dev t1 down' 'link set dev t1 up' | ip -n lab-left -batch -
	eventually routes_are left 4 main '10.10.0.0/16 via 10.0.0.2 dev t1'
	eventually routes_are left 6 main '2001:db8:9::/48 dev t1 metric 1024'
	plan_is_empty left
}

test_routes_elsewhere_come_back_after_a_flap() {
	begin_routed
	printf '203.0.113.0/24 via 192.0.2.2 dev eth0\n' | put left route-t1
	daemon left
	routes_are left 4 main '203.0.113.0/24 via 192.0.2.2 dev eth0'
	ip -n lab-left link set dev eth0 down
	eventually routes_are left 4 main ''
	ip -n lab-left link set dev eth0 up
	eventually routes_are left 4 main '203.0.113.0/24 via 192.0.2.2 dev eth0'
}

test_routes_wait_for_the_next_hop() {
	begin_routed
	printf '10.10.0.0/16 via 10.0.0.2\n203.0.113.0/24 via 198.18.0.1 dev eth0\n10.11.0.0/16 dev later0\n' | put left route-t1
	daemon left
	routes_are left 4 main '10.10.0.0/16 via 10.0.0.2 dev t1'
	state_is left t1 waiting
	grep -q 't1: waiting: .*203.0.113.0/24.*next hop' "$work/left.log"
	ip -n lab-left address add 198.18.0.9/24 dev eth0
	eventually routes_are left 4 main '10.10.0.0/16 via 10.0.0.2 dev t1
203.0.113.0/24 via 198.18.0.1 dev eth0'
	state_is left t1 waiting
	ip -n lab-left link add later0 type dummy
	ip -n lab-left link set dev later0 up
	eventually has_route left 10.11.0.0/16 dev later0
	eventually state_is left t1 up
	plan_is_empty left
}

test_routes_in_the_way_stay() {
	local before
	begin_routed
	ip -n lab-left route add 10.10.0.0/16 via 192.0.2.2
	ip -n lab-left rule add from 10.10.0.0/16 table 7 pref 300
	before=$(ip -n lab-left route show 10.10.0.0/16; ip -n lab-left rule show)
	printf '10.10.0.0/16 via 10.0.0.2\n10.11.0.0/16 via 10.0.0.2\n' | put left route-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	daemon left
	state_is left t1 conflict
	grep -q 't1: conflict: .*10.10.0.0/16 via 192.0.2.2.*which tunneld did not make' "$work/left.log"
	same 'what was there' "$(ip -n lab-left route show 10.10.0.0/16; ip -n lab-left rule show)" "$before"
	has_route left 10.11.0.0/16 dev t1
	ip -n lab-left route del 10.10.0.0/16
	eventually has_route left 10.10.0.0/16 dev t1
	eventually state_is left t1 up
	drop left ifcfg-t1
	eventually has_no_link left t1
	[[ -n $(ip -n lab-left rule show pref 300) ]]
}

# One that network-scripts made is as good as ours, and is left alone ever after.
test_routes_of_others_that_are_the_same_count() {
	begin_routed
	once left
	ip -n lab-left route add 10.10.0.0/16 via 10.0.0.2 dev t1
	printf '10.10.0.0/16 via 10.0.0.2\n10.0.0.0/30 dev t1\n' | put left route-t1
	plan_is_empty left
	once left
	drop left route-t1
	once left
	has_route left 10.10.0.0/16 dev t1
}

test_routes_change_loses_nothing() {
	begin_routed
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	printf '10.50.0.1\n' | put left route-t1
	lab_run right ip address add 10.50.0.1/32 dev lo
	daemon left
	daemon right
	eventually pings left 10.50.0.1
	start_pinging left 10.50.0.1
	printf '10.50.0.1 via 10.0.0.2 mtu 1300\n' | put left route-t1
	eventually has_route left 10.50.0.1 via 10.0.0.2
	printf '10.50.0.0/24\n10.50.0.1 metric 5\n' | put left route-t1
	eventually has_route left 10.50.0.1 metric 5
	pinging_lost 0
	plan_is_empty left
}

test_routes_a_bad_line_costs_that_line() {
	begin_routed
	printf '10.10.0.0/16 via 10.0.0.2\n10.11.0.0/16\n' | put left route-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	daemon left
	printf '10.10.0.0/16 via 10.0.0.2\n10.11.0.0/16 nonsense\n10.12.0.0/16\n' | put left route-t1
	eventually has_route left 10.12.0.0/16 dev t1
	has_route left 10.11.0.0/16 dev t1 # what ran keeps running
	rules_are left 4 'from 10.10.0.0/16 lookup 7'
	grep -q 'route-t1:2:14: error: nonsense is no argument of a route' "$work/left.log"
	state_is left t1 up
	not ctl left reload >"$work/reload" 2>&1
	grep -q '1 tunnel with errors in the files beside' "$work/reload"
	printf '10.10.0.0/16 via 10.0.0.2\n10.12.0.0/16\n' | put left route-t1
	eventually not has_route left 10.11.0.0/16 dev t1
	printf 'GARBAGE=$(reboot)\nTYPE=GRE\nDEVICE=t1\n' | put left ifcfg-t1
	sleep 1
	rules_are left 4 'from 10.10.0.0/16 lookup 7'
	has_route left 10.12.0.0/16 dev t1
	drop left rule-t1 # while nobody knows what its file wants
	sleep 1
	rules_are left 4 'from 10.10.0.0/16 lookup 7'
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	eventually rules_are left 4 ''
	has_route left 10.12.0.0/16 dev t1
}

# A directory that is no longer looked at says nothing: its links stay, and whatever is theirs.
test_routes_of_a_directory_that_is_left_out_stay() {
	begin_routed
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	daemon left
	echo 'paths = /etc/tunneld' >"$work/left/etc/tunneld/tunneld.conf"
	sleep 1
	ctl left reload || true
	has_link left t1
	rules_are left 4 'from 10.10.0.0/16 lookup 7'
	rm "$work/left/etc/tunneld/tunneld.conf" "$work/left/$scripts"/rule-t1
	eventually rules_are left 4 ''
}

test_routes_survive_a_restart() {
	begin_routed
	printf '10.10.0.0/16 via 10.0.0.2\n203.0.113.0/24 via 192.0.2.2 dev eth0\n' | put left route-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	daemon left
	before=$(ip -n lab-left route show table all; ip -n lab-left rule show)
	kill -KILL "$(daemon_pid left)"
	ip -n lab-left -o monitor route rule >"$work/monitor" 2>&1 &
	daemon left
	sleep 0.5
	kill $! || true
	same 'routes and rules' "$(ip -n lab-left route show table all; ip -n lab-left rule show)" "$before"
	same 'what happened' "$(cat "$work/monitor")" ''
}

test_routes_by_names_of_tables() {
	begin_routed
	mkdir -p "$work/left/etc/iproute2"
	printf '501 cloud\n' >"$work/left/etc/iproute2/rt_tables"
	printf 'default table cloud\n10.9.0.0/16 table later\n' | put left route-t1
	printf 'from 10.10.0.0/16 lookup cloud\n' | put left rule-t1
	daemon left
	routes_are left 4 501 'default dev t1 scope link'
	rules_are left 4 'from 10.10.0.0/16 lookup 501'
	mkdir -p "$work/left/etc/iproute2/rt_tables.d"
	printf '502 later\n' >"$work/left/etc/iproute2/rt_tables.d/x.conf"
	eventually routes_are left 4 502 '10.9.0.0/16 dev t1 scope link'
}

# What comes is ours: another tunnel, whose network has the next hop.
test_routes_wait_for_another_tunnel() {
	begin_routed
	printf '10.60.0.0/16 via 10.9.0.2 dev t2\n' | put left route-t1
	daemon left
	state_is left t1 waiting
	gre t2 192.0.2.11 192.0.2.12 MY_INNER_IPADDR=10.9.0.1/30 | put left ifcfg-t2
	eventually has_route left 10.60.0.0/16 dev t2
	eventually state_is left t1 up
	plan_is_empty left
	drop left ifcfg-t2
	eventually has_no_link left t2
	gre t2 192.0.2.11 192.0.2.12 MY_INNER_IPADDR=10.9.0.1/30 | put left ifcfg-t2
	eventually has_route left 10.60.0.0/16 dev t2
}

# A route that the file of another tunnel says is on this one all the same.
test_routes_of_another_file_on_this_tunnel() {
	begin_routed
	gre t2 192.0.2.11 192.0.2.12 | put left ifcfg-t2
	printf '10.60.0.0/16 dev t1\n' | put left route-t2
	daemon left
	has_route left 10.60.0.0/16 dev t1
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 TTL=77 | put left ifcfg-t1
	eventually link_is left t1 .linkinfo.info_data.ttl 77
	has_route left 10.60.0.0/16 dev t1
	plan_is_empty left
	ip -n lab-left link set dev t1 down
	ip -n lab-left link set dev t1 up
	eventually has_route left 10.60.0.0/16 dev t1
	drop left route-t2
	eventually not has_route left 10.60.0.0/16 dev t1
	plan_is_empty left
}

# The file that comes first has it, and nothing goes to and fro.
test_routes_two_files_do_not_fight() {
	begin_routed
	gre t2 192.0.2.11 192.0.2.12 | put left ifcfg-t2
	printf '10.50.0.0/16\nblackhole 10.66.0.0/16\n' | put left route-t1
	printf '10.50.0.0/16\nunreachable 10.66.0.0/16\n' | put left route-t2
	daemon left
	state_is left t1 up
	state_is left t2 conflict
	lab_start left ip -o monitor route >"$work/monitor" 2>&1
	sleep 5
	same 'what happened' "$(cat "$work/monitor")" ''
	has_route left 10.50.0.0/16 dev t1
	grep -q blackhole <(ip -n lab-left route show 10.66.0.0/16)
	drop left route-t1
	eventually has_route left 10.50.0.0/16 dev t2
	eventually state_is left t2 up
	plan_is_empty left
}

# What is on a tunnel that cannot have what its file says now stays as it is.
test_routes_of_a_tunnel_in_conflict_stay() {
	begin_routed
	printf '10.50.0.0/16\n' | put left route-t1
	daemon left
	ip -n lab-left tunnel add other mode gre local 192.0.2.11 remote 192.0.2.12
	gre t1 192.0.2.11 192.0.2.12 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	eventually state_is left t1 conflict
	has_route left 10.50.0.0/16 dev t1
	addresses_are left t1 10.0.0.1/30
}

test_routes_elsewhere_come_back_with_the_address() {
	begin_routed
	printf '203.0.113.0/24 via 192.0.2.2 dev eth0\n' | put left route-t1
	daemon left
	ip -n lab-left -4 address flush dev eth0
	eventually routes_are left 4 main ''
	lab_address left eth0 192.0.2.1/24
	eventually routes_are left 4 main '203.0.113.0/24 via 192.0.2.2 dev eth0'
}

test_routes_a_rule_with_and_without_a_preference() {
	begin_routed
	gre t2 192.0.2.11 192.0.2.12 | put left ifcfg-t2
	printf 'from 10.20.0.0/16 table 8\n' | put left rule-t1
	printf 'from 10.20.0.0/16 table 8 pref 100\n' | put left rule-t2
	once left
	plan_is_empty left
	once left
	same rules "$(rules left 4 | wc -l)" 2
	[[ -n $(ip -n lab-left rule show pref 100) ]]
}

test_routes_that_somebody_removes_come_back() {
	begin_routed IPV6INIT=yes IPV6ADDR=2001:db8:5::1/64
	printf '10.10.0.0/16 via 10.0.0.2\nunreachable 10.11.0.0/16\n203.0.113.0/24 via 192.0.2.2 dev eth0
10.12.0.0/16 table 9 nexthop via 10.0.0.2 dev t1 nexthop via 192.0.2.2 dev eth0\n' | put left route-t1
	printf '2001:db8:9::/48 dev t1\nunreachable 2001:db8:a::/48\n' | put left route6-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	printf 'from 2001:db8:9::/48 table 7\n' | put left rule6-t1
	daemon left
	all_there() {
		routes_are left 4 main '10.10.0.0/16 via 10.0.0.2 dev t1
unreachable 10.11.0.0/16
203.0.113.0/24 via 192.0.2.2 dev eth0' && same 'routes of IPv6' "$(routes left 6 table main | sort)" '2001:db8:9::/48 dev t1 metric 1024
unreachable 2001:db8:a::/48 dev lo metric 1024' && rules_are left 4 'from 10.10.0.0/16 lookup 7' && rules_are left 6 'from 2001:db8:9::/48 lookup 7' &&
			same 'hops in table 9' "$(ip -n lab-left route show table 9 | grep -c nexthop)" 2
	}
	all_there
	local words
	for words in 'route del 10.10.0.0/16' 'route del unreachable 10.11.0.0/16' 'route del 203.0.113.0/24' 'route flush table 9' '-6 route del 2001:db8:9::/48' \
		'-6 route del unreachable 2001:db8:a::/48' 'rule del from 10.10.0.0/16' '-6 rule del from 2001:db8:9::/48'; do
		# shellcheck disable=SC2086
		ip -n lab-left $words
		eventually all_there
	done
	ip -n lab-left route flush table all proto 47
	ip -n lab-left -6 route flush proto 47
	ip -n lab-left rule flush proto 47
	eventually all_there
	plan_is_empty left
}

wakes() { # host: how often the daemon has slept
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/$(daemon_pid "$1")/status"
}

# Nor what a routing daemon does, nor what we remove ourselves, has us look again and again.
test_routes_of_others_do_not_wake_us() {
	local before i
	begin_routed
	printf '10.10.0.0/16 via 10.0.0.2\n' | put left route-t1
	printf 'from 10.10.0.0/16 table 7\n' | put left rule-t1
	daemon left
	for ((i = 0; i < 1000; i++)); do echo "route add 198.18.$((i / 250)).$((i % 250))/32 dev eth0 proto bgp"; done >"$work/add"
	sed 's/add/del/' "$work/add" >"$work/del"
	sleep 1
	before=$(wakes left)
	ip -n lab-left -batch "$work/add"
	ip -n lab-left -batch "$work/del"
	ip -n lab-left rule add from 10.99.0.0/16 table 9 protocol bgp
	sleep 1
	echo "note: woken $(($(wakes left) - before)) times by 2000 changes of routes"
	[[ $(($(wakes left) - before)) -lt 20 ]] || { echo "woken $(($(wakes left) - before)) times"; return 1; }

	drop left rule-t1
	drop left route-t1
	eventually rules_are left 4 ''
	eventually routes_are left 4 main ''
	sleep 1
	before=$(wakes left)
	sleep 3
	[[ $(($(wakes left) - before)) -lt 5 ]] || { echo "woken $(($(wakes left) - before)) times by nothing"; return 1; }
	[[ -n $(ip -n lab-left rule show from 10.99.0.0/16) ]]
}

# Somebody who removes what we put back as soon as it is there soon gets the better of us, until the file says something else.
test_routes_that_somebody_removes_always() {
	local added
	begin_routed
	printf 'from 10.10.0.0/16 table 7 priority 77\n' | put left rule-t1
	daemon left
	(
		trap - ERR
		set +e
		while true; do ip -n lab-left rule del pref 77 2>/dev/null; sleep 0.02; done
	) &
	echo $! >"$work/robber.pid"
	eventually stands t1 conflict 'undone again and again'
	kill "$(cat "$work/robber.pid")"
	added=$(grep -c 't1: rule from 10.10.0.0/16 table 7 pref 77 added' "$work/left.log")
	echo "note: put back $added times"
	[[ $added -ge 10 && $added -le 12 ]] || { echo "put back $added times"; return 1; }
	printf 'from 10.10.0.0/16 table 8 priority 77\n' | put left rule-t1
	eventually rules_are left 4 'from 10.10.0.0/16 lookup 8'
	eventually stands t1 up
}
