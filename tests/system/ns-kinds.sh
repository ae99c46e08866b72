# Kinds of tunnels and options that only some have: packets, changes, bridges and VRFs.
# shellcheck shell=bash disable=SC2154

tunnel() { # device, type, local, remote, further lines
	printf '%s\n' "DEVICE=$1" "TYPE=$2" "MY_OUTER_IPADDR=$3" "PEER_OUTER_IPADDR=$4" "${@:5}"
}

all_kinds='GRE IPIP SIT GRE6 IPIP6 IP6IP6 GRETAP IP6GRETAP ERSPAN IP6ERSPAN ISATAP VTI VTI6'

# The least that a tunnel of a kind needs; from the left host's point of view.
of_kind() { # device, type, further lines
	case $2 in
	SIT) printf '%s\n' "DEVICE=$1" TYPE=SIT IPV6TUNNELIPV4LOCAL=192.0.2.1 IPV6TUNNELIPV4=192.0.2.2 "${@:3}" ;;
	GRE6 | IPIP6 | IP6IP6 | IP6GRETAP | VTI6) tunnel "$1" "$2" 2001:db8:1::1 2001:db8:1::2 "${@:3}" ;;
	IP6ERSPAN) tunnel "$1" "$2" 2001:db8:1::1 2001:db8:1::2 KEY=7 "${@:3}" ;;
	ERSPAN) tunnel "$1" "$2" 192.0.2.1 192.0.2.2 KEY=7 "${@:3}" ;;
	*) tunnel "$1" "$2" 192.0.2.1 192.0.2.2 "${@:3}" ;;
	esac
}

# The same tunnel from the other end.
mirrored() {
	sed -E 's/192\.0\.2\.1$/192.0.2.@/; s/192\.0\.2\.2$/192.0.2.1/; s/@$/2/
		s/2001:db8:1::1$/2001:db8:1::@/; s/2001:db8:1::2$/2001:db8:1::1/; s/@$/2/
		s/^(MY_INNER_IPADDR=10\.0\.0)\.1/\1.2/; s/^(IPV6ADDR=2001:db8:9:)1:/\12:/
		s/^(TUNNEL_GRE_)I(.*)/\1x\2/; s/^(TUNNEL_GRE_)O/\1I/; s/^(TUNNEL_GRE_)x/\1O/'
}

both_ends() { # device, type, further lines
	of_kind "$@" | put left "ifcfg-$1"
	of_kind "$@" | mirrored | put right "ifcfg-$1"
}

crosses_ipv6() { # type
	[[ $1 != IPIP && $1 != IPIP6 ]]
}

crosses_ipv4() { # type
	[[ $1 != SIT && $1 != ISATAP && $1 != IP6IP6 ]]
}

# What a VTI hands to IPsec, and takes from it, has its key for a mark.
secure() { # host, its outer address, the other's, mark, SPI sent, SPI received
	local net state=(proto esp reqid 1 mode tunnel mark "$4" flag af-unspec auth 'hmac(sha256)' "0x$(printf '01%.0s' {1..32})" enc 'cbc(aes)' "0x$(printf '02%.0s' {1..16})")
	ip -n "lab-$1" xfrm state add src "$2" dst "$3" spi "$5" "${state[@]}"
	ip -n "lab-$1" xfrm state add src "$3" dst "$2" spi "$6" "${state[@]}"
	for net in 0.0.0.0/0 ::/0; do
		ip -n "lab-$1" xfrm policy add src $net dst $net dir out mark "$4" tmpl src "$2" dst "$3" proto esp reqid 1 mode tunnel
		ip -n "lab-$1" xfrm policy add src $net dst $net dir in mark "$4" tmpl src "$3" dst "$2" proto esp reqid 1 mode tunnel
	done
}

link_indexes() { # host: names and indexes
	ip -n "lab-$1" -j link show group 2784 | jq -r '.[] | select(.ifname) | "\(.ifname) \(.ifindex)"' | sort
}

# Tries until a packet comes back.
reaches() { # host, address, ping's options
	lab_run "$1" ping -n -q -c 1 -i 0.2 -w 30 "${@:3}" "$2"
}

test_kinds_carry_packets() {
	local type
	two_hosts
	secure left 192.0.2.1 192.0.2.2 21 0x1001 0x1002
	secure right 192.0.2.2 192.0.2.1 21 0x1002 0x1001
	secure left 2001:db8:1::1 2001:db8:1::2 22 0x2001 0x2002
	secure right 2001:db8:1::2 2001:db8:1::1 22 0x2002 0x2001
	for type in $all_kinds; do
		local lines=()
		! crosses_ipv4 $type || lines+=(MY_INNER_IPADDR=10.0.0.1/30)
		[[ $type == ISATAP ]] || ! crosses_ipv6 $type || lines+=(IPV6ADDR=2001:db8:9:1::1/48)
		[[ $type != VTI ]] || lines+=(KEY=21)
		[[ $type != VTI6 ]] || lines+=(KEY=22)
		echo "== $type"
		both_ends k1 $type "${lines[@]}"
		if [[ $type == ISATAP ]]; then # RFC 5214, 6.1: only such an address is believed
			echo IPV6ADDR=2001:db8:9:1::5efe:192.0.2.1/48 >>"$work/left/$scripts/ifcfg-k1"
			echo IPV6ADDR=2001:db8:9:2::5efe:192.0.2.2/48 >>"$work/right/$scripts/ifcfg-k1"
		fi
		once left
		once right
		plan_is_empty left
		plan_is_empty right
		! crosses_ipv4 $type || reaches left 10.0.0.2
		[[ $type == ISATAP ]] || ! crosses_ipv6 $type || reaches left 2001:db8:9:2::1
		[[ $type != ISATAP ]] || reaches left 2001:db8:9:2::5efe:c000:202
		drop left ifcfg-k1
		drop right ifcfg-k1
		once left
		once right
		has_no_link left k1
	done
}

test_kinds_gre_flags_by_direction() {
	local type
	two_hosts
	for type in GRE GRE6 GRETAP IP6GRETAP; do
		both_ends k1 $type MY_INNER_IPADDR=10.0.0.1/30 TUNNEL_GRE_IKEY=5 TUNNEL_GRE_OKEY=6
		echo 'TUNNEL_GRE_FLAGS="oseq icsum"' >>"$work/left/$scripts/ifcfg-k1"
		echo 'TUNNEL_GRE_FLAGS="iseq ocsum"' >>"$work/right/$scripts/ifcfg-k1"
		once left
		once right
		plan_is_empty left
		plan_is_empty right
		link_is left k1 '.linkinfo.info_data | [.ikey, .okey, .iseq, .oseq, .icsum, .ocsum] | join(" ")' '0.0.0.5 0.0.0.6  true true '
		reaches left 10.0.0.2
	done
}

# Frames of hosts behind, through bridges.
test_kinds_bridge() {
	local side type
	for type in GRETAP IP6GRETAP; do
		two_hosts
		for side in left right; do
			lab_make_host $side-host
			lab_cable $side eth1 $side-host eth0
			ip -n lab-$side link add name br0 type bridge
			ip -n lab-$side link set dev br0 up
			ip -n lab-$side link set dev eth1 master br0
		done
		lab_address left-host eth0 10.7.0.1/24
		lab_address right-host eth0 10.7.0.2/24
		both_ends k1 $type BRIDGE=br0 KEY=4
		echo MACADDR=02:00:5e:00:53:07 >>"$work/left/$scripts/ifcfg-k1"
		daemon left
		daemon right
		reaches left-host 10.7.0.2
		link_is left k1 .master br0
		link_is left k1 .address 02:00:5e:00:53:07
		plan_is_empty left
		local before
		before=$(ifindex left k1)
		sed -i 's/^MACADDR=.*/MACADDR=02:00:5e:00:53:08/; s/^BRIDGE=.*//' "$work/left/$scripts/ifcfg-k1"
		ctl left reload
		link_is left k1 .address 02:00:5e:00:53:08
		link_is left k1 .master null
		same ifindex "$(ifindex left k1)" "$before"
		grep -q 'k1: address 02:00:5e:00:53:07 -> 02:00:5e:00:53:08' "$work/left.log"
		echo BRIDGE=br0 >>"$work/left/$scripts/ifcfg-k1"
		ctl left reload
		reaches left-host 10.7.0.2
		plan_is_empty left
	done
}

# In UDP: the other end's port is opened by hand, as the manual says.
test_kinds_in_udp() {
	local type how proto
	two_hosts
	lab_run left modprobe -a fou fou6
	for how in fou gue; do
		for type in GRE IPIP SIT GRETAP GRE6 IPIP6 IP6IP6; do
			[[ $how == fou || $type == GRE || $type == IP6IP6 ]] || continue
			local lines=("TUNNEL_ENCAP=$how" TUNNEL_ENCAP_DPORT=5555 TUNNEL_ENCAP_SPORT=auto) family='' port=5555
			case $type in GRE*) proto=47 ;; IPIP*) proto=4 ;; *) proto=41 ;; esac
			case $type in *6) family=-6 ;; esac
			! crosses_ipv4 $type || lines+=(MY_INNER_IPADDR=10.0.0.1/30)
			[[ $type != SIT && $type != IP6IP6 ]] || lines+=(IPV6ADDR=2001:db8:9:1::1/48)
			for side in left right; do
				ip -n lab-$side fou add port $port $([[ $how == gue ]] && echo gue || echo ipproto $proto) $family
			done
			echo "== $how $type"
			both_ends k1 $type "${lines[@]}"
			once left
			once right
			plan_is_empty left
			link_is left k1 .linkinfo.info_data.encap.type $how
			link_is left k1 .linkinfo.info_data.encap.dport 5555
			if crosses_ipv4 $type; then
				reaches left 10.0.0.2
			else
				reaches left 2001:db8:9:2::1
			fi
			for side in left right; do
				ip -n lab-$side fou del port $port $family
			done
		done
	done
}

test_kinds_udp_without_its_module() {
	two_hosts
	lab_run left modprobe -r fou6 fou || true
	! grep -q '^fou' /proc/modules || { echo 'note: the module cannot be unloaded'; return 0; }
	of_kind k1 GRE TUNNEL_ENCAP=fou TUNNEL_ENCAP_DPORT=5555 | put left ifcfg-k1
	of_kind k2 GRE6 TUNNEL_ENCAP=fou TUNNEL_ENCAP_DPORT=5555 | put left ifcfg-k2
	! once left >"$work/left.log" 2>&1
	grep 'k1: failed: it cannot be created: .* its module fou must be loaded' "$work/left.log"
	grep 'k2: failed: it cannot be created: .* its module fou6 must be loaded' "$work/left.log"
	lab_run left modprobe -a fou fou6
	once left
	plan_is_empty left
}

# What each packet's route says.
test_kinds_external() {
	local type
	two_hosts
	for type in GRE IPIP GRETAP; do
		printf '%s\n' DEVICE=k1 TYPE=$type TUNNEL_EXTERNAL=yes MY_INNER_IPADDR=10.0.0.1/32 | put left ifcfg-k1
		both_ends k2 $type KEY=9 MY_INNER_IPADDR=10.0.0.1/30
		rm "$work/left/$scripts/ifcfg-k2"
		[[ $type != IPIP ]] || sed -i /KEY/d "$work/right/$scripts/ifcfg-k2"
		once left
		once right
		plan_is_empty left
		link_is left k1 .linkinfo.info_data.external true
		if [[ $type != GRETAP ]]; then
			ip -n lab-left route replace 10.0.0.2 encap ip id 9 src 192.0.2.1 dst 192.0.2.2 $([[ $type == IPIP ]] || echo key) dev k1
			reaches left 10.0.0.2
		fi
	done
	rm "$work/left/$scripts"/ifcfg-k1
	for type in GRE6 IPIP6 IP6IP6 IP6GRETAP ERSPAN IP6ERSPAN; do
		printf '%s\n' DEVICE=k1 TYPE=$type TUNNEL_EXTERNAL=yes | put left ifcfg-k1
		once left
		plan_is_empty left
		link_is left k1 .linkinfo.info_data.external true
		of_kind k1 $type | put left ifcfg-k1
		once left
		plan_is_empty left
		link_is left k1 .linkinfo.info_data.external null
	done
}

# Type, lines before, lines after ("-": none; "," between), is it made anew?, and what the kernel must say then.
changes='GRE TUNNEL_FWMARK=5 TUNNEL_FWMARK=6 kept .fwmark=0x6
IPIP - TUNNEL_FWMARK=6 kept .fwmark=0x6
SIT TUNNEL_FWMARK=6 - kept .fwmark=null
ISATAP - TTL=9 kept .ttl=9
ISATAP - TUNNEL_FWMARK=1 kept .isatap=true
VTI KEY=5 KEY=6 kept .okey=0.0.0.6
VTI - TUNNEL_GRE_IKEY=6 kept .ikey=0.0.0.6
VTI KEY=5 TUNNEL_FWMARK=3 kept .ikey=null
VTI6 KEY=5 - kept .ikey=null
VTI6 - TUNNEL_GRE_OKEY=4294967295,TUNNEL_FWMARK=0x10 kept .fwmark=0x10
GRETAP - KEY=3 kept .ikey=0.0.0.3
GRETAP KEY=3 TUNNEL_FWMARK=3 kept .ikey=null
GRETAP - TTL=9,TUNNEL_TOS=inherit kept .ttl=9
GRETAP TUNNEL_GRE_FLAGS=icsum TUNNEL_GRE_FLAGS=ocsum kept .ocsum=true
GRETAP PEER_OUTER_IPADDR=192.0.2.2 PEER_OUTER_IPADDR=any kept .remote=any
GRETAP PEER_OUTER_IPADDR=any PEER_OUTER_IPADDR=192.0.2.12 kept .remote=192.0.2.12
GRE TUNNEL_PMTUDISC=no TUNNEL_PMTUDISC=no,TUNNEL_IGNORE_DF=yes kept .ignore_df=true
GRE - TUNNEL_PMTUDISC=no,TUNNEL_IGNORE_DF=yes kept .ignore_df=true
GRE TUNNEL_PMTUDISC=no,TUNNEL_IGNORE_DF=yes TTL=64 kept .pmtudisc=true
GRETAP TUNNEL_PMTUDISC=no,TUNNEL_IGNORE_DF=yes TUNNEL_PMTUDISC=no kept .ignore_df=null
GRETAP TUNNEL_PMTUDISC=no,TUNNEL_IGNORE_DF=yes - kept .pmtudisc=true
GRE6 TUNNEL_ENCAP_LIMIT=none TUNNEL_ENCAP_LIMIT=7 kept .encap_limit=7
IPIP6 - TUNNEL_ENCAP_LIMIT=none kept .ip6_tnl_f_ign_encap_limit=true
IP6IP6 TUNNEL_FLOWLABEL=inherit TUNNEL_FLOWLABEL=0x12345 kept .flowlabel=0x12345
IP6IP6 TUNNEL_TOS=16,TUNNEL_FLOWLABEL=3 TUNNEL_TOS=inherit,TUNNEL_FLOWLABEL=3 kept .flowlabel=0x00003
IP6GRETAP TUNNEL_TOS=16,TUNNEL_FLOWLABEL=3 - kept .flowlabel=0x00000
IP6GRETAP - KEY=6 kept .okey=0.0.0.6
IP6GRETAP PEER_OUTER_IPADDR=2001:db8:1::2 PEER_OUTER_IPADDR=any anew .remote=any
GRE TUNNEL_ENCAP=fou,TUNNEL_ENCAP_DPORT=7 TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=8 kept .encap.dport=8
GRE TUNNEL_ENCAP=fou,TUNNEL_ENCAP_DPORT=7 - kept .encap=null
IPIP - TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=7,TUNNEL_ENCAP_SPORT=6 kept .encap.sport=6
SIT TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=7 - kept .encap=null
GRETAP - TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=7,TUNNEL_ENCAP_FLAGS=remcsum kept .encap.remcsum=true
IP6IP6 TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=7 TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=7,TUNNEL_ENCAP_FLAGS=csum kept .encap.csum6=false
IP6GRETAP - TUNNEL_ENCAP=gue,TUNNEL_ENCAP_DPORT=7 kept .encap.csum6=true
IP6GRETAP TUNNEL_ENCAP=fou,TUNNEL_ENCAP_DPORT=7 - kept .encap=null
ERSPAN TUNNEL_ERSPAN_INDEX=5 TUNNEL_ERSPAN_INDEX=6 kept .erspan_index=6
ERSPAN KEY=7 KEY=8 kept .ikey=0.0.0.8
ERSPAN - TUNNEL_ERSPAN_VERSION=2,TUNNEL_ERSPAN_DIRECTION=egress,TUNNEL_ERSPAN_HWID=3 anew .erspan_hwid=0x3
ERSPAN TUNNEL_ERSPAN_VERSION=2 TUNNEL_ERSPAN_VERSION=2,TUNNEL_ERSPAN_DIRECTION=egress kept .erspan_dir=egress
ERSPAN TUNNEL_ERSPAN_VERSION=0,KEY= - anew .erspan_ver=1
IP6ERSPAN TUNNEL_ERSPAN_INDEX=5 TUNNEL_ERSPAN_INDEX=6 kept .erspan_index=6
IP6ERSPAN - TUNNEL_ERSPAN_VERSION=2,TUNNEL_ERSPAN_HWID=3 kept .erspan_hwid=0x3
IP6ERSPAN TUNNEL_ERSPAN_VERSION=2,TUNNEL_ERSPAN_HWID=3 - kept .erspan_ver=1
GRE TUNNEL_EXTERNAL=yes - anew .external=null
IP6GRETAP - TUNNEL_EXTERNAL=yes anew .external=true
GRETAP MACADDR=02:00:5e:00:53:01 MACADDR=02:00:5e:00:53:02 kept .local=192.0.2.1
SIT - TYPE=ISATAP,MY_OUTER_IPADDR=192.0.2.1,PEER_OUTER_IPADDR=192.0.2.2 anew .isatap=true
IPIP6 - TYPE=IP6IP6 kept .proto=ip6ip6
IPIP6 TUNNEL_EXTERNAL=yes TYPE=IP6IP6,TUNNEL_EXTERNAL=yes anew .proto=ip6ip6
IP6GRETAP KEY=7 TYPE=IP6ERSPAN,KEY=7 anew .erspan_ver=1
GRETAP KEY=7 TYPE=ERSPAN,KEY=7 anew .erspan_ver=1'

# Writes a file for each row of the table, every tunnel with a peer of its own: with the lines before or after.
put_rows() { # before or after
	local type before after how value number=0
	while read -r type before after how value; do
		number=$((number + 1))
		[[ $1 == before ]] || before=$after
		{
			of_kind "k$number" "$type" | sed "s/\([.:]\)2\$/\1$((100 + number))/"
			[[ $before == - ]] || tr , '\n' <<<"$before"
		} | put left "ifcfg-k$number"
	done <<<"$changes"
}

index_in() { # file of link_indexes, name
	awk -v name="$2" '$1 == name { print $2 }' "$1"
}

# Prints those that are not as the table says.
wrong_rows() { # file with the indexes before
	local type before after how value number=0 have old new
	ip -n lab-left -d -j link show group 2784 >"$work/links"
	link_indexes left >"$work/indexes-now"
	while read -r type before after how value; do
		number=$((number + 1))
		have=$(jq -r --arg name "k$number" ".[] | select(.ifname == \$name) | .linkinfo.info_data${value%%=*}" "$work/links")
		[[ $have == "${value#*=}" ]] || echo "k$number: $type $before -> $after: ${value%%=*} is $have"
		old=$(index_in "$1" "k$number") new=$(index_in "$work/indexes-now" "k$number")
		[[ $how == anew || $new == "$old" ]] || echo "k$number: $type $before -> $after: made anew"
		[[ $how == kept || $new != "$old" ]] || echo "k$number: $type $before -> $after: kept"
	done <<<"$changes"
}

# Each change in place, or anew where the kernel wants it so; and once more as commands in a shell, with the same end.
# Whatever the kernel chooses for an MTU is what tunneld would say: nothing is left to do after any creation.
test_kinds_changes() {
	local way
	two_hosts
	lab_run left modprobe -a fou fou6
	ip -n lab-left link set dev eth0 mtu 3000
	for way in files commands; do
		put_rows before
		once left >"$work/left.log" 2>&1 || { cat "$work/left.log"; return 1; }
		[[ $way == commands ]] || not grep mtu "$work/left.log"
		plan_is_empty left
		link_indexes left >"$work/indexes"
		same tunnels "$(wc -l <"$work/indexes")" "$(wc -l <<<"$changes")"
		put_rows after
		if [[ $way == files ]]; then
			once left >"$work/left.log" 2>&1 || { cat "$work/left.log"; return 1; }
		else
			plan left >"$work/commands"
			lab_run left bash -eEc "trap 'echo failed: \$BASH_COMMAND' ERR; . $work/commands"
		fi
		plan_is_empty left
		same 'wrong rows' "$(wrong_rows "$work/indexes")" ''
	done
	rm "$work/left/$scripts"/ifcfg-k*
	once left
	put_rows after
	once left >"$work/left.log" 2>&1
	not grep mtu "$work/left.log"
	plan_is_empty left
}

# Whatever somebody does to them by hand, the next pass puts it right, in place.
test_kinds_converge() {
	local type number=0
	two_hosts
	lab_run left modprobe -a fou fou6
	for type in $all_kinds; do
		number=$((number + 1))
		of_kind "h$type" "$type" | sed "s/\([.:]\)2\$/\1$((100 + number))/" | put left "ifcfg-h$type"
	done
	once left
	plan_is_empty left
	link_indexes left >"$work/before"
	same tunnels "$(wc -l <"$work/before")" 13
	ip -n lab-left link set dev hGRE type gre ignore-df nopmtudisc ttl inherit fwmark 7
	ip -n lab-left link set dev hIPIP type ipip mode ipip encap fou encap-dport 9
	ip -n lab-left link set dev hSIT type sit mode ip6ip ttl 7 encap gue encap-dport 9
	ip -n lab-left link set dev hISATAP type sit mode ip6ip ttl 7 isatap
	ip -n lab-left link set dev hGRE6 type ip6gre encaplimit none flowlabel 7
	ip -n lab-left link set dev hIPIP6 type ip6tnl mode any tclass inherit
	ip -n lab-left link set dev hIP6IP6 type ip6tnl mode ip6ip6 encap gue encap-dport 9
	ip -n lab-left link set dev hGRETAP type gretap remote 192.0.2.99 key 99
	ip -n lab-left link set dev hIP6GRETAP type ip6gretap key 99 seq
	ip -n lab-left link set dev hERSPAN type erspan key 7 erspan_ver 1 erspan 99
	ip -n lab-left link set dev hIP6ERSPAN type ip6erspan key 7 erspan_ver 2 erspan_hwid 9
	ip -n lab-left link set dev hVTI type vti ikey 9 okey 9 fwmark 9
	ip -n lab-left link set dev hVTI6 type vti6 ikey 9 okey 9
	! plan_is_empty left
	once left
	plan_is_empty left
	same links "$(link_indexes left)" "$(cat "$work/before")"
}

# What changes places has to go aside for a moment.
test_kinds_change_places() {
	local i
	two_hosts
	for i in 1 2; do
		tunnel "a$i" ERSPAN 192.0.2.1 "192.0.2.10$i" KEY=7 | put left "ifcfg-a$i"
		tunnel "b$i" VTI 192.0.2.1 "192.0.2.10$i" | put left "ifcfg-b$i"
		tunnel "c$i" VTI6 2001:db8:1::1 "2001:db8:1::10$i" | put left "ifcfg-c$i"
		tunnel "d$i" ISATAP 192.0.2.1 "192.0.2.10$i" | put left "ifcfg-d$i"
		tunnel "e$i" IP6ERSPAN 2001:db8:1::1 "2001:db8:1::10$i" KEY=7 | put left "ifcfg-e$i"
		tunnel "f$i" GRETAP 192.0.2.1 "192.0.2.10$i" TUNNEL_PMTUDISC=no TUNNEL_IGNORE_DF=yes | put left "ifcfg-f$i"
		tunnel "g$i" IP6GRETAP 2001:db8:1::1 "2001:db8:1::10$i" KEY=8 | put left "ifcfg-g$i"
	done
	once left
	link_indexes left >"$work/before"
	for i in 1 2; do
		sed -i "s/^\(PEER_OUTER_IPADDR=.*10\)$i/\1$((3 - i))/; /PMTUDISC/d; /IGNORE_DF/d" "$work/left/$scripts"/ifcfg-[a-g]$i
	done
	once left
	plan_is_empty left
	same links "$(link_indexes left)" "$(cat "$work/before")"
	link_is left a1 .linkinfo.info_data.remote 192.0.2.102
	link_is left e2 .linkinfo.info_data.remote 2001:db8:1::101
}

# What one kernel cannot tell apart is refused while the files are read, and what it can is not.
test_kinds_that_are_one_to_the_kernel() {
	two_hosts
	of_kind k1 IP6GRETAP KEY=7 | put left ifcfg-k1
	of_kind k2 IP6ERSPAN | put left ifcfg-k2
	! once left >"$work/left.log" 2>&1
	grep 'ifcfg-k2: error: the same outer addresses and key as k1' "$work/left.log"
	has_link left k1
	of_kind k1 GRETAP KEY=7 | put left ifcfg-k1
	of_kind k2 ERSPAN | put left ifcfg-k2
	of_kind k3 GRE KEY=7 | put left ifcfg-k3
	printf '%s\n' DEVICE=k4 TYPE=IP6GRETAP TUNNEL_EXTERNAL=yes | put left ifcfg-k4
	printf '%s\n' DEVICE=k5 TYPE=IP6ERSPAN TUNNEL_EXTERNAL=yes | put left ifcfg-k5
	once left
	plan_is_empty left
	printf '%s\n' DEVICE=k6 TYPE=GRE6 TUNNEL_EXTERNAL=yes | put left ifcfg-k6
	! once left >"$work/left.log" 2>&1
	grep 'ifcfg-k6: error: an external tunnel.* as k4' "$work/left.log"
}

# More than can be is as much as can be.
test_kinds_mtu() {
	local type
	two_hosts
	of_kind k1 ERSPAN TUNNEL_ERSPAN_VERSION=2 MTU=65535 | put left ifcfg-k1
	for type in GRE GRE6 GRETAP IP6GRETAP IPIP6 IP6IP6 IP6ERSPAN VTI VTI6 SIT; do
		of_kind "m$type" "$type" MTU=65535 | put left "ifcfg-m$type"
		[[ $type != IPIP6 ]] || sed -i 's/::2$/::12/' "$work/left/$scripts/ifcfg-m$type"
	done
	once left
	plan_is_empty left
	link_is left k1 .mtu 65481
	link_is left mIPIP6 .mtu 65495
	link_is left mIP6GRETAP .mtu 65517
	link_is left mIP6ERSPAN .mtu 65505
	link_is left mVTI6 .mtu 65495
}

test_kinds_controller_comes_later() {
	two_hosts
	of_kind k1 GRETAP BRIDGE=br0 | put left ifcfg-k1
	daemon left
	eventually grep -q 'k1: waiting: for the device br0' "$work/left.log"
	has_no_link left k1
	ip -n lab-left link add name br0 type bridge
	ip -n lab-left link set dev br0 up
	eventually link_is left k1 .master br0
	plan_is_empty left
	ip -n lab-left link delete dev br0
	link_is left k1 .master null
	ip -n lab-left link add name br0 type bridge
	ip -n lab-left link set dev br0 up
	eventually link_is left k1 .master br0
	plan_is_empty left
	# what is no bridge is left alone, and said
	sed -i s/br0/eth0/ "$work/left/$scripts/ifcfg-k1"
	! ctl left reload
	eventually stands k1 failed 'it cannot be put into its bridge or VRF, or taken out of it: the device eth0 does not take it'
}

# Entering and leaving a VRF sets a link down and up in the kernel: all that goes with it is put back at once.
test_kinds_vrf() {
	local before side
	two_hosts
	both_ends k1 GRE KEY=3 MY_INNER_IPADDR=10.0.0.1/30 IPV6ADDR=2001:db8:9:1::1/48
	printf '%s\n' '10.66.0.0/16 dev k1' '10.67.0.0/16 dev k1 table 100' | put left route-k1
	printf '%s\n' '2001:db8:66::/48 dev k1 table 100' | put left route6-k1
	for side in left right; do
		ip -n lab-$side link add name vrf1 type vrf table 100
		ip -n lab-$side link set dev vrf1 up
	done
	once left
	once right
	plan_is_empty left
	reaches left 10.0.0.2
	before=$(ifindex left k1)
	echo VRF=vrf1 >>"$work/left/$scripts/ifcfg-k1"
	plan left >"$work/plan"
	lab_run left bash -e "$work/plan"
	cat "$work/plan"
	plan_is_empty left
	same ifindex "$(ifindex left k1)" "$before"
	link_is left k1 .master vrf1
	addresses_are left k1 $'10.0.0.1/30\n2001:db8:9:1::1/48'
	[[ -n $(ip -n lab-left route show 10.66.0.0/16 dev k1) ]]
	[[ -n $(ip -n lab-left route show 10.67.0.0/16 table 100 dev k1) ]]
	[[ -n $(ip -n lab-left route show 10.0.0.0/30 table 100 dev k1) ]]
	[[ -n $(ip -n lab-left -6 route show 2001:db8:66::/48 table 100 dev k1) ]]
	reaches left 10.0.0.2 -I vrf1
	reaches left 2001:db8:9:2::1 -I vrf1
	sed -i /VRF/d "$work/left/$scripts/ifcfg-k1"
	once left
	plan_is_empty left
	same ifindex "$(ifindex left k1)" "$before"
	addresses_are left k1 $'10.0.0.1/30\n2001:db8:9:1::1/48'
	reaches left 10.0.0.2
	# created in it
	echo VRF=vrf1 >>"$work/left/$scripts/ifcfg-k1"
	ip -n lab-left link delete dev k1
	once left
	plan_is_empty left
	reaches left 10.0.0.2 -I vrf1
}

# What others have put it into is theirs, also after a restart; what its file has said is ours.
test_kinds_what_others_put_it_into() {
	two_hosts
	of_kind k1 GRETAP MY_INNER_IPADDR=10.0.0.1/30 | put left ifcfg-k1
	daemon left
	ip -n lab-left link add name br0 type bridge
	ip -n lab-left link add name br1 type bridge
	ip -n lab-left link add name vrf1 type vrf table 77
	ip -n lab-left link set dev vrf1 up
	for controller in br0 vrf1; do
		ip -n lab-left link set dev k1 master $controller
		ctl left reload
		link_is left k1 .master $controller
		plan_is_empty left
		ip -n lab-left link set dev k1 nomaster
	done
	echo BRIDGE=br1 >>"$work/left/$scripts/ifcfg-k1"
	ctl left reload
	link_is left k1 .master br1
	link_is left k1 .ifalias "tunneld:port:/$scripts/ifcfg-k1"
	sed -i '/^BRIDGE/d' "$work/left/$scripts/ifcfg-k1"
	eventually link_is left k1 .master null
	link_is left k1 .ifalias "tunneld:/$scripts/ifcfg-k1"
	ip -n lab-left link set dev k1 master br1
	ctl left reload
	link_is left k1 .master br1
	plan_is_empty left
}
