# The properties that the design rests on: fixpoint, convergence, plans as commands; and many tunnels at once.
# shellcheck shell=bash disable=SC2154

restore_ways() {
	ip -n lab-left route replace default via 192.0.2.2
	lab_address left eth0 2001:db8:1::1/64 2>/dev/null || true
	ip -n lab-left route replace default via 2001:db8:1::2
}

# Files of every kind with every key.
make_zoo() {
	local folder=$work/left/$scripts i=0 type
	# a way to every peer, so that the MTU of each is known
	restore_ways
	for type in GRE IPIP; do
		for lines in '' TTL=64 TTL=255 TUNNEL_TOS=16 TUNNEL_TOS=inherit MTU=1400 MTU=65535 MTU=68 TUNNEL_PMTUDISC=no LINKSTATUS=down MULTICAST=yes MULTICAST=no TUNNEL_DEVICE=eth0 'MY_INNER_IPADDR=10.1.0.1/24'; do
			i=$((i + 1))
			gre "a$i" 192.0.2.1 "198.51.100.$i" "$lines" | sed "s/GRE/$type/" >"$folder/ifcfg-a$i"
		done
	done
	for lines in KEY=0 KEY=5 KEY=word KEY=1.2.3.4 TUNNEL_GRE_IKEY=7 TUNNEL_GRE_OKEY=8 'TUNNEL_GRE_FLAGS="iseq oseq"' 'TUNNEL_GRE_FLAGS="icsum ocsum"' 'TUNNEL_GRE_FLAGS="iseq oseq icsum ocsum"' IPV6ADDR=2001:db8:5::1; do
		i=$((i + 1))
		gre "a$i" 192.0.2.1 "198.51.100.$i" "$lines" >"$folder/ifcfg-a$i"
		gre "g$i" 2001:db8:1::1 "2001:db8:77::$i" "$lines" | sed s/GRE$/GRE6/ >"$folder/ifcfg-g$i"
	done
	for lines in TTL=7 TTL=inherit TUNNEL_TOS=32 TUNNEL_TOS=inherit MTU=1300 MTU=65535; do
		i=$((i + 1))
		gre "g$i" 2001:db8:1::1 "2001:db8:77::$i" "$lines" | sed s/GRE$/GRE6/ >"$folder/ifcfg-g$i"
		gre "i$i" 2001:db8:1::1 "2001:db8:77::$i" "$lines" MY_INNER_IPADDR=10.2.0.1 PEER_INNER_IPADDR=10.2.0.2 | sed s/GRE$/IPIP6/ >"$folder/ifcfg-i$i"
	done
	printf '%s\n' DEVICE=sit5 IPV6TUNNELIPV4=198.51.100.200 IPV6ADDR=2001:db8:6::1 IPV6_MTU=1280 >"$folder/ifcfg-sit5"
	printf '%s\n' TYPE=SIT DEVICE=six IPV6TUNNELIPV4=198.51.100.201 IPV6TUNNELIPV4LOCAL=192.0.2.1 TTL=9 >"$folder/ifcfg-six"
	printf '%s\n' TYPE=EXTERNAL DEVICETYPE=tunnel DEVICE=ext >"$folder/ifcfg-ext"
	gre mc 192.0.2.1 239.1.1.1 KEY=3 MULTICAST=yes MTU=1400 >"$folder/ifcfg-mc"
	gre hub 192.0.2.1 any KEY=4 MY_INNER_IPADDR=10.4.0.1/24 NEIGHBOR1_INNER_IPADDR=10.4.0.2 NEIGHBOR1_OUTER_IPADDR=198.51.100.77 \
		NEIGHBOR2_INNER_IPADDR=10.4.0.3 NEIGHBOR2_OUTER_IPADDR=198.51.100.78 >"$folder/ifcfg-hub"
	gre much 192.0.2.1 198.51.100.251 MY_INNER_IPADDR=10.5.0.1/30 IPADDR1=10.5.1.1 PREFIX1=24 IPV6ADDR=2001:db8:51::1 IPV6FORWARDING=yes >"$folder/ifcfg-much"
	printf '%s\n' IPADDR=10.5.2.1 PREFIX=24 >"$folder/ifcfg-much:0"
	printf '%s\n' '10.50.0.0/16 via 10.5.0.2 mtu 1300' '10.51.0.0/16 metric 7 src 10.5.1.1' 'default table 50' 'blackhole 10.52.0.0/16' '10.53.0.0/16 via 192.0.2.2 dev eth0' \
		'10.54.0.0/16 nexthop via 10.5.0.2 weight 1 nexthop via 192.0.2.2 dev eth0 weight 2' >"$folder/route-much"
	printf '%s\n' '2001:db8:53::/48' 'unreachable 2001:db8:54::/48' >"$folder/route6-much"
	printf '%s\n' 'from 10.5.0.0/16 table 50' 'fwmark 0x5/0xf table 50 pref 500' 'not to 10.0.0.0/8 iif much table 51' >"$folder/rule-much"
	printf '%s\n' 'from 2001:db8:51::/48 table 50' >"$folder/rule6-much"
	gre lo1 any 198.51.100.250 >"$folder/ifcfg-lo1"
}

ours() {
	ip -n lab-left -d -j link show group 2784 | jq -S 'map(del(.ifindex, .operstate, .permaddr, .address, .gso_ipv4_max_size, .gro_ipv4_max_size, .linkinfo.info_slave_data)) | sort_by(.ifname)'
	ip -n lab-left -j address show group 2784 | jq -S 'map({ifname, addr_info: (.addr_info // [] | map(select(.scope != "link") | del(.valid_life_time, .preferred_life_time)))}) | sort_by(.ifname)'
	for family in 4 6; do
		ip -n lab-left -$family route show table all proto 47 | sort
		ip -n lab-left -$family rule show | grep -E 'proto (47|tunneld)' | sed 's/^[0-9]*://' | sort
	done
	ip -n lab-left neigh show nud permanent | sort
}

test_fixpoint() {
	two_hosts
	make_zoo
	once left
	plan_is_empty left
	echo "note: $(ip -n lab-left -o link show group 2784 | wc -l) tunnels"
	# the daemon finds nothing to do either
	daemon left
	sleep 1
	! grep -E 'created|->|removed' "$work/left.log"
}

# What the plan prints, a shell can do: afterwards there is nothing left to do.
test_plan_as_commands() {
	two_hosts
	make_zoo
	plan left >"$work/plan"
	lab_run left sh -e "$work/plan"
	plan_is_empty left
	ours >"$work/by-hand"
	lab_run left tunneld --root="$work/left" --teardown
	once left
	ours >"$work/by-daemon"
	diff "$work/by-hand" "$work/by-daemon"
}

# From whatever somebody does to our links, the same end, and in one go.
test_convergence() {
	local round name change
	two_hosts
	make_zoo
	once left
	ours >"$work/wanted"
	RANDOM=1
	for round in 1 2 3 4 5 6; do
		for name in $(ip -n lab-left -j link show group 2784 | jq -r '.[].ifname'); do
			change=$((RANDOM % 12))
			case $change in
			0) ip -n lab-left link delete dev "$name" ;;
			1) ip -n lab-left link set dev "$name" down ;;
			2) ip -n lab-left link set dev "$name" mtu 1290 ;;
			3) ip -n lab-left address flush dev "$name" ;;
			4) ip -n lab-left link set dev "$name" multicast on ;;
			5) lab_run left sysctl -qw "net/ipv6/conf/$name/disable_ipv6=$((RANDOM % 2))" ;;
			6) ip -n lab-left link set dev "$name" alias nonsense ;;
			7) ip -n lab-left link change dev "$name" type "$(link left "$name" .linkinfo.info_kind)" ttl 99 2>/dev/null || true ;;
			8) ip -n lab-left link set dev "$name" group $((0x54e7dead)) ;;
			esac
		done 2>/dev/null || true
		case $round in
		1) ip -n lab-left route flush table all proto 47 ;;
		2) ip -n lab-left rule del from 10.5.0.0/16 table 50 ;;
		3) ip -n lab-left -6 route flush dev much ;;
		4) ip -n lab-left neigh flush dev hub nud permanent ;;
		5) ip -n lab-left address flush dev much ;;
		6) ip -n lab-left link set dev eth0 down && ip -n lab-left link set dev eth0 up && restore_ways ;;
		esac
		once left >"$work/left.log" 2>&1
		plan_is_empty left
		# what a file leaves open stays as somebody set it
		ours | sed 's/"MULTICAST",*//; /^ *$/d' >"$work/have"
		sed 's/"MULTICAST",*//; /^ *$/d' "$work/wanted" | diff - "$work/have"
	done
}

test_many_at_once() {
	local i
	two_hosts
	for i in $(seq 600); do
		gre "t$i" 192.0.2.1 "198.18.$((i / 250)).$((i % 250 + 1))" "KEY=$((i * 40503 % 65536))" "MY_INNER_IPADDR=10.$((i / 250)).$((i % 250)).1/30" >"$work/left/$scripts/ifcfg-t$i"
	done
	daemon left
	same links "$(ip -n lab-left -o link show group 2784 up | wc -l)" 600
	plan_is_empty left
	for i in $(seq 600); do
		[[ $((i % 2)) == 1 ]] || rm "$work/left/$scripts/ifcfg-t$i"
	done
	ctl left reload
	same links "$(ip -n lab-left -o link show group 2784 up | wc -l)" 300
	for i in $(seq 1 2 599); do
		echo TTL=77 >>"$work/left/$scripts/ifcfg-t$i"
	done
	ctl left reload
	same ttl "$(ip -n lab-left -d -j link show group 2784 | jq '[.[] | select(.linkinfo.info_data.ttl == 77)] | length')" 300
	rm "$work/left/$scripts"/ifcfg-t*
	ctl left reload
	same links "$(ip -n lab-left -o link show group 2784 | wc -l)" 0
}

# One edit among many: one file is read, one link is asked for, one change is sent, and nothing is dumped whole.
test_work_is_proportional() {
	local i tracer
	two_hosts
	for i in $(seq 300); do
		gre "t$i" 192.0.2.1 "198.18.$((i / 250)).$((i % 250 + 1))" "KEY=$i" TTL=1 >"$work/left/$scripts/ifcfg-t$i"
	done
	daemon left
	strace -qq -s 4096 -e trace=openat,sendto,recvfrom -o "$work/trace" -p "$(daemon_pid left)" &
	tracer=$!
	sleep 2
	gre t150 192.0.2.1 198.18.0.151 KEY=150 TTL=2 | put left ifcfg-t150
	eventually link_is left t150 .linkinfo.info_data.ttl 2
	sleep 1
	kill "$tracer"
	wait "$tracer" || true
	same 'files read' "$(grep -c 'openat.*ifcfg-t' "$work/trace")" 1
	grep -q 'ifcfg-t150' "$work/trace"
	# to strace, a socket that it did not see made has no protocol: 0x10 is RTM_NEWLINK, 0x12 RTM_GETLINK, 0x300 NLM_F_DUMP
	same 'whole dumps of links' "$(grep '^sendto' "$work/trace" | grep -c 'nlmsg_type=0x12 .*0x300' || true)" 0
	same changes "$(grep '^sendto' "$work/trace" | grep -c 'nlmsg_type=0x10 ')" 1
	echo "note: $(grep -c '^sendto' "$work/trace") messages or batches sent for one edit among 300"
}
