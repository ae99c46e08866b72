# The shipped examples, each with its own hosts: links, packets, what is on the wire.
# shellcheck shell=bash disable=SC2154

begin_example() { # name
	lab_begin "$examples/$1" "$work"
	for side in "${lab_sides[@]}"; do
		daemon "$side"
	done
	for address in $lab_pings; do
		eventually pings left "$address"
	done
	for address in $lab_host_pings; do
		eventually pings left-host "$address"
	done
	plan_is_empty left
	plan_is_empty right
}

info_is() { # name, jq filter below info_data, value
	link_is left "$1" ".linkinfo.info_data.$2" "$3"
}

test_example_point_to_point() {
	begin_example point-to-point
	link_is left tun0 .linkinfo.info_kind gre
	info_is tun0 local 100.0.1.100
	info_is tun0 remote 100.0.2.100
	local number
	number=$(printf %s desistdaydream | cksum | cut -d ' ' -f 1)
	info_is tun0 ikey "$(printf '%d.%d.%d.%d' $((number >> 24)) $((number >> 16 & 255)) $((number >> 8 & 255)) $((number & 255)))"
	addresses_are left tun0 '172.16.0.1 peer 172.16.0.2/30'
	link_is left tun0 .mtu 1472
	captured middle left 'ip proto 47' pings left 172.16.0.2 >"$work/seen"
	grep -q "key=0x$(printf %x "$number")" "$work/seen"
	grep -q '100.0.1.100 > 100.0.2.100: GREv0' "$work/seen"
}

test_example_same_subnet() {
	begin_example same-subnet
	link_is left Tunnel-1 .linkinfo.info_kind gre
	info_is Tunnel-1 ikey null
	addresses_are left Tunnel-1 10.1.2.1/24
	link_is left Tunnel-1 .mtu 1476
	captured left eth0 'ip proto 47' pings left 10.1.2.2 >"$work/seen"
	grep -q '192.168.1.1 > 192.168.1.2: GREv0, Flags \[none\]' "$work/seen"
}

test_example_site_to_site() {
	begin_example site-to-site
	eventually pings right-host 10.10.1.10
	captured middle left 'ip proto 47' pings left-host 10.10.2.10 >"$work/seen"
	grep -q '10.10.1.10 > 10.10.2.10: ICMP echo request' <(grep -A2 '100.0.1.100 > 100.0.2.100: GREv0' "$work/seen")
	[[ $(ip -n lab-left route show proto 47) == '10.10.2.0/24 via 172.16.0.2 dev tun0'* ]]
}

test_example_different_subnets() {
	begin_example different-subnets
	eventually pings right 20.1.2.1
	eventually pings right-host 10.30.2.10
	captured left eth0 'ip proto 47' pings left-host 10.30.3.10 >"$work/seen"
	grep -q '10.30.2.10 > 10.30.3.10: ICMP echo request' <(grep -A2 '192.168.100.1 > 192.168.100.2: GREv0' "$work/seen")
}

test_example_multipoint() {
	begin_example multipoint
	eventually pings third 10.62.0.2
	info_is mgre1 remote any
	captured left eth0 'ip proto 47' pings left 10.62.0.3 >"$work/seen"
	grep -q '192.0.2.1 > 192.0.2.3: GREv0.*key=0x2a' "$work/seen"
	! grep -q '192.0.2.2' "$work/seen"
}

test_example_host_peers() {
	begin_example host-peers
	info_is tun0 ttl 255
	addresses_are left tun0 '2.2.2.2 peer 3.3.3.3/32'
	captured left eth0 'ip proto 47' pings left 3.3.3.3 >"$work/seen"
	grep -q 'ttl 255.*proto GRE' "$work/seen"
}

test_example_cloud_nat() {
	begin_example cloud-nat
	info_is gre1 local 10.1.0.10
	info_is gre1 remote 203.0.113.20
	captured right eth0 'ip proto 47' pings left 192.168.250.2 >"$work/seen"
	grep -q '198.51.100.10 > 10.2.0.10: GREv0' "$work/seen"
	# sent with 255, and one hop further 254
	grep -q '198.51.100.10 > 10.2.0.10' <(grep -A1 'ttl 254.*proto GRE' "$work/seen")
	grep -q '10.2.0.10 > 198.51.100.10' <(grep -A1 'ttl 255.*proto GRE' "$work/seen")
}

test_example_keyed() {
	begin_example keyed
	info_is gre101 ikey 0.0.0.101
	info_is gre102 ikey 0.0.0.102
	captured left eth0 'ip proto 47' pings left 10.99.2.2 >"$work/seen"
	grep -q 'key=0x66' "$work/seen"
	! grep -q 'key=0x65' "$work/seen"
}

test_example_ipip() {
	begin_example ipip
	link_is left ipip1 .linkinfo.info_kind ipip
	info_is ipip1 ttl 64
	link_is left ipip1 .mtu 1480
	captured left eth0 'ip proto 4' pings left 10.98.0.2 >"$work/seen"
	grep -q '192.0.2.1 > 192.0.2.2: IP' "$work/seen"
}

test_example_sit() {
	begin_example sit
	link_is left sit1 .linkinfo.info_kind sit
	info_is sit1 ttl 64
	addresses_are left sit1 2001:db8:98::1/64
	captured left eth0 'ip proto 41' pings left 2001:db8:98::2 >"$work/seen"
	grep -q '192.0.2.1 > 192.0.2.2: IP6' "$work/seen"
}

test_example_ipip6() {
	begin_example ipip6
	link_is left ipip6a .linkinfo.info_kind ip6tnl
	info_is ipip6a proto ipip6
	info_is ipip6a ttl 64
	info_is ipip6a encap_limit 4
	link_is left ipip6a .mtu 1452
	captured left eth0 ip6 pings left 10.97.0.2 >"$work/seen"
	# the encapsulation limit's option, then IPv4
	grep -q '2001:db8:1::1 > 2001:db8:1::2: DSTOPT (opt_type 0x04.* IP (tos' "$work/seen"
}

test_example_gre6() {
	begin_example gre6
	link_is left gre6a .linkinfo.info_kind ip6gre
	info_is gre6a ikey 0.0.0.6
	link_is left gre6a .mtu 1444
	captured left eth0 ip6 pings left 2001:db8:96::2 >"$work/seen"
	grep -q 'GREv0.*key=0x6' "$work/seen"
}

test_example_networkmanager_profile() {
	begin_example networkmanager-profile
	local index
	link_is left office0 .linkinfo.info_kind gre
	info_is office0 ikey 0.0.0.61
	info_is office0 ttl 64
	addresses_are left office0 10.61.0.1/30
	[[ $(ip -n lab-left route show proto 47) == '10.61.2.0/24 via 10.61.0.2 dev office0 metric 675'* ]]
	captured left eth0 'ip proto 47' pings left-host 10.61.2.10 >"$work/seen"
	grep -q '10.61.1.10 > 10.61.2.10: ICMP echo request' <(grep -A2 '198.51.100.1 > 203.0.113.1: GREv0.*key=0x3d' "$work/seen")
	index=$(ifindex left office0)
	sed -i 's/^ttl=.*/ttl=32/' "$work/left/etc/tunneld/office0.nmconnection"
	eventually info_is office0 ttl 32
	same 'index after an edit' "$(ifindex left office0)" "$index"
	pings left-host 10.61.2.10
}

# A server on one side and a client on the other: what they agree on is printed.
lease_across() {
	cat >"$work/dhcp.conf" <<-END
	interface eth0
	start 10.63.0.100
	end 10.63.0.110
	max_leases 11
	lease_file $work/leases
	pidfile $work/dhcp.pid
	option subnet 255.255.255.0
	END
	printf '%s\n' '#!/bin/sh' '[ "$1" != bound ] || echo "$ip/$mask" >"${0%/*}/lease"' >"$work/bound"
	chmod +x "$work/bound"
	touch "$work/leases"
	lab_start right-host busybox udhcpd -f "$work/dhcp.conf"
	lab_run left-host busybox udhcpc -i eth0 -n -q -f -t 30 -s "$work/bound"
}

test_example_gretap_bridge() {
	begin_example gretap-bridge
	local there
	link_is left lan0 .linkinfo.info_kind gretap
	link_is left lan0 .master br0
	link_is left lan0 .mtu 1500
	there=$(link right-host eth0 .address)
	ip -n lab-right-host neighbour flush dev eth0 # which would ask again by itself, too
	ip -n lab-left-host neighbour flush dev eth0
	captured left eth0 'ip proto 47' pings left-host 10.63.0.20 >"$work/seen"
	grep -q 'who-has 10.63.0.20 .*tell 10.63.0.10' <(grep -A2 '192.0.2.1 > 192.0.2.2: GREv0.*key=0x3f' "$work/seen")
	grep -q "10.63.0.20 is-at $there" <(grep -A2 '192.0.2.2 > 192.0.2.1: GREv0.*key=0x3f' "$work/seen")
	same 'the neighbour on the other side' "$(ip -n lab-left-host -j neighbour show to 10.63.0.20 | jq -r '.[0].lladdr')" "$there"
	# a whole frame of 1500 bytes, although it is larger in the tunnel than what is below
	lab_run left-host ping -n -q -c 2 -i 0.2 -W 5 -M "do" -s 1472 10.63.0.20
	captured left eth0 'ip proto 47' lease_across >"$work/seen"
	grep -q 'DHCP-Message .*: ACK' "$work/seen"
	grep -q '^10\.63\.0\.1[01][0-9]/24$' "$work/lease"
}

test_example_vti() {
	begin_example vti
	link_is left vti1 .linkinfo.info_kind vti
	info_is vti1 ikey 0.0.0.64
	link_is left vti1 .mtu 1400
	eventually pings right-host 10.64.1.10
	captured left eth0 ip pings left-host 10.64.2.10 >"$work/seen"
	grep -q '192.0.2.1 > 198.51.100.2: ESP(spi=0x00006401' "$work/seen"
	grep -q '198.51.100.2 > 192.0.2.1: ESP(spi=0x00006402' "$work/seen"
	same 'what is not ESP' "$(grep ' > ' "$work/seen" | { grep -v ESP || true; })" ''
	lab_run left-host ping -n -q -c 2 -i 0.2 -W 5 -s 3000 10.64.2.10
	# without IPsec nothing leaves, in clear least of all
	ip -n lab-left xfrm state flush
	captured left eth0 ip not pings left-host 10.64.2.10 >"$work/seen"
	same 'packets without IPsec' "$(grep -c ' > ' "$work/seen" || true)" 0
}
