# NetworkManager, systemd-networkd and udev as Debian has them, beside tunneld; after boot-services.sh and in its manner.
# shellcheck shell=bash

rules=/usr/lib/udev/rules.d/84-tunneld.rules
network=/usr/lib/systemd/network/10-tunneld.network
profiles=/etc/NetworkManager/system-connections

# ---- looking ----

# All that is ours in the kernel, a line each: links with their indexes, addresses, routes, rules.
ours() {
	local family
	ip -d -j link show group 2784 | jq -c '.[] | select(.ifname)'
	ip -d -j address show group 2784 | jq -c '.[] | select(.ifname) | {ifname, addr_info}'
	for family in -4 -6; do
		ip -j $family route show table all | jq -c '.[] | select(.protocol == "tunneld" or (.dev | IN("gre1", "six1", "pc1")))'
		ip -j $family rule show | jq -c '.[] | select(.protocol == "tunneld")'
	done
}

ours_are() { # as ours said
	diff <(echo "$1") <(ours)
}

has_property() { # link, NAME=VALUE as udev knows it
	grep -qx "$2" <(udevadm info --query=property "/sys/class/net/$1")
}

device_is() { # link, state in nmcli's words
	same "state of $1" "$(nmcli -t -f DEVICE,STATE device | sed -n "s/^$1://p")" "$2"
}

setup_is() { # link, networkd's word
	same "setup of $1" "$(networkctl --no-legend --no-pager list "$1" | awk '{ print $5 }')" "$2"
}

has_device_unit() { # link
	grep -q . <(systemctl list-units --type=device --plain --no-legend "sys-subsystem-net-devices-$1.device")
}

# ---- doing ----

# A tunnel with all that others might take away.
peace_files() {
	printf '%s\n' 10.81.0.0/16 'unreachable 10.82.0.0/16' '10.83.0.0/16 via 192.0.2.2 dev eth9' >$files/route-pc1
	printf '%s\n' 2001:db8:81::/64 'unreachable 2001:db8:82::/64' >$files/route6-pc1
	echo 'from 10.81.0.0/16 table 81 priority 810' >$files/rule-pc1
	echo 'from 2001:db8:81::/64 table 81 priority 810' >$files/rule6-pc1
	tunnel_file pc1 41 KEY=41 MY_INNER_IPADDR=10.41.0.1/30 IPADDR1=10.41.1.1 PREFIX1=24 IPV6INIT=yes IPV6ADDR=2001:db8:41::1/64
}

need_peace() {
	[[ -e $files/ifcfg-pc1 ]] || peace_files
	eventually is_up pc1
	eventually rule_is_there
	nothing_to_do
}

rule_is_there() {
	[[ -n $(ip rule show pref 810) && -n $(ip -6 rule show pref 810) ]]
}

# Every 10 ms: what runs here meanwhile has much to do.
start_pinging_slowly() { # address
	ping -n -i 0.01 "$1" >"$work/ping.out" 2>&1 &
	echo $! >"$work/ping.pid"
	sleep 1
}

start_networkmanager() {
	mkdir -p /etc/NetworkManager/conf.d
	printf '[main]\nno-auto-default=*\n' >/etc/NetworkManager/conf.d/test.conf
	systemctl start NetworkManager.service
	eventually networkmanager_is_ready
}

networkmanager_is_ready() {
	[[ $(nmcli -t -f STARTUP general) == started ]]
}

# Takes every link that it may take, and gives it another address.
start_networkd() {
	printf '%s\n' '[Match]' Name=eth9 '[Network]' Address=192.0.2.1/24 LinkLocalAddressing=no IPv6AcceptRA=no >/etc/systemd/network/20-eth9.network
	printf '%s\n' '[Match]' 'Name=*' '[Network]' DHCP=no Address=10.123.0.1/24 LinkLocalAddressing=no IPv6AcceptRA=no >/etc/systemd/network/30-all.network
	restart_networkd
}

has_networkds_address() { # link
	grep -q 10.123.0.1 <(ip address show dev "$1")
}

restart_networkd() {
	systemctl restart systemd-networkd.service
	eventually setup_is gre0 configured # the last one that it may take
	eventually setup_is eth9 configured
}

stop_networkd() {
	local link
	systemctl stop systemd-networkd.service systemd-networkd.socket
	rm -f /etc/systemd/network/{20-eth9,30-all}.network
	for link in /sys/class/net/*; do ip address delete 10.123.0.1/24 dev "${link##*/}" 2>/dev/null || true; done
}

reload_udev() {
	udevadm control --reload
	udevadm trigger --action=change --subsystem-match=net
	udevadm settle
}

# ---- udev ----

test_40_udev_knows_ours() {
	local link
	need_peace
	udevadm settle
	for link in gre1 six1 pc1; do
		has_property $link ID_NET_MANAGED_BY=io.tunneld
		has_property $link NM_UNMANAGED=1
		has_device_unit $link
	done
	for link in eth9 gre0 lo; do
		not has_property $link 'ID_NET_MANAGED_BY=.*'
		not has_property $link 'NM_UNMANAGED=.*'
	done
	# one that somebody else made
	ip link add name pc2 type gre local 192.0.2.1 remote 192.0.2.42
	udevadm settle
	not has_property pc2 ID_NET_MANAGED_BY=io.tunneld
	tunnel_file pc2 42
	eventually is_up pc2
	eventually has_property pc2 ID_NET_MANAGED_BY=io.tunneld
	rm $files/ifcfg-pc2
	eventually not ip link show dev pc2
}

test_41_the_light_rule() {
	ln -s /usr/share/tunneld/99-tunneld-light.rules /etc/udev/rules.d
	udevadm control --reload
	tunnel_file pc3 43
	eventually is_up pc3
	udevadm settle
	has_property pc3 ID_NET_MANAGED_BY=io.tunneld
	eventually has_device_unit gre1 # systemd has not stopped listening
	ip link add name other1 type dummy
	eventually has_device_unit other1
	not has_device_unit pc3
	rm /etc/udev/rules.d/99-tunneld-light.rules
	udevadm control --reload
	tunnel_file pc4 44
	eventually has_device_unit pc4
	not has_device_unit pc3
	ip link delete other1
	rm $files/ifcfg-pc3 $files/ifcfg-pc4
	eventually not ip link show dev pc4
}

# ---- NetworkManager ----

test_42_networkmanager() {
	local before
	need_peace
	before=$(ours)
	mark_journal
	start_pinging_slowly 10.0.0.2
	start_networkmanager
	for link in gre1 six1 pc1; do eventually device_is $link unmanaged; done
	systemctl restart NetworkManager.service
	eventually networkmanager_is_ready
	for link in gre1 six1 pc1; do eventually device_is $link unmanaged; done
	systemctl reload NetworkManager.service
	nmcli general reload
	nmcli connection reload
	# one that comes while it runs
	tunnel_file pc2 42 MY_INNER_IPADDR=10.42.0.1/30
	eventually device_is pc2 unmanaged
	sleep 2
	device_is pc2 unmanaged
	rm $files/ifcfg-pc2
	eventually not ip link show dev pc2
	systemctl stop NetworkManager.service
	pinging_lost 0
	ours_are "$before"
	logged_times pc1 0
	logged_times gre1 0
}

test_43_networkmanager_without_the_rule() {
	start_networkmanager
	mv $rules "$work"
	udevadm control --reload
	tunnel_file pc3 43 MY_INNER_IPADDR=10.43.0.1/30
	eventually device_is pc3 'connected (externally)'
	mv "$work/${rules##*/}" $rules
	reload_udev
	# it has taken it for its own, until it is told otherwise
	nmcli device set pc3 managed no
	eventually device_is pc3 unmanaged
	is_up pc3
	nothing_to_do
	rm $files/ifcfg-pc3
	eventually not ip link show dev pc3
	systemctl stop NetworkManager.service
}

# ---- networkd ----

# It removes rules and routes of others whenever it starts to manage a link.
test_44_networkd() {
	local before link
	need_peace
	before=$(ours)
	start_pinging_slowly 10.0.0.2
	mark_journal
	start_networkd
	eventually logged 'pc1: rule from 10.81.0.0/16 table 81'
	eventually logged 'pc1: rule from 2001:db8:81::/64 table 81'
	eventually logged 'pc1: route unreachable 10.82.0.0/16 added'
	eventually ours_are "$before"
	for link in gre1 six1 pc1; do setup_is $link unmanaged; done
	mark_journal
	restart_networkd
	eventually logged 'pc1: rule from 10.81.0.0/16 table 81'
	eventually ours_are "$before"
	touch /etc/systemd/network/30-all.network
	networkctl reload
	tunnel_file pc2 42 MY_INNER_IPADDR=10.42.0.1/30
	eventually setup_is pc2 unmanaged
	sleep 2
	same 'addresses of pc2' "$(ip -j -4 address show dev pc2 | jq -r '.[0].addr_info[].local')" 10.42.0.1
	rm $files/ifcfg-pc2
	eventually not ip link show dev pc2
	eventually ours_are "$before"
	pinging_lost 0
	nothing_to_do
	stop_networkd
}

test_45_networkd_told_to_leave_them() {
	local before
	need_peace
	before=$(ours)
	mkdir -p /etc/systemd/networkd.conf.d
	ln -s /usr/share/tunneld/networkd-foreign.conf /etc/systemd/networkd.conf.d
	mark_journal
	ip monitor rule route >"$work/monitor" 2>&1 &
	start_networkd
	restart_networkd
	sleep 1
	kill $!
	not grep 'Deleted.*tunneld' "$work/monitor"
	logged_times pc1 0
	ours_are "$before"
	rm /etc/systemd/networkd.conf.d/networkd-foreign.conf
	stop_networkd
}

test_46_networkd_without_our_file() {
	need_peace
	mv $network "$work"
	start_networkd
	eventually setup_is pc1 configured
	eventually has_networkds_address pc1
	mv "$work/${network##*/}" $network
	restart_networkd
	eventually setup_is pc1 unmanaged
	stop_networkd
	tunnelctl reload
	nothing_to_do
	ip link set dev gre1 addrgenmode eui64 # what networkd has left behind
	ip link set dev six1 addrgenmode eui64
	rm $files/ifcfg-pc1
	eventually not ip link show dev pc1
}

test_47_both() {
	local before
	need_peace
	before=$(ours)
	start_pinging_slowly 10.0.0.2
	start_networkd
	start_networkmanager
	for link in gre1 six1 pc1; do
		eventually device_is $link unmanaged
		setup_is $link unmanaged
	done
	systemctl restart NetworkManager.service systemd-networkd.service
	eventually networkmanager_is_ready
	systemctl restart tunneld.service
	tunnel_file pc2 42 MY_INNER_IPADDR=10.42.0.1/30
	eventually setup_is pc2 unmanaged
	eventually device_is pc2 unmanaged
	rm $files/ifcfg-pc2
	eventually not ip link show dev pc2
	eventually ours_are "$before"
	pinging_lost 0
	nothing_to_do
	systemctl stop NetworkManager.service
	stop_networkd
	rm $files/*-pc1
	eventually not ip link show dev pc1
}

# ---- from one to the other: as the manual has it ----

# nm7, from 10.7.0.1 to 10.7.0.2, as the peer has it and as NetworkManager's profile says it.
begin_handover() {
	ip -n peer link add name nm7 type gre local 192.0.2.2 remote 192.0.2.1 key 7
	ip -n peer address add 10.7.0.2/30 dev nm7
	ip -n peer link set dev nm7 up
	printf '%s\n' '[connection]' id=nm7 uuid=7e2f5a86-6f0d-4b5a-9b8e-8d1c3b8f0007 type=ip-tunnel interface-name=nm7 "autoconnect=$1" \
		'[ip-tunnel]' mode=2 local=192.0.2.1 remote=192.0.2.2 input-key=7 output-key=7 \
		'[ipv4]' method=manual address1=10.7.0.1/30 route1=10.70.0.0/16 '[ipv6]' method=disabled >$profiles/nm7.nmconnection
	chmod 600 $profiles/nm7.nmconnection
	start_networkmanager
}

end_handover() {
	nmcli connection delete nm7 || true
	systemctl stop NetworkManager.service
	ip link delete nm7 2>/dev/null || true # NetworkManager leaves one that it did not make itself
	eventually not ip link show dev nm7
	ip -n peer link delete nm7
}

# The profile says that it is tunneld's.
tunneld_wants_nm7() {
	printf '%s\n' '[user]' tunneld.manage=yes tunneld.onboot=yes >>$profiles/nm7.nmconnection
	nmcli connection reload
}

tunneld_wants_nm7_no_more() {
	sed -i '/^\[user\]$/d; /^tunneld\./d' $profiles/nm7.nmconnection
	nmcli connection reload
}

route_of_nm7_is() { # words of ip-route
	grep -qE "10.70.0.0/16.*$1" <(ip -d route show dev nm7)
}

test_48_taken_over_from_networkmanager() {
	local index
	begin_handover true
	eventually device_is nm7 connected
	index=$(cat /sys/class/net/nm7/ifindex)
	route_of_nm7_is 'proto static'
	mark_journal
	start_pinging_slowly 10.7.0.2
	nmcli connection modify nm7 connection.autoconnect no
	nmcli device set nm7 managed no
	eventually device_is nm7 unmanaged
	tunneld_wants_nm7
	eventually logged 'nm7: taken over'
	eventually has_property nm7 ID_NET_MANAGED_BY=io.tunneld
	nothing_to_do
	systemctl restart NetworkManager.service
	eventually networkmanager_is_ready
	eventually device_is nm7 unmanaged
	nmcli connection modify nm7 connection.id renamed # as ours it may still be edited with nmcli
	sleep 1
	pinging_lost 0
	same ifindex "$(cat /sys/class/net/nm7/ifindex)" "$index"
	is_up nm7
	nothing_to_do
	route_of_nm7_is 'metric 675'
	grep tunneld.manage=yes $profiles/*.nmconnection
	nmcli connection delete renamed # and removed: the tunnel goes with its file
	eventually not ip link show dev nm7
	end_handover
}

test_49_given_back_to_networkmanager() {
	local index
	begin_handover false
	tunneld_wants_nm7
	eventually is_up nm7
	eventually device_is nm7 unmanaged
	index=$(cat /sys/class/net/nm7/ifindex)
	eventually route_of_nm7_is 'proto tunneld'
	start_pinging_slowly 10.7.0.2
	systemctl stop tunneld.service
	tunneld_wants_nm7_no_more
	ip link set dev nm7 group default alias ''
	udevadm trigger --action=change /sys/class/net/nm7
	udevadm settle
	not has_property nm7 ID_NET_MANAGED_BY=io.tunneld
	nmcli connection modify nm7 connection.autoconnect yes
	nmcli device set nm7 managed yes
	eventually device_is nm7 connected
	systemctl start tunneld.service
	sleep 1
	pinging_lost 0
	same ifindex "$(cat /sys/class/net/nm7/ifindex)" "$index"
	route_of_nm7_is 'proto static'
	systemctl restart NetworkManager.service tunneld.service
	eventually device_is nm7 connected
	ping -n -c 2 -i 0.2 -W 5 10.7.0.2
	end_handover
}

test_50_nothing_else_failed() {
	same failed "$(systemctl list-units --state=failed --no-legend)" ''
	not grep -i -E 'sanitizer|runtime error|assertion' <(journalctl --unit=tunneld.service --output=cat)
}
