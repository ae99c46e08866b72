# Outer addresses that names stand for, with a real DNS server on the right and an interface that is followed on the left.
# shellcheck shell=bash disable=SC2154

# Records are lines "ADDRESS NAME" on standard input; the server is told when they change.
records() {
	cat >"$work/records"
	[[ ! -e $work/dns.pid ]] || kill -HUP "$(cat "$work/dns.pid")"
}

start_dns() {
	lab_start right dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts="$work/records" --local-ttl=0 --user=root \
		--pid-file= --bind-interfaces --listen-address=192.0.2.2 --local=/example.net/ >>"$work/dns.log" 2>&1
	echo $! >"$work/dns.pid"
	eventually lab_run right bash -c 'exec 3<>/dev/tcp/192.0.2.2/53'
}

stop_dns() {
	kill -CONT "$(cat "$work/dns.pid")"
	kill "$(cat "$work/dns.pid")"
	wait "$(cat "$work/dns.pid")" || true
	rm "$work/dns.pid"
}

# What the left one asks with: further options of resolv.conf(5).
begin_names() { # options
	two_hosts
	[[ -e /etc/resolv.conf ]] || touch /etc/resolv.conf
	mkdir -p /etc/netns/lab-left
	trap 'rm -r /etc/netns' EXIT
	printf '%s\n' 'nameserver 192.0.2.2' "options ${1:-timeout:1 attempts:1}" >/etc/netns/lab-left/resolv.conf
	echo '192.0.2.2 peer.example.net' | records
}

# An address that nobody needs comes: after that, names are soon asked for again.
something_happens() {
	ip -n lab-left address add "203.0.113.$((RANDOM % 200 + 1))/32" dev eth0 2>/dev/null || true
}

remote_is() { # tunnel, address
	link_is left "$1" .linkinfo.info_data.remote "$2"
}

local_is() {
	link_is left "$1" .linkinfo.info_data.local "$2"
}

logged_times() { # words
	grep -c -e "$1" "$work/left.log" || true
}

stop_daemon() { # signal
	local began
	began=$(date +%s%N)
	kill "-$1" "$(daemon_pid left)"
	eventually not kill -0 "$(daemon_pid left)"
	wait "$(daemon_pid left)" || [[ $1 == KILL ]] # without a word of the sanitizers
	echo "note: after SIG$1 it ended in $((($(date +%s%N) - began) / 1000000)) ms"
}

packets_at_right() {
	ip -n lab-right -s -j link show dev t1 | jq '.[0].stats64.rx.packets'
}

# Pings left to right, of which only the way there is looked at: how many were sent, and how many had come when it ended.
start_counting() {
	had=$(packets_at_right)
	start_pinging left 10.0.0.2
}

count_packets() {
	sleep 1
	kill -INT "$(cat "$work/ping.pid")"
	wait "$(cat "$work/ping.pid")" || true
	sleep 0.5
	sent=$(awk '/packets transmitted/ { print $1 }' "$work/ping.out")
	got=$(($(packets_at_right) - had))
}

test_names_at_the_start() {
	begin_names
	start_dns
	printf '%s\n' '2001:db8:1::2 peer.example.net' '192.0.2.2 peer.example.net' '192.0.2.12 other.example.net' | records
	gre t1 192.0.2.1 peer.example.net MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t2 192.0.2.1 peer.example.net KEY=2 | put left ifcfg-t2
	printf '%s\n' DEVICE=t6 TYPE=GRE6 MY_OUTER_IPADDR=2001:db8:1::1 PEER_OUTER_IPADDR=peer.example.net | put left ifcfg-t6
	gre n1 192.0.2.1 nobody.example.net KEY=9 | put left ifcfg-n1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	daemon right
	daemon left
	eventually remote_is t1 192.0.2.2
	eventually remote_is t2 192.0.2.2
	eventually remote_is t6 2001:db8:1::2
	eventually pings left 10.0.0.2
	eventually stands n1 waiting 'for the address of nobody.example.net: Name or service not known; tried again'
	has_no_link left n1
	plan_is_empty left
	not ctl left status n1 >"$work/out"
	cat "$work/out"
	grep -q 'nobody.example.net' "$work/out"
	ctl left status t1 >"$work/out"
	cat "$work/out"
	grep -q 'remote .*peer.example.net' "$work/out"
	grep -q '192.0.2.2' "$work/out"
	not grep -q '!' "$work/out"
	sleep 8 # asked for some times more, told once
	same 'times told' "$(logged_times 'n1: waiting.*Name or service not known')" 1
	printf '%s\n' '192.0.2.2 peer.example.net' '192.0.2.12 nobody.example.net' | records
	eventually remote_is n1 192.0.2.12
	gre n1 192.0.2.1 other.example.net KEY=9 | put left ifcfg-n1 # a file changes its mind
	eventually stands n1 up
	not remote_is n1 192.0.2.99
}

test_names_while_the_server_is_down() {
	begin_names
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	daemon left
	eventually stands t1 waiting 'for the address of peer.example.net: Temporary failure in name resolution; tried again'
	has_no_link left t1
	start_dns
	eventually remote_is t1 192.0.2.2
	link_is left t1 '.flags | contains(["UP"])' true
	eventually stands t1 up
}

# The server is asked again by the clock alone.
test_names_in_time() {
	local before
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	daemon left
	eventually remote_is t1 192.0.2.2
	before=$(ifindex left t1)
	echo '192.0.2.12 peer.example.net' | records
	sleep 30
	eventually remote_is t1 192.0.2.12
	same ifindex "$(ifindex left t1)" "$before"
	grep 't1: remote 192.0.2.2 -> 192.0.2.12' "$work/left.log"
}

# What is sent arrives, before and behind the change: right takes it from and to any address.
test_names_move_without_loss() {
	local before had sent got
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net KEY=5 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t1 any any KEY=5 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	daemon left
	daemon right
	eventually remote_is t1 192.0.2.2
	eventually has_link right t1
	before=$(ifindex left t1)
	start_counting
	echo '192.0.2.12 peer.example.net' | records
	something_happens
	eventually remote_is t1 192.0.2.12
	count_packets
	echo "note: $sent packets sent while the peer's name moved, $((sent - got)) lost"
	[[ $sent -gt 100 && $sent == "$got" ]]
	same ifindex "$(ifindex left t1)" "$before"
}

# Both ends move; what is sent between the one and the other is lost.
test_names_peer_moves() {
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	daemon left
	daemon right
	eventually pings left 10.0.0.2
	start_pinging left 10.0.0.2
	gre t1 192.0.2.12 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	echo '192.0.2.12 peer.example.net' | records
	something_happens
	eventually remote_is t1 192.0.2.12
	eventually pings left 10.0.0.2
	pinging_lost 4000
	plan_is_empty left
}

# What a name stands for is no word on what else is not as the file says, and goes on all the same.
test_names_move_while_drift_is_left() {
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net MY_INNER_IPADDR=10.0.0.1/30 DRIFT=report | put left ifcfg-t1
	daemon left
	eventually remote_is t1 192.0.2.2
	eventually stands t1 up
	on_left ip address flush dev t1
	eventually stands t1 conflict 'it drifted, which is only reported'
	echo '192.0.2.12 peer.example.net' | records
	something_happens
	eventually remote_is t1 192.0.2.12
	sleep 2
	addresses_are left t1 ''
	stands t1 conflict 'it drifted, which is only reported'
}

test_names_kept_without_a_server() {
	local before
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	daemon left
	eventually remote_is t1 192.0.2.2
	before=$(ifindex left t1)
	stop_dns
	something_happens
	eventually grep -q 'peer.example.net cannot be resolved: .*; it stays 192.0.2.2' "$work/left.log"
	stands t1 up
	stop_daemon TERM
	daemon left # which has never known it
	eventually stands t1 up 'the address of peer.example.net is not known: Temporary failure in name resolution; it stays 192.0.2.2'
	remote_is t1 192.0.2.2
	echo TTL=9 >>"$work/left/$scripts/ifcfg-t1"
	eventually link_is left t1 .linkinfo.info_data.ttl 9
	remote_is t1 192.0.2.2
	stop_daemon TERM
	once left
	same ifindex "$(ifindex left t1)" "$before"
	daemon left
	start_dns
	echo '192.0.2.12 peer.example.net' | records
	eventually remote_is t1 192.0.2.12
	eventually not stands t1 up peer.example.net
	same ifindex "$(ifindex left t1)" "$before"
}

# Servers give several addresses in turns: the one in use stays as long as it is among them.
test_names_with_several_addresses() {
	local i
	begin_names
	start_dns
	printf '192.0.2.%s peer.example.net\n' 2 12 13 14 | records
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	daemon left
	eventually has_link left t1
	ip -n lab-left link change t1 type gre local 192.0.2.1 remote 192.0.2.13 # as it might be from before
	stop_daemon TERM
	daemon left
	eventually stands t1 up
	for i in 1 2 3; do
		something_happens
		sleep 3
		remote_is t1 192.0.2.13
	done
	printf '192.0.2.%s peer.example.net\n' 14 | records
	something_happens
	eventually remote_is t1 192.0.2.14
	echo '0.0.0.0 peer.example.net' | records # as some servers answer for what they block
	something_happens
	eventually grep -q 'peer.example.net cannot be resolved: it stands for nothing that could be the address of a peer; it stays 192.0.2.14' "$work/left.log"
	remote_is t1 192.0.2.14
}

test_names_that_meet() {
	begin_names
	start_dns
	printf '%s\n' '192.0.2.2 a.example.net' '192.0.2.2 b.example.net' '192.0.2.2 c.example.net' | records
	gre t1 192.0.2.1 a.example.net | put left ifcfg-t1
	daemon left
	eventually remote_is t1 192.0.2.2
	gre t2 192.0.2.1 b.example.net | put left ifcfg-t2 # not before: the first answer has the place
	eventually stands t2 conflict 'the kernel has t1 with the same outer addresses and key'
	has_no_link left t2
	sleep 10
	same 'times created' "$(logged_times ' created: ')" 1
	same 'times told' "$(logged_times 't2: conflict')" 1
	printf '%s\n' '192.0.2.2 a.example.net' '192.0.2.12 b.example.net' | records
	something_happens
	eventually remote_is t2 192.0.2.12
	remote_is t1 192.0.2.2
	# they change places, and neither is made anew
	local before
	before="$(ifindex left t1) $(ifindex left t2)"
	printf '%s\n' '192.0.2.12 a.example.net' '192.0.2.2 b.example.net' | records
	something_happens
	eventually remote_is t1 192.0.2.12
	eventually remote_is t2 192.0.2.2
	same ifindex "$(ifindex left t1) $(ifindex left t2)" "$before"
	eventually stands t1 up
	eventually stands t2 up
}

# It hangs: the daemon neither waits for it nor for its end.
test_names_of_a_server_that_hangs() {
	local workers
	begin_names 'timeout:30 attempts:5'
	start_dns
	kill -STOP "$(cat "$work/dns.pid")"
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	daemon left
	eventually stands t1 waiting 'it is not known yet'
	gre t2 192.0.2.1 192.0.2.12 | put left ifcfg-t2
	eventually has_link left t2
	eventually pgrep -P "$(daemon_pid left)"
	workers=$(pgrep -P "$(daemon_pid left)")
	stop_daemon TERM
	not kill -0 $workers
	daemon left
	eventually pgrep -P "$(daemon_pid left)"
	workers=$(pgrep -P "$(daemon_pid left)")
	stop_daemon KILL
	eventually not kill -0 $workers
	daemon left # nobody holds the lock
	stop_dns
	start_dns
	eventually pgrep -P "$(daemon_pid left)"
	kill -9 $(pgrep -P "$(daemon_pid left)") # one that asks may die
	eventually remote_is t1 192.0.2.2
}

test_names_once() {
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	once left
	remote_is t1 192.0.2.2
	plan_is_empty left
	gre t2 192.0.2.1 nobody.example.net KEY=2 | put left ifcfg-t2
	not once left >"$work/out" 2>&1
	cat "$work/out"
	grep -q 't2: waiting: for the address of nobody.example.net: Name or service not known' "$work/out"
	echo '192.0.2.12 peer.example.net' | records
	plan left >"$work/out"
	grep -q '^# t1: remote 192.0.2.2 -> 192.0.2.12' "$work/out"
}

test_names_in_a_preview() {
	begin_names
	start_dns
	gre t1 192.0.2.1 peer.example.net | put left ifcfg-t1
	daemon left
	eventually stands t1 up
	gre t1 192.0.2.1 peer.example.net TTL=9 >"$work/ifcfg-t1"
	gre t2 192.0.2.1 new.example.net KEY=2 >"$work/ifcfg-t2"
	{ ctl left plan "$work/ifcfg-t1" "$work/ifcfg-t2" || true; } >"$work/out"
	cat "$work/out"
	grep -q 'ttl inherit -> 9' "$work/out"
	grep -q 'for the address of new.example.net' "$work/out"
	remote_is t1 192.0.2.2
}

# ---- an interface that is followed ----

test_names_of_an_interface() {
	local before
	begin_names
	gre t1 eth0 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 KEY=5 | put left ifcfg-t1
	gre t1 192.0.2.2 192.0.2.1 MY_INNER_IPADDR=10.0.0.2/30 KEY=5 | put right ifcfg-t1
	printf '%s\n' DEVICE=t6 TYPE=GRE6 MY_OUTER_IPADDR=eth0 PEER_OUTER_IPADDR=2001:db8:1::2 | put left ifcfg-t6
	daemon left
	daemon right
	eventually local_is t1 192.0.2.1
	eventually local_is t6 2001:db8:1::1
	eventually pings left 10.0.0.2
	plan_is_empty left
	before=$(ifindex left t1)
	# one more address moves nobody
	ip -n lab-left address add 192.0.2.31/24 dev eth0
	ip -n lab-left address add 198.51.100.31/24 dev eth0
	sleep 1
	local_is t1 192.0.2.1
	ip -n lab-left address flush dev eth0
	eventually stands t1 waiting 'for the address of eth0: it has no global IPv4 address'
	eventually stands t6 waiting 'for the address of eth0: it has no global IPv6 address'
	local_is t1 192.0.2.1 # as it was
	{ ctl left status t1 || true; } >"$work/out"
	cat "$work/out"
	ip -n lab-left address add 192.0.2.1/24 dev eth0
	ip -n lab-left address add 2001:db8:1::77/64 dev eth0 nodad
	eventually stands t1 up
	eventually local_is t6 2001:db8:1::77
	same ifindex "$(ifindex left t1)" "$before"
	eventually pings left 10.0.0.2
	same 'changes of t1' "$(logged_times 't1: local')" 0
}

# As when a lease is not renewed, and another network's is had: right takes what comes from anywhere.
test_names_of_an_interface_that_moves() {
	local before had sent got
	begin_names
	ip -n lab-left address flush dev eth0
	ip -n lab-left address add 192.0.2.1/24 dev eth0
	gre t1 eth0 192.0.2.2 KEY=5 MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-t1
	gre t1 any any KEY=5 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t1
	lab_address right eth0 198.51.100.2/24
	ip -n lab-right route add default via 192.0.2.1 2>/dev/null || true
	daemon left
	daemon right
	eventually local_is t1 192.0.2.1
	eventually has_link right t1
	before=$(ifindex left t1)
	start_counting
	ip -n lab-left address del 192.0.2.1/24 dev eth0
	ip -n lab-left address add 198.51.100.7/24 dev eth0
	ip -n lab-left route add 192.0.2.2 dev eth0
	eventually local_is t1 198.51.100.7
	count_packets
	echo "note: $sent packets sent while the address moved, $((sent - got)) lost"
	[[ $got -gt 100 ]]
	same ifindex "$(ifindex left t1)" "$before"
	grep 't1: local 192.0.2.1 -> 198.51.100.7' "$work/left.log"
	# and back, with both for a moment: nothing is gone before it must
	ip -n lab-left address add 192.0.2.1/24 dev eth0
	sleep 1
	local_is t1 198.51.100.7
	ip -n lab-left address del 198.51.100.7/24 dev eth0
	eventually local_is t1 192.0.2.1
	plan_is_empty left
}

test_names_of_an_interface_that_comes_late() {
	begin_names
	gre t1 later0 192.0.2.2 | put left ifcfg-t1
	daemon left
	eventually stands t1 waiting 'for the address of later0: there is no such interface'
	ip -n lab-left link add later0 type dummy
	ip -n lab-left link set later0 up
	ip -n lab-left address add 192.0.2.77/32 dev later0
	eventually local_is t1 192.0.2.77
	ip -n lab-left link del later0
	eventually stands t1 waiting 'there is no such interface'
	has_link left t1
	ip -n lab-left link add later0 type dummy
	ip -n lab-left address add 192.0.2.78/32 dev later0
	eventually local_is t1 192.0.2.78
	ip -n lab-left link set later0 name other0
	eventually stands t1 waiting 'there is no such interface'
	ip -n lab-left link set other0 name later0
	eventually stands t1 up
}

# Of IPv6 some addresses come and go by themselves.
test_names_of_an_interface_with_ipv6() {
	begin_names
	ip -n lab-left address flush dev eth0
	printf '%s\n' DEVICE=t6 TYPE=GRE6 MY_OUTER_IPADDR=eth0 PEER_OUTER_IPADDR=2001:db8:1::2 | put left ifcfg-t6
	daemon left
	eventually stands t6 waiting 'it has no global IPv6 address'
	ip -n lab-left address add fe80::7/64 dev eth0 nodad
	ip -n lab-left address add 2001:db8:1::7/64 dev eth0 nodad preferred_lft 0 valid_lft 300
	sleep 1
	has_no_link left t6
	ip -n lab-left address add 2001:db8:1::8/64 dev eth0 nodad
	eventually local_is t6 2001:db8:1::8
	ip -n lab-left address change 2001:db8:1::8/64 dev eth0 nodad preferred_lft 0 valid_lft 300
	sleep 1
	local_is t6 2001:db8:1::8 # there is no better one
	ip -n lab-left address add 2001:db8:1::9/64 dev eth0 nodad
	eventually local_is t6 2001:db8:1::9
}
