# The daemon's ears: which events on files reach the kernel, and what it says.
# shellcheck shell=bash disable=SC2154

test_files_come_change_and_go() {
	two_hosts
	daemon left
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	eventually has_link left t1
	gre t2 192.0.2.1 192.0.2.102 >"$work/left/$scripts/ifcfg-t2" # written in place
	eventually has_link left t2
	echo TTL=7 >>"$work/left/$scripts/ifcfg-t2"
	eventually link_is left t2 .linkinfo.info_data.ttl 7
	echo KEY=99 >"$work/left/$scripts/keys-t2"
	eventually link_is left t2 .linkinfo.info_data.ikey 0.0.0.99
	rm "$work/left/$scripts/keys-t2"
	eventually link_is left t2 .linkinfo.info_data.ikey null
	gre t3 192.0.2.1 192.0.2.103 >"$work/elsewhere"
	ln -s "$work/elsewhere" "$work/left/$scripts/ifcfg-t3"
	eventually has_link left t3
	gre t4 192.0.2.1 192.0.2.104 >"$work/fourth"
	ln "$work/fourth" "$work/left/$scripts/ifcfg-t4"
	eventually has_link left t4
	gre t5 192.0.2.1 192.0.2.105 >"$work/fifth"
	ln "$work/fifth" "$work/left/$scripts/ifcfg-t5" && rm "$work/fifth"
	eventually has_link left t5
	mv "$work/left/$scripts/ifcfg-t1" "$work/left/$scripts/ifcfg-t1.bak"
	eventually has_no_link left t1
	drop left ifcfg-t3
	eventually has_no_link left t3
	gre t2 192.0.2.1 192.0.2.122 >"$work/left/etc/tunneld/ifcfg-t2" # a directory that counts more
	eventually link_is left t2 .linkinfo.info_data.remote 192.0.2.122
	link_is left t2 .ifalias tunneld:/etc/tunneld/ifcfg-t2
	rm "$work/left/etc/tunneld/ifcfg-t2"
	eventually link_is left t2 .linkinfo.info_data.remote 192.0.2.102
	ctl left list
	plan_is_empty left
}

test_directories_come_and_go() {
	two_hosts
	rm -r "$work/left/etc"
	daemon left
	mkdir -p "$work/left/$scripts"
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	eventually has_link left t1
	rm -r "$work/left/etc"
	sleep 2
	has_link left t1 # a folder that is gone says nothing about its files
	mkdir -p "$work/left/$scripts"
	eventually has_no_link left t1
	gre t2 192.0.2.1 192.0.2.102 | put left ifcfg-t2
	eventually has_link left t2
	mv "$work/left/$scripts" "$work/left/etc/old"
	mkdir "$work/left/$scripts"
	gre t3 192.0.2.1 192.0.2.103 | put left ifcfg-t3
	eventually has_link left t3
	eventually has_no_link left t2
}

test_more_events_than_the_queue_holds() {
	local i
	two_hosts
	sysctl -qw fs.inotify.max_queued_events=16
	daemon left
	sysctl -qw fs.inotify.max_queued_events=16384
	kill -STOP "$(daemon_pid left)"
	for i in $(seq 40); do
		gre "t$i" 192.0.2.1 "192.0.2.$((100 + i))" | put left "ifcfg-t$i"
	done
	kill -CONT "$(daemon_pid left)"
	eventually has_link left t40
	eventually has_link left t20
	plan_is_empty left
}

test_settings_are_read_again() {
	two_hosts
	mkdir -p "$work/left/elsewhere"
	gre t1 192.0.2.1 192.0.2.101 >"$work/left/elsewhere/ifcfg-t1"
	daemon left
	echo 'paths = /elsewhere' >"$work/left/etc/tunneld/tunneld.conf"
	eventually has_link left t1
	gre t2 192.0.2.1 192.0.2.102 >"$work/left/elsewhere/ifcfg-t2"
	eventually has_link left t2
	printf '%s\n' 'paths = /elsewhere' 'ipv6 = on' 'nonsense = 1' >"$work/left/etc/tunneld/tunneld.conf"
	ctl left reload
	same disable_ipv6 "$(lab_run left cat /proc/sys/net/ipv6/conf/t1/disable_ipv6)" 0
	grep '/etc/tunneld/tunneld.conf:3: error: nonsense is no setting' "$work/left.log"
}

test_network_file() {
	two_hosts
	printf '%s\n' UPLINK=192.0.2.1 NETWORKING=no >"$work/left/etc/sysconfig/network"
	gre t1 "\$UPLINK" 192.0.2.101 | put left ifcfg-t1
	daemon left
	sleep 1
	has_no_link left t1
	echo UPLINK=192.0.2.11 >"$work/left/etc/sysconfig/network"
	eventually link_is left t1 .linkinfo.info_data.local 192.0.2.11
	echo UPLINK=192.0.2.1 >"$work/left/etc/sysconfig/network"
	eventually link_is left t1 .linkinfo.info_data.local 192.0.2.1
}

test_presence() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 ONBOOT=no | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 LINKSTATUS=down | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 | put left ifcfg-t3
	once left
	has_no_link left t1
	link_is left t2 '.flags | contains(["UP"])' false
	link_is left t3 '.flags | contains(["UP"])' true
	gre t3 192.0.2.1 192.0.2.103 ONBOOT=no TTL=8 | put left ifcfg-t3
	once left
	link_is left t3 .linkinfo.info_data.ttl 8 # one of ours that is there is kept, and follows its file
}

test_waits_for_its_lower_device() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 TUNNEL_DEVICE=later0 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 | put left ifcfg-t2
	daemon left
	eventually has_link left t2
	! ctl left list >"$work/list"
	grep -E '^t1 .* waiting .*later0' "$work/list"
	ip -n lab-left link add later0 type dummy
	eventually has_link left t1
	link_is left t1 .link later0
	eventually ctl left list
	plan_is_empty left
}

test_ipv6_only_where_it_is_used() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.0.1.1/30 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 IPV6ADDR=2001:db8:9::1 | put left ifcfg-t2
	gre t3 192.0.2.1 192.0.2.103 IPV6INIT=yes | put left ifcfg-t3
	once left
	same t1 "$(lab_run left cat /proc/sys/net/ipv6/conf/t1/disable_ipv6)" 1
	same t2 "$(lab_run left cat /proc/sys/net/ipv6/conf/t2/disable_ipv6)" 0
	same t3 "$(lab_run left cat /proc/sys/net/ipv6/conf/t3/disable_ipv6)" 0
	[[ -z $(ip -n lab-left -6 route show table all dev t1) ]]
	sed -i /IPV6/d "$work/left/$scripts/ifcfg-t2"
	once left
	same t2 "$(lab_run left cat /proc/sys/net/ipv6/conf/t2/disable_ipv6)" 1
	plan_is_empty left
}

# From the rename that ends an edit to the kernel's word that the link has changed: printed, never judged.
test_edit_to_kernel() {
	local i began seen monitor times=()
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 TTL=1 | put left ifcfg-t1
	daemon left
	eventually has_link left t1
	lab_start left stdbuf -oL ip -ts monitor link dev t1 >"$work/monitor"
	monitor=$!
	sleep 1
	for i in 2 3 4 5 6; do
		gre t1 192.0.2.1 192.0.2.101 "TTL=$i" >"$work/new"
		: >"$work/monitor"
		began=$(date +%s%N)
		mv "$work/new" "$work/left/$scripts/ifcfg-t1"
		eventually grep -q . "$work/monitor" >/dev/null
		seen=$(date -u -d "$(tr -d '\0' <"$work/monitor" | sed -n 's/^\[\([^]]*\)\].*/\1/p' | head -n 1)" +%s%N)
		times+=($(((seen - began) / 1000000)))
		sleep 0.5
	done
	kill "$monitor"
	echo "note: from an edit to the kernel, in ms, of which 100 are for the editor to finish: ${times[*]}"
}

test_usage_errors() {
	local status
	for arguments in '--nonsense' '--once --plan' 'word' '--root'; do
		status=0
		# shellcheck disable=SC2086
		tunneld $arguments >"$work/out" 2>&1 || status=$?
		same "$arguments" "$status" 2
		grep -q "Try 'tunneld --help'" "$work/out"
	done
	for arguments in '--nonsense' 'nonsense' 'reload now'; do
		status=0
		# shellcheck disable=SC2086
		tunnelctl $arguments >"$work/out" 2>&1 || status=$?
		same "$arguments" "$status" 2
		grep -q "Try 'tunnelctl " "$work/out"
	done
	grep -q 'Usage: tunneld' <(tunneld --help)
	grep -q 'Usage: tunnelctl' <(tunnelctl --help)
	grep -q '^tunneld [0-9]' <(tunneld --version)
	for arguments in '' list; do # without a verb: status
		status=0
		# shellcheck disable=SC2086
		tunnelctl --root=/nowhere $arguments 2>/dev/null || status=$?
		same 'no daemon' "$status" 3
	done
}

test_not_permitted() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	! lab_run left setpriv --bounding-set=-net_admin --inh-caps=-net_admin tunneld --root="$work/left" --once >"$work/out" 2>&1
	cat "$work/out"
	grep -q 't1: failed: .*CAP_NET_ADMIN is needed' "$work/out"
}
