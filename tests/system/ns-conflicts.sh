# What cannot be as the files say, and is found before anything breaks: loops, overlaps, duplicates; names and places that
# change without a loss; tunnels of others that are taken over.
# shellcheck shell=bash disable=SC2154

state_is_by_plan() { # name, state, pattern: what the plan says of it, and that there is nothing else to be done
	plan left >"$work/plan" 2>&1
	grep -E "^# $1: $2: $3" "$work/plan" || { cat "$work/plan"; return 1; }
	plan_is_empty left
}

is_up_by_plan() { # name
	plan left >"$work/plan" 2>&1
	not grep "^# $1: " "$work/plan"
	plan_is_empty left
}

reason_is() { # name, state, reason
	same "$1" "$({ ctl left status --json || true; } | jq -r ".tunnels[] | select(.name == \"$1\") | \"\(.state) \(.reason)\"")" "$2 $3"
}

tells() { # name, words
	{ ctl left status --json || true; } | jq -r ".tunnels[] | select(.name == \"$1\") | .message" | grep -F "$2"
}

look() {
	{ once left || true; } >>"$work/left.log" 2>&1
}

# ---- loops ----

# The peer 10.1.2.3 is behind right; t1 with the route 10.0.0.0/8.
begin_far_peer() {
	two_hosts
	ip -n lab-right link add dummy1 type dummy
	ip -n lab-right link set dummy1 up
	ip -n lab-right address add 10.1.2.3/32 dev dummy1
	gre t1 192.0.2.1 10.1.2.3 MY_INNER_IPADDR=172.16.0.1/30 | put left ifcfg-t1
	echo 10.0.0.0/8 | put left route-t1
	gre t1 10.1.2.3 192.0.2.1 MY_INNER_IPADDR=172.16.0.2/30 | put right ifcfg-t1
	once right
}

test_loop_is_refused() {
	local lines
	begin_far_peer
	ip -n lab-left route add default via 192.0.2.2
	daemon left
	eventually reason_is t1 conflict loop
	eventually pings left 172.16.0.2
	not has_route left 10.0.0.0/8 dev t1
	not ctl left status >"$work/status"
	tr -s ' \n' ' ' <"$work/status" | grep -F "the route 10.0.0.0/8 dev t1 (/$scripts/route-t1:1) would lead the way to the peer 10.1.2.3 into the tunnel itself"
	lines=$(wc -l <"$work/left.log")
	not ctl left reload
	same 'lines of the log' "$(wc -l <"$work/left.log")" "$lines"
	plan_is_empty left
	# the way that was missing
	ip -n lab-left route add 10.1.2.3/32 via 192.0.2.2
	eventually has_route left 10.0.0.0/8 dev t1
	eventually ctl left status t1
	pings left 172.16.0.2
	# and is missing again
	ip -n lab-left route delete 10.1.2.3/32 via 192.0.2.2
	eventually reason_is t1 conflict loop
	not has_route left 10.0.0.0/8 dev t1
	pings left 172.16.0.2
	plan_is_empty left
	# that of somebody else is told, and left
	ip -n lab-left route add 10.1.2.3/32 dev t1
	eventually tells t1 'the way to the peer 10.1.2.3 leads into the tunnel itself'
	has_route left 10.1.2.3 dev t1
	plan_is_empty left
}

test_loop_default_route() {
	begin_far_peer
	printf '%s\n' 'default metric 50' | put left route-t1
	# no way at all yet
	look
	state_is_by_plan t1 waiting 'for another way to the peer 10.1.2.3'
	has_link left t1
	ip -n lab-left route add blackhole default metric 4000
	look
	state_is_by_plan t1 waiting 'for another way'
	ip -n lab-left route add default via 192.0.2.2 metric 100
	look
	state_is_by_plan t1 conflict 'the route .* would lead the way to the peer 10.1.2.3'
	# the ordinary full tunnel
	ip -n lab-left route add 10.1.2.3/32 via 192.0.2.2
	look
	is_up_by_plan t1
	has_route left default dev t1
	eventually pings left 172.16.0.2
	# two halves
	printf '%s\n' 0.0.0.0/1 128.0.0.0/1 | put left route-t1
	look
	is_up_by_plan t1
	has_route left 0.0.0.0/1 dev t1
	ip -n lab-left route delete 10.1.2.3/32
	look
	state_is_by_plan t1 conflict 'the route 0.0.0.0/1'
	not has_route left 0.0.0.0/1 dev t1
	has_route left 128.0.0.0/1 dev t1
	# a worse one than that of the underlay does no harm
	printf '%s\n' 'default metric 200' | put left route-t1
	look
	is_up_by_plan t1
	has_route left default dev t1
	eventually pings left 172.16.0.2
}

# Several at once, one within the other, that became a loop together.
test_loop_of_many_routes() {
	begin_far_peer
	ip -n lab-left route add 10.1.2.3/32 via 192.0.2.2
	printf '%s\n' 10.0.0.0/8 10.0.0.0/9 10.0.0.0/10 10.0.0.0/12 10.1.0.0/16 10.1.2.0/24 default | put left route-t1
	look
	is_up_by_plan t1
	ip -n lab-left route delete 10.1.2.3/32
	look
	state_is_by_plan t1 waiting 'for another way'
	same routes "$(ip -n lab-left -4 route show dev t1)" '172.16.0.0/30 proto kernel scope link src 172.16.0.1 '
	ip -n lab-left route add 10.1.0.0/16 via 192.0.2.2
	look
	state_is_by_plan t1 conflict .
	has_route left 10.0.0.0/12 dev t1
	has_route left default dev t1
	not has_route left 10.1.2.0/24 dev t1
	not has_route left 10.1.0.0/16 dev t1
	eventually pings left 172.16.0.2
}

test_loop_of_a_network_inside() {
	begin_far_peer
	rm "$work/left/$scripts/route-t1"
	ip -n lab-left route add default via 192.0.2.2
	gre t1 192.0.2.1 10.1.2.3 MY_INNER_IPADDR=10.1.0.1/16 | put left ifcfg-t1
	look
	state_is_by_plan t1 conflict 'the network of its address 10.1.0.1/16 would lead the way to the peer 10.1.2.3'
	addresses_are left t1 ''
	ip -n lab-left route add 10.1.2.3/32 via 192.0.2.2
	look
	is_up_by_plan t1
	addresses_are left t1 10.1.0.1/16
	ip -n lab-left route delete 10.1.2.3/32
	look
	state_is_by_plan t1 conflict 'the network of its address'
	addresses_are left t1 ''
	# somebody else's stays, and is told
	ip -n lab-left address add 10.1.0.1/16 dev t1
	look
	state_is_by_plan t1 conflict 'the way to the peer 10.1.2.3 leads into the tunnel itself'
	addresses_are left t1 10.1.0.1/16
}

# Ways that are none of the main table's: rules, tables, VRFs, devices.
test_loop_elsewhere_is_none() {
	begin_far_peer
	ip -n lab-left route add default via 192.0.2.2 table 100
	ip -n lab-left rule add from 192.0.2.1 lookup 100
	look
	is_up_by_plan t1
	has_route left 10.0.0.0/8 dev t1
	eventually pings left 172.16.0.2
	ip -n lab-left rule delete from 192.0.2.1 lookup 100
	look
	state_is_by_plan t1 waiting 'for another way'
	ip -n lab-left rule add pref 33000 lookup 100 # asked only where the main table has nothing
	look
	state_is_by_plan t1 conflict 'the route 10.0.0.0/8'
	echo 10.0.0.0/8 table 7 | put left route-t1
	ip -n lab-left route add default via 192.0.2.2
	look
	is_up_by_plan t1
	eventually pings left 172.16.0.2
	echo 10.0.0.0/8 | put left route-t1
	gre t1 192.0.2.1 10.1.2.3 MY_INNER_IPADDR=172.16.0.1/30 TUNNEL_DEVICE=eth0 | put left ifcfg-t1
	look
	is_up_by_plan t1
	eventually pings left 172.16.0.2
	ip -n lab-left link add vrf1 type vrf table 50
	ip -n lab-left link set vrf1 up
	rm "$work/left/$scripts/route-t1"
	gre t1 192.0.2.1 10.1.2.3 MY_INNER_IPADDR=10.1.0.1/16 VRF=vrf1 | put left ifcfg-t1
	look
	is_up_by_plan t1
	# several hops, one of them the tunnel's own: not ours to judge, but told
	gre t1 192.0.2.1 10.1.2.3 MY_INNER_IPADDR=172.16.0.1/30 | put left ifcfg-t1
	look
	ip -n lab-left route add 10.1.2.3/32 nexthop via 192.0.2.2 nexthop dev t1
	look
	state_is_by_plan t1 conflict 'the way to the peer 10.1.2.3 leads into the tunnel itself'
}

test_loop_over_ipv6() {
	two_hosts
	ip -n lab-right -6 address add 2001:db8:7::1/128 dev lo
	gre t1 2001:db8:1::1 2001:db8:7::1 IPV6INIT=yes IPV6ADDR=2001:db8:50::1/64 | sed s/GRE/GRE6/ | put left ifcfg-t1
	gre t1 2001:db8:7::1 2001:db8:1::1 IPV6INIT=yes IPV6ADDR=2001:db8:50::2/64 | sed s/GRE/GRE6/ | put right ifcfg-t1
	echo 2001:db8:7::/48 dev t1 | put left route6-t1
	once right
	look
	state_is_by_plan t1 waiting 'for another way to the peer 2001:db8:7::1'
	ip -n lab-left -6 route add default via 2001:db8:1::2
	look
	state_is_by_plan t1 conflict 'the route 2001:db8:7::/48'
	eventually pings left 2001:db8:50::2
	ip -n lab-left -6 route add 2001:db8:7::1/128 via 2001:db8:1::2
	look
	is_up_by_plan t1
	eventually pings left 2001:db8:50::2
	ip -n lab-left -6 route delete 2001:db8:7::1/128
	look
	state_is_by_plan t1 conflict 'the route 2001:db8:7::/48'
	eventually pings left 2001:db8:50::2
}

# ---- overlaps ----

test_overlap_is_a_warning() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=192.0.2.65/26 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.2 KEY=2 MY_INNER_IPADDR=192.0.3.1/30 | put left ifcfg-t2  # beside it
	gre t3 192.0.2.1 192.0.2.2 KEY=3 MY_INNER_IPADDR=192.0.2.77 | put left ifcfg-t3    # one host
	daemon left
	eventually ctl left status t1
	reason_is t1 up overlap
	reason_is t2 up null
	reason_is t3 up null
	ctl left status >"$work/status"
	tr -s ' \n' ' ' <"$work/status" | grep -F 'its inner network 192.0.2.64/26 overlaps that of eth0 (192.0.2.1/24), over which its peer is reached'
	ctl left reload
	ctl left reload
	same 'warnings' "$(grep -c 't1: its inner network 192.0.2.64/26 overlaps' "$work/left.log")" 1
	same 'warnings' "$(grep -c overlaps "$work/left.log")" 1
	ip -n lab-left address add 198.51.100.1/24 dev eth0
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=198.51.0.1/16 | put left ifcfg-t1
	eventually addresses_are left t1 198.51.0.1/16 # not near what it is sent from: nobody asks
	eventually reason_is t1 up null
}

# ---- duplicates ----

# One made by somebody else, a file of what the kernel could not tell from it, and one of what only looks so.
duplicates() { # TYPE, local, remote, what ip makes, equal lines, other lines
	local -a equal other
	read -ra equal <<<"$5"
	read -ra other <<<"$6"
	# shellcheck disable=SC2086
	ip -n lab-left link add foreign1 type $4 local "$2" remote "$3"
	before=$(ip -n lab-left -d link show dev foreign1)
	{ gre equal1 "$2" "$3" "${equal[@]}" | sed "s/TYPE=GRE/TYPE=$1/" | put left ifcfg-equal1; }
	eventually reason_is equal1 conflict identity-taken
	has_no_link left equal1
	{ gre other1 "$2" "$3" "${other[@]}" | sed "s/TYPE=GRE/TYPE=$1/" | put left ifcfg-other1; }
	eventually reason_is other1 up null
	same foreign1 "$(ip -n lab-left -d link show dev foreign1)" "$before"
	ip -n lab-left link delete foreign1
	eventually reason_is equal1 up null
	{ ctl left reload || true; }
	reason_is equal1 up null
	reason_is other1 up null
	rm "$work/left/$scripts"/ifcfg-*1
	eventually has_no_link left equal1
	eventually has_no_link left other1
}

test_duplicates_of_each_kind() {
	local here=192.0.2.1 there=192.0.2.101 here6=2001:db8:1::1 there6=2001:db8:1::101
	two_hosts
	daemon left
	duplicates GRE $here $there 'gre key 7' KEY=7 KEY=8
	duplicates GRE $here $there 'gre okey 7' '' KEY=7 # that for sending tells nobody apart
	duplicates GRETAP $here $there 'gretap key 7 ttl 9' KEY=7 KEY=8
	duplicates ERSPAN $here $there 'erspan seq key 7 erspan_ver 1 erspan 1' KEY=7 KEY=8
	duplicates IPIP $here $there 'ipip mode any' '' TUNNEL_DEVICE=eth0
	duplicates SIT $here $there 'sit mode any' '' TUNNEL_DEVICE=eth0
	duplicates VTI $here $there 'vti key 7' KEY=8 TUNNEL_DEVICE=eth0
	duplicates GRE6 $here6 $there6 'ip6gre' KEY=0 KEY=8
	duplicates IP6GRETAP $here6 $there6 'ip6gretap key 7' KEY=7 KEY=8
	duplicates IP6ERSPAN $here6 $there6 'ip6gretap key 7' KEY=7 KEY=8
	duplicates IPIP6 $here6 $there6 'ip6tnl mode ip6ip6' '' TUNNEL_DEVICE=eth0
	duplicates VTI6 $here6 $there6 'vti6 key 7' 'KEY=8' PEER_OUTER_IPADDR=2001:db8:1::102
}

# ---- places ----

both_links() {
	ip -n lab-left -j link show group 2784 | jq -c 'map([.ifname, .ifindex]) | sort'
}

# Two files of one kind change a line with each other: both links stay.
test_places_of_each_kind() {
	local row type lines links
	local -a here there keys
	two_hosts
	for row in GRE: GRETAP: ERSPAN: IPIP: SIT: VTI: GRE6:6 IP6GRETAP:6 IP6ERSPAN:6 IPIP6:6 IP6IP6:6 VTI6:6; do
		type=${row%:*}
		if [[ ${row#*:} == 6 ]]; then
			here=(2001:db8:1::1 2001:db8:1::11) there=(2001:db8:1::101 2001:db8:1::102)
		else
			here=(192.0.2.1 192.0.2.11) there=(192.0.2.101 192.0.2.102)
		fi
		for lines in "${here[0]} ${there[0]} ${here[0]} ${there[1]}" "${here[0]} ${there[0]} ${here[1]} ${there[0]}" \
			"${here[0]} ${there[0]} ${here[1]} ${there[1]}" "${here[0]} ${there[0]} ${here[0]} ${there[0]} keys"; do
			# shellcheck disable=SC2086
			set -- $lines
			[[ ${5:-} != keys || $type == *GRE* || $type == *ERSPAN ]] || continue
			keys=()
			[[ $type != *ERSPAN ]] || keys=(KEY=9 KEY=9)
			[[ ${5:-} != keys ]] || keys=(KEY=5 KEY=6)
			gre a1 "$1" "$2" ${keys[0]:-} | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-a1
			gre b1 "$3" "$4" ${keys[1]:-} | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-b1
			once left
			links=$(both_links)
			gre a1 "$3" "$4" ${keys[1]:-} | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-a1
			gre b1 "$1" "$2" ${keys[0]:-} | sed "s/TYPE=GRE/TYPE=$type/" | put left ifcfg-b1
			once left
			same "links of $type ($lines)" "$(both_links)" "$links"
			same "remote of a1 ($lines)" "$(link left a1 .linkinfo.info_data.remote)" "$4"
			same "local of b1 ($lines)" "$(link left b1 .linkinfo.info_data.local)" "$1"
			plan_is_empty left
			rm "$work/left/$scripts"/ifcfg-[ab]1
			once left
		done
	done
}

# ---- names ----

renames_while_up() {
	local major minor
	IFS=.- read -r major minor _ <<<"$(uname -r)"
	[[ $major -gt 6 || ($major == 6 && $minor -ge 2) ]]
}

begin_rename() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 IPV6INIT=yes IPV6ADDR=2001:db8:50::1/64 | put left ifcfg-t1
	printf '%s\n' '10.5.0.0/16 via 10.0.0.2' | put left route-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	once right
	daemon left
	eventually pings left 10.0.0.2
	before=$(ifindex left t1)
	ip -n lab-left route add 203.0.113.0/24 via 10.0.0.2 dev t1 # somebody else's
	ip -n lab-left address add 10.77.0.1/32 dev t1
	start_pinging left 10.0.0.2
}

renamed() { # file
	eventually link_is left t9 .ifalias "tunneld:/$scripts/$1"
	eventually has_route left 10.5.0.0/16 dev t9
	if renames_while_up; then
		pinging_lost 0
		has_route left 203.0.113.0/24 dev t9
	else
		pinging_lost 200 # it was down for a moment
	fi
	same ifindex "$(ifindex left t9)" "$before"
	has_no_link left t1
	eventually addresses_are left t9 $'10.0.0.1/30\n10.77.0.1/32\n2001:db8:50::1/64'
	grep -q 't9: renamed from t1' "$work/left.log"
	not grep -E 't9: (created|removed)|t1: removed' "$work/left.log"
	plan_is_empty left
	eventually ctl left status
	same tunnels "$(ctl left status --json | jq -c '[.tunnels[].name]')" '["t9"]'
}

test_rename_in_place() {
	begin_rename
	mv "$work/left/$scripts/route-t1" "$work/left/$scripts/route-t9"
	gre t9 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 IPV6INIT=yes IPV6ADDR=2001:db8:50::1/64 TTL=99 | put left ifcfg-t1
	renamed ifcfg-t1
	eventually link_is left t9 .linkinfo.info_data.ttl 99
}

# All in one look: the old file is gone, and another one speaks of the same tunnel by a new name.
test_rename_with_the_file() {
	begin_rename
	kill -STOP "$(daemon_pid left)"
	mv "$work/left/$scripts/route-t1" "$work/left/$scripts/route-t9"
	sed s/t1/t9/ "$work/left/$scripts/ifcfg-t1" >"$work/left/$scripts/.new"
	rm "$work/left/$scripts/ifcfg-t1"
	mv "$work/left/$scripts/.new" "$work/left/$scripts/ifcfg-t9"
	kill -CONT "$(daemon_pid left)"
	renamed ifcfg-t9
}

# As people do it: one after the other.
test_rename_of_the_file_first() {
	begin_rename
	mv "$work/left/$scripts/ifcfg-t1" "$work/left/$scripts/ifcfg-t9"
	eventually link_is left t1 .ifalias "tunneld:/$scripts/ifcfg-t9"
	mv "$work/left/$scripts/route-t1" "$work/left/$scripts/route-t9"
	sed -i s/t1/t9/ "$work/left/$scripts/ifcfg-t9"
	renamed ifcfg-t9
}

# By somebody else: drift like any other, put right.
test_rename_by_hand_is_taken_back() {
	begin_rename
	{ ip -n lab-left link set t1 name x1 || { ip -n lab-left link set t1 down && ip -n lab-left link set t1 name x1 && ip -n lab-left link set x1 up; }; }
	eventually has_link left t1
	eventually pings left 10.0.0.2
	pinging_lost 1000
	same ifindex "$(ifindex left t1)" "$before"
	has_no_link left x1
	eventually plan_is_empty left
}

test_rename_with_others_about() {
	local a b c
	two_hosts
	gre a1 192.0.2.1 192.0.2.101 | put left ifcfg-a
	gre b1 192.0.2.1 192.0.2.102 | put left ifcfg-b
	gre c1 192.0.2.1 192.0.2.103 | put left ifcfg-c
	once left
	a=$(ifindex left a1) b=$(ifindex left b1) c=$(ifindex left c1)
	# names that change places, and one that another file takes over at once
	gre b1 192.0.2.1 192.0.2.101 | put left ifcfg-a
	gre a1 192.0.2.1 192.0.2.102 | put left ifcfg-b
	gre c9 192.0.2.1 192.0.2.103 | put left ifcfg-c
	gre c1 192.0.2.1 192.0.2.104 | put left ifcfg-d
	once left
	plan_is_empty left
	link_is left b1 .linkinfo.info_data.remote 192.0.2.101
	link_is left a1 .linkinfo.info_data.remote 192.0.2.102
	link_is left c9 .linkinfo.info_data.remote 192.0.2.103
	link_is left c1 .linkinfo.info_data.remote 192.0.2.104
	same 'a1 and b1' "$(ifindex left a1) $(ifindex left b1)" "$a $b"
	# a name that is taken, and one that is free again
	ip -n lab-left link add taken1 type dummy
	gre taken1 192.0.2.1 192.0.2.104 | put left ifcfg-d
	{ once left || true; }
	state_is_by_plan taken1 conflict 'there is a device taken1 of another kind'
	has_no_link left c1
	# many at once
	rm "$work/left/$scripts"/ifcfg-*
	for c in {1..40}; do gre "m$c" 192.0.2.1 any "KEY=$c" "MY_INNER_IPADDR=10.8.$c.1/30" | put left "ifcfg-m$c"; done
	{ once left || true; }
	a=$(ip -n lab-left -j link show group 2784 | jq -c 'map(.ifindex) | sort')
	sed -i 's/^DEVICE=m/DEVICE=n/' "$work/left/$scripts"/ifcfg-m*
	{ once left || true; }
	plan_is_empty left
	same 'the links' "$(ip -n lab-left -j link show group 2784 | jq -c 'map(.ifindex) | sort')" "$a"
	has_link left n40
}

# ---- adoption ----

# Made by somebody else under a ping, then a daemon comes: what is there stays, and no packet is lost.
adopted() { # commands of ip
	two_hosts
	gre t1 192.0.2.1 192.0.2.2 KEY=5 MY_INNER_IPADDR=10.0.0.1/30 "${lines[@]}" | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 KEY=5 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	once right
	"$@"
	ip -n lab-left route add 203.0.113.0/24 via 10.0.0.2 dev t1
	ip -n lab-left address add 10.77.0.1/32 dev t1
	before=$(ifindex left t1)
	eventually pings left 10.0.0.2
	start_pinging left 10.0.0.2
	daemon left
	eventually link_is left t1 .ifalias "tunneld:/$scripts/ifcfg-t1"
	pinging_lost 0
	same ifindex "$(ifindex left t1)" "$before"
	link_is left t1 .group 2784
	addresses_are left t1 $'10.0.0.1/30\n10.77.0.1/32'
	has_route left 203.0.113.0/24 dev t1
	plan_is_empty left
	ctl left status
	drop left ifcfg-t1
	eventually has_no_link left t1 # it was ours
}

as_scripts_do() {
	ip -n lab-left tunnel add t1 mode gre local 192.0.2.1 remote 192.0.2.2 key 5 "$@"
	ip -n lab-left address add 10.0.0.1/30 dev t1
	ip -n lab-left link set t1 up
}

as_by_hand() {
	ip -n lab-left link add t1 type gre local 192.0.2.1 remote 192.0.2.2 key 5 ttl 33
	ip -n lab-left link set t1 mtu 1300
	ip -n lab-left address add 10.0.0.1/30 dev t1
	ip -n lab-left link set t1 up
}

as_by_an_earlier_one() {
	once left
	ip -n lab-left link set t1 group 77
}

as_by_one_that_was_killed() {
	once left
	ip -n lab-left link set t1 alias ''
	link_is left t1 .ifalias null
}

test_adoption_of_scripts() {
	local lines=()
	adopted as_scripts_do
}

test_adoption_by_hand_with_other_attributes() {
	local lines=(TTL=64 MTU=1400)
	adopted as_by_hand
	grep -q 't1: taken over: an unmarked tunnel' "$work/left.log"
	grep -q 't1: .*ttl 33 -> 64' "$work/left.log"
	grep -q 't1: .*mtu 1300 -> 1400' "$work/left.log"
}

test_adoption_with_other_marks() {
	local lines=()
	adopted as_by_an_earlier_one
	lab_end
	adopted as_by_one_that_was_killed
}

# What differs in more stays as it is, to the byte; only same-kind takes it over.
test_adoption_of_what_differs() {
	local how before index
	for how in 'gre local 192.0.2.1 remote 192.0.2.2 key 6' 'gre local 192.0.2.1 remote 192.0.2.3 key 5' 'gre local 192.0.2.11 remote 192.0.2.2 key 5' \
		'gretap local 192.0.2.1 remote 192.0.2.2 key 5' dummy; do
		two_hosts
		gre t1 192.0.2.1 192.0.2.2 KEY=5 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
		# shellcheck disable=SC2086
		ip -n lab-left link add t1 type $how
		ip -n lab-left link set t1 up
		ip -n lab-left address add 10.77.0.1/32 dev t1
		before=$(ip -n lab-left -d link show dev t1) index=$(ifindex left t1)
		{ once left || true; }
		state_is_by_plan t1 conflict 'there is a '
		same "$how" "$(ip -n lab-left -d link show dev t1)" "$before"
		addresses_are left t1 10.77.0.1/32
		echo 'adopt = same-kind' >"$work/left/etc/tunneld/tunneld.conf"
		{ once left || true; }
		if [[ $how == 'gre '* ]]; then
			is_up_by_plan t1
			link_is left t1 .linkinfo.info_data.remote 192.0.2.2
			link_is left t1 .linkinfo.info_data.ikey 0.0.0.5
			same ifindex "$(ifindex left t1)" "$index"
			addresses_are left t1 $'10.0.0.1/30\n10.77.0.1/32'
		else
			state_is_by_plan t1 conflict 'there is a device t1 of another kind'
			same "$how" "$(ip -n lab-left -d link show dev t1)" "$before"
		fi
	done
}
