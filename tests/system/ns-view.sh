# What is shown of a tunnel, and what would be done: looked at, and never changed by that.
# shellcheck shell=bash disable=SC2154

# Over the daemon's own socket.
bus() { # host, busctl's arguments
	busctl --json=short --address="unix:path=$work/$1/run/tunneld/private" "${@:2}"
}

property() { # host, tunnel, property
	bus "$1" get-property io.tunneld "/io/tunneld/tunnel/$2" io.tunneld.Tunnel "$3" | jq -c .data
}

property_is() { # host, tunnel, property, value
	same "$3 of $2" "$(property "$1" "$2" "$3")" "$4"
}

# Attributes without their types: {"kind":"gre",...}
attributes() { # host, tunnel, Wanted or Actual
	property "$1" "$2" "$3" | jq -Sc 'map_values(.data)'
}

attribute() { # host, tunnel, Wanted or Actual, name
	attributes "$@" | jq -r --arg name "$4" '.[$name] | tostring'
}

# "present 10.0.0.1/30", a line each
marks() { # host, tunnel, property
	property "$1" "$2" "$3" | jq -r '.[] | "\(.[1]) \(.[0])"'
}

# All properties, without their types.
everything() { # host, tunnel
	bus "$1" call io.tunneld "/io/tunneld/tunnel/$2" org.freedesktop.DBus.Properties GetAll s io.tunneld.Tunnel |
		jq -Sc '.data[0] | map_values(.data) | .Wanted |= map_values(.data) | .Actual |= map_values(.data)'
}

name_of() { # TYPE= of an ifcfg file: of the kind
	if [[ $1 == GRE6 ]]; then echo ip6gre; else echo "${1,,}"; fi
}

marks_are() { # host, tunnel, property, lines
	same "$3 of $2" "$(marks "$1" "$2" "$3")" "$4"
}

differences() { # host, tunnel
	property "$1" "$2" Differences | jq -r 'sort | join(" ")'
}

manager() { # host, method, its arguments
	bus "$1" call io.tunneld /io/tunneld io.tunneld.Manager "${@:2}"
}

# A plan, as if these files were in place.
foresee() { # host, then path and file each
	local host=$1 n=$((($# - 1) / 2))
	local -a files=() bytes
	shift
	while [[ $# -gt 0 ]]; do
		mapfile -t bytes < <(od -v -An -tu1 -w1 "$2" | tr -d ' ')
		files+=("$1" "${#bytes[@]}" "${bytes[@]}")
		shift 2
	done
	manager "$host" Plan 'a(say)' $n "${files[@]}"
}

preview() { # as foresee: its items
	foresee "$@" | jq -c '.data[0]'
}

# A field of the item of one tunnel.
previewed() { # items, tunnel, which
	jq -c --arg name "$2" "map(select(.[0] == \$name)) | .[0] | .[$3]" <<<"$1"
}

nothing_to_do() { # host
	same 'the plan' "$(preview "$1")" '[]'
}

# The whole of the kernel's state, to see that nothing changed.
state_of() { # host
	ip -n "lab-$1" -d address show | sed -E 's/(valid|preferred)_lft.*//'
	ip -n "lab-$1" route show table all
	ip -n "lab-$1" -6 route show table all | sed -E 's/ expires [0-9]+sec//'
	ip -n "lab-$1" rule show
	ip -n "lab-$1" neighbour show nud permanent
}

run_commands() { # host, items, tunnel
	local command
	previewed "$2" "$3" 5 | jq -r '.[]' >"$work/commands"
	[[ -s $work/commands ]]
	while read -r command; do
		ip netns exec "lab-$1" sh -c "$command"
	done <"$work/commands"
}

test_view_of_each_kind_at_rest() {
	local type options seen
	two_hosts
	lab_run left modprobe -a fou fou6
	ip -n lab-left link add br0 type bridge
	daemon left
	for type in $all_kinds; do
		case $type in
		GRE) options=('TUNNEL_GRE_FLAGS="iseq ocsum"' TTL=9) ;;
		GRE6) options=(TUNNEL_ENCAP=gue TUNNEL_ENCAP_DPORT=5555) ;;
		GRETAP) options=(BRIDGE=br0 KEY=0xffffffff TUNNEL_TOS=16) ;;
		VTI) options=(KEY=9) ;;
		*) options=() ;;
		esac
		of_kind k1 "$type" "${options[@]}" | put left ifcfg-k1
		manager left Reload | jq -e '.data[1]'
		seen=$(everything left k1)
		same "$type: what its file wants, and what is" "$(jq -c '.Wanted' <<<"$seen")" "$(jq -c '.Wanted as $wanted | .Actual | with_entries(select(.key | in($wanted)))' <<<"$seen")"
		same "$type: kind, differences" "$(jq -c '[.Actual.kind, .Differences]' <<<"$seen")" "[\"$(name_of "$type")\",[]]"
		same "$type: the way's MTU is what the parts take and what they leave" "$(jq '.PathMTU == (.Overhead | map(.[1]) | add) + .Actual.mtu' <<<"$seen")" true
		link_is left k1 .mtu "$(jq .Actual.mtu <<<"$seen")"
	done
	nothing_to_do left
}

begin_drift() {
	two_hosts
	echo 'drift = ignore' >"$work/left/etc/tunneld/tunneld.conf"
	ip -n lab-left link add foreign0 type dummy
	ip -n lab-left link set foreign0 up
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.1/30 KEY=7 TTL=64 IPV6INIT=no | put left ifcfg-t1
	printf '%s\n' '10.9.0.0/16 dev t1' '10.8.0.0/16 via 192.0.2.2 dev eth0' '10.0.0.0/30 dev t1' | put left route-t1
	echo 'from 10.0.0.1 table 7 pref 900' | put left rule-t1
	gre t2 192.0.2.2 192.0.2.1 KEY=7 MY_INNER_IPADDR=10.0.0.2/30 | put right ifcfg-t2
	daemon left
	once right
}

test_view_of_drift() {
	begin_drift
	marks_are left t1 Routes $'present 10.9.0.0/16 dev t1\npresent 10.8.0.0/16 via 192.0.2.2 dev eth0\npresent 10.0.0.0/30 dev t1'
	marks_are left t1 Rules 'present from 10.0.0.1/32 table 7 pref 900'
	# all of this stays
	ip -n lab-left link change t1 type gre local 192.0.2.1 remote 192.0.2.2 ikey 7 nookey ttl 9
	ip -n lab-left link set t1 mtu 1300
	ip -n lab-left address add 10.0.7.1/24 dev t1
	ip -n lab-left route add 203.0.113.0/24 dev t1
	ip -n lab-left route add 203.0.114.0/24 dev t1 proto 47
	ip -n lab-left rule add iif t1 table 9 pref 901
	ip -n lab-left rule add iif t1 table 9 pref 902 protocol 47
	same differences "$(differences left t1)" 'mtu okey ttl'
	same 'wanted ttl' "$(attribute left t1 Wanted ttl)" 64
	same 'actual ttl' "$(attribute left t1 Actual ttl)" 9
	same 'wanted okey' "$(attribute left t1 Wanted okey)" 7
	same 'actual okey' "$(attribute left t1 Actual okey)" null
	same 'wanted mtu' "$(attribute left t1 Wanted mtu)" 1472
	same 'actual mtu' "$(attribute left t1 Actual mtu)" 1300
	marks_are left t1 Addresses $'present 10.0.0.1/30\nforeign 10.0.7.1/24'
	same routes "$(marks left t1 Routes | sort)" "$(printf '%s\n' 'foreign 203.0.113.0/24 dev t1' 'present 10.0.0.0/30 dev t1' \
		'present 10.8.0.0/16 via 192.0.2.2 dev eth0' 'present 10.9.0.0/16 dev t1' 'surplus 203.0.114.0/24 dev t1')"
	marks_are left t1 Rules $'present from 10.0.0.1/32 table 7 pref 900\nforeign iif t1 table 9 pref 901\nsurplus iif t1 table 9 pref 902'
	# what a look would do, and does
	previewed "$(preview left)" t1 4 | grep -F 'okey none -> 7, ttl 9 -> 64, mtu 1300 -> 1472'
	manager left Reconcile as 1 t1 | jq -e '.data[1]'
	same differences "$(differences left t1)" ''
	link_is left t1 .linkinfo.info_data.ttl 64
	same 'none surplus' "$(marks left t1 Routes | grep -c surplus || true)" 0
	[[ -n $(ip -n lab-left route show 203.0.113.0/24 dev t1) ]]
	nothing_to_do left
}

test_view_of_what_is_missing() {
	begin_drift
	same 'rx before' "$(property left t1 Statistics | jq .rx_packets)" 0
	pings left 10.0.0.2
	[[ $(property left t1 Statistics | jq .rx_packets) -ge 2 && $(property left t1 Statistics | jq .tx_bytes) -ge 168 ]]
	printf '%s\n' '10.8.0.0/16 via 192.0.2.2 dev eth0' | put left route-t1
	eventually marks_are left t1 Routes 'present 10.8.0.0/16 via 192.0.2.2 dev eth0'
	ip -n lab-left address delete 10.0.0.1/30 dev t1
	marks_are left t1 Addresses 'missing 10.0.0.1/30'
	same 'the action' "$(previewed "$(preview left)" t1 1)" '"change"'
	same 'the changes' "$(previewed "$(preview left)" t1 4)" '["address 10.0.0.1/30 added"]'
}

test_view_of_what_is_not_up() {
	two_hosts
	gre off1 192.0.2.1 192.0.2.9 ONBOOT=no MY_INNER_IPADDR=10.1.0.1/24 | put left ifcfg-off1
	gre down1 192.0.2.1 192.0.2.10 MY_INNER_IPADDR=10.2.0.1/24 | put left ifcfg-down1
	gre bad1 192.0.2.1 192.0.2.13 MY_INNER_IPADDR=10.3.0.1/24 | put left ifcfg-bad1
	gre foe1 192.0.2.1 192.0.2.14 | put left ifcfg-foe1
	echo 'KEY=x y' | put left ifcfg-never1
	gre never1 192.0.2.1 192.0.2.15 'KEY=x y' | put left ifcfg-never1
	ip -n lab-left link add foe1 type dummy
	daemon left
	manager left Down s down1 >/dev/null
	gre bad1 192.0.2.1 192.0.2.13 'KEY=x y' | put left ifcfg-bad1
	eventually property_is left bad1 State '"refused"'

	same 'no link: wanted' "$(attribute left off1 Wanted remote)" 192.0.2.9
	same 'no link: actual' "$(attributes left off1 Actual)" '{}'
	same 'no link: index' "$(property left off1 InterfaceIndex)" 0
	marks_are left off1 Addresses 'missing 10.1.0.1/24'
	same 'asked down: wanted' "$(attribute left down1 Wanted remote)" 192.0.2.10
	same 'asked down: actual' "$(attributes left down1 Actual)" '{}'
	same 'refused: wanted' "$(attributes left bad1 Wanted)" '{}'
	same 'refused: actual' "$(attribute left bad1 Actual remote)" 192.0.2.13
	marks_are left bad1 Addresses 'present 10.3.0.1/24'
	same 'conflict: wanted' "$(attribute left foe1 Wanted kind)" gre
	same 'conflict: actual' "$(attributes left foe1 Actual | jq 'has("kind")')" false
	same 'conflict: index' "$(property left foe1 InterfaceIndex)" "$(ifindex left foe1)"
	same 'conflict: differences' "$(differences left foe1)" ''
	same 'never was: wanted and actual' "$(attributes left never1 Wanted)$(attributes left never1 Actual)" '{}{}'
}

# What is foreseen is told, and not done; its commands, run by hand, leave nothing to do.
test_preview_of_files() {
	local before items
	begin_drift
	before=$(state_of left)
	gre t1 192.0.2.1 192.0.2.2 MY_INNER_IPADDR=10.0.0.5/30 KEY=9 TTL=64 MTU=1400 >"$work/t1"
	echo '10.9.0.0/16 dev t1 metric 5' >"$work/route-t1"
	gre new1 192.0.2.1 192.0.2.12 MY_INNER_IPADDR=10.5.0.1/24 >"$work/new1"
	items=$(preview left "/$scripts/ifcfg-t1" "$work/t1" route-t1 "$work/route-t1" ifcfg-new1 "$work/new1")
	same 'the state of the kernel' "$(state_of left)" "$before"
	[[ ! -e $work/left/etc/tunneld/ifcfg-new1 ]]
	same 'action of t1' "$(previewed "$items" t1 1)" '"change"'
	same 'state of t1' "$(previewed "$items" t1 2)" '"up"'
	previewed "$items" t1 4 | grep -F 'key 7 -> 9'
	previewed "$items" t1 4 | grep -F 'address 10.0.0.1/30 removed'
	same 'action of new1' "$(previewed "$items" new1 1)" '"create"'
	same 'what is on no tunnel' "$(previewed "$items" '' 4)" '["route 10.8.0.0/16 via 192.0.2.2 dev eth0 removed"]'
	nothing_to_do left

	kill "$(daemon_pid left)" # it would put back what is taken away
	wait "$(daemon_pid left)" 2>/dev/null || true
	run_commands left "$items" new1
	run_commands left "$items" t1
	run_commands left "$items" ''
	mkdir -p "$work/left/etc/tunneld"
	cp "$work/new1" "$work/left/etc/tunneld/ifcfg-new1"
	put left ifcfg-t1 <"$work/t1"
	put left route-t1 <"$work/route-t1"
	plan_is_empty left
}

# The daemon does what it told.
test_preview_comes_true() {
	local items before
	begin_drift
	before=$(ifindex left t1)
	gre t1 192.0.2.1 '' MY_INNER_IPADDR=10.0.0.1/30 KEY=7 | grep -v PEER >"$work/t1"
	items=$(preview left ifcfg-t1 "$work/t1")
	same 'action' "$(previewed "$items" t1 1)" '"recreate"'
	previewed "$items" t1 3 | grep -F 'cannot be turned into each other'
	put left ifcfg-t1 <"$work/t1"
	eventually not link_is left t1 .ifindex "$before"
	nothing_to_do left
	drop left ifcfg-t1
	eventually has_no_link left t1
}

test_preview_of_faults() {
	local reply
	begin_drift
	gre t1 192.0.2.1 192.0.2.2 'KEY=x y' >"$work/t1"
	reply=$(foresee left ifcfg-t1 "$work/t1")
	same 'its state' "$(jq -r '.data[0][] | select(.[0] == "t1") | "\(.[1]) \(.[2])"' <<<"$reply")" 'nothing refused'
	same 'its problem' "$(jq -c '.data[1] | map([.[0], .[1], .[3]])' <<<"$reply")" "[[\"/$scripts/ifcfg-t1\",5,\"error\"]]"
	{ foresee left tunneld.conf "$work/t1" 2>&1 || true; } | grep -F 'tunneld.conf: no file of tunnels is called so'
	{ foresee left ifcfg-a "$work/t1" /etc/tunneld/ifcfg-a "$work/t1" 2>&1 || true; } | grep -F '/etc/tunneld/ifcfg-a: this file is given twice'
	nothing_to_do left
}
