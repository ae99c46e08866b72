# The profiles in nm-parity/ as the real NetworkManager and as tunneld bring them up, after boot.sh and in its manner.
# shellcheck shell=bash

parity=$here/nm-parity
dumps=/run/nm-parity
nm_files=/etc/NetworkManager/system-connections

# A file bad-NAME is one that both refuse.
profile_names() {
	(cd "$parity" && ls) | sed -n 's/\.nmconnection$//p' | grep -v '^bad-'
}

install_profiles() { # folder
	install -d "$1"
	install -m 600 "$parity"/*.nmconnection "$1"
}

# What NetworkManager has of other types, and what the profiles lie on. tunneld makes no such links: for it they are
# made by hand.
install_controllers() {
	install -d $nm_files
	printf '%s\n' '[connection]' type=bridge interface-name=nmbr0 uuid=5a61b6a0-53b5-4a5c-9d0e-2f1a35b1c002 '[ipv4]' method=disabled '[ipv6]' method=disabled \
		'[bridge]' stp=false >$nm_files/nmbr0.nmconnection
	printf '%s\n' '[connection]' type=vrf interface-name=nmvrf0 '[vrf]' table=900 '[ipv4]' method=disabled '[ipv6]' method=disabled >$nm_files/nmvrf0.nmconnection
	chmod 600 $nm_files/*
}

configure_networkmanager() {
	install -d /etc/NetworkManager/conf.d
	cat >/etc/NetworkManager/conf.d/test.conf <<-'END'
	[main]
	plugins=keyfile
	no-auto-default=*
	dns=none
	rc-manager=unmanaged
	auth-polkit=false
	[logging]
	level=WARN
	[keyfile]
	unmanaged-devices=interface-name:eth*;interface-name:gre1;interface-name:six1;interface-name:later;interface-name:lo
	END
	systemctl mask --runtime --quiet NetworkManager-dispatcher.service # nobody waits for it, and it costs a process per event
}

activated_profiles() {
	nmcli -t -f NAME,STATE connection show --active | sed -n 's/:activated$//p' | sort
}

# NetworkManager 1.42 can make no ISATAP tunnel and none of ip6gre without a local address, and leaves one that is off.
profiles_to_activate() {
	profile_names | grep -v -x -e isatap -e ip6gre-nolocal -e off
	printf '%s\n' nmbr0 nmvrf0
}

# As many of them take their time: by the clock, where eventually counts its tries.
patiently() { # command
	local until=$((SECONDS + 300))
	until "$@" >/dev/null 2>&1; do
		[[ $SECONDS -lt $until ]] || { echo "not within five minutes: $*"; "$@" || true; return 1; }
		sleep 3
	done
}

all_activated() {
	activated_profiles >"$work/active"
	profiles_to_activate | sort >"$work/wanted"
	[[ -z $(comm -13 "$work/active" "$work/wanted") ]] || { echo "not activated: $(comm -13 "$work/active" "$work/wanted" | xargs)"; return 1; }
}

dump_all() { # folder
	mkdir -p "$1"
	ip -d -j link >"$1/link"
	ip -j address >"$1/address"
	ip -d -j -4 route show table all >"$1/route4"
	ip -d -j -6 route show table all >"$1/route6"
	ip -d -j -4 rule >"$1/rule4"
	ip -d -j -6 rule >"$1/rule6"
	(cd /proc/sys/net/ipv6/conf && grep . -- */disable_ipv6) |
		jq -R -s 'split("\n") | map(select(. != "") | split("/disable_ipv6:") | { key: .[0], value: .[1] }) | from_entries' >"$1/disable_ipv6"
}

normal() { # folder
	local kind dumped=()
	for kind in link address route4 route6 rule4 rule6 disable_ipv6; do
		dumped+=(--slurpfile "$kind" "$1/$kind")
	done
	jq -n --argjson names "$(profile_names | jq -R . | jq -s .)" "${dumped[@]}" -f "$parity/normal.jq" >"$1/normal"
}

# What is meant to differ: a user finds it in tunneld-keyfile(5).
intended() {
	cat <<-'END'
	isatap exists           # NetworkManager 1.42 cannot make it
	ip6gre-nolocal exists   # nor that
	mtu-small-ipv6 exists   # NetworkManager takes 1280 instead, tunneld refuses the file
	ipv6-absent ipv6        # off, unless the file asks for it
	ipv6-ignore ipv6        # the same
	port ipv6               # a port of a bridge needs none
	port-uuid ipv6          # the same
	multipath routes        # the first of those to one destination with one metric counts
	table routes            # the prefix routes stay in the table main
	END
}

no_profile_left() {
	local name
	for name in $(profile_names); do
		[[ ! -e /sys/class/net/$name ]] || { echo "$name is still there"; return 1; }
	done
}

none_of_the_bad() {
	local name
	for name in "$parity"/bad-*.nmconnection; do
		name=$(basename "$name" .nmconnection)
		[[ ! -e /sys/class/net/$name ]] || { echo "$name was made"; return 1; }
	done
}

begin_profiles() {
	systemctl stop tunneld.service
	ip address add 2001:db8:1::1/64 dev eth9 nodad
	install_controllers
	configure_networkmanager
}

end_profiles() {
	local name
	systemctl stop NetworkManager.service
	systemctl unmask --runtime --quiet NetworkManager-dispatcher.service
	rm -f "${nm_files:?}"/* /etc/NetworkManager/conf.d/test.conf /etc/tunneld/*.nmconnection
	ip link del nmbr0 2>/dev/null
	ip link del nmvrf0 2>/dev/null
	for name in $(profile_names); do
		ip link del "$name" 2>/dev/null
	done
	ip address del 2001:db8:1::1/64 dev eth9
	systemctl start tunneld.service
}

settings_call() { # method, arguments
	busctl --timeout=300 call org.freedesktop.NetworkManager /org/freedesktop/NetworkManager/Settings org.freedesktop.NetworkManager.Settings "$@" >/dev/null
}

run_networkmanager() {
	systemctl start NetworkManager.service
	install_profiles $nm_files
	# What "nmcli connection load" and "reload" send; nmcli gives up after half a minute.
	settings_call LoadConnections as "$(find $nm_files -type f | wc -l)" $nm_files/*
	patiently all_activated
	none_of_the_bad
	dump_all $dumps/networkmanager
	rm $nm_files/*
	settings_call ReloadConnections # what has no file any more goes
	patiently no_profile_left
	systemctl stop NetworkManager.service
	install_controllers # a UUID is looked up here too
}

run_tunneld() {
	ip link add nmbr0 up type bridge
	ip link add nmvrf0 up type vrf table 900
	install_profiles /etc/tunneld
	tunneld --once || true
	none_of_the_bad
	dump_all $dumps/tunneld
	rm /etc/tunneld/*.nmconnection
	tunneld --once
	no_profile_left
}

test_60_like_networkmanager() {
	local began=$SECONDS
	rm -rf $dumps
	trap 'set +e; end_profiles' EXIT
	begin_profiles
	run_networkmanager
	echo "note: NetworkManager took $((SECONDS - began)) s"
	began=$SECONDS
	run_tunneld
	echo "note: tunneld took $((SECONDS - began)) s"
	normal $dumps/networkmanager
	normal $dumps/tunneld
	jq -n -r --slurpfile networkmanager $dumps/networkmanager/normal --slurpfile tunneld $dumps/tunneld/normal -f "$parity/compare.jq" >$dumps/differences
	intended | sed 's/ *#.*//' | sort >"$work/intended"
	cut -f 1 $dumps/differences | sort >"$work/found"
	echo 'what differs, in NetworkManager and in tunneld:'
	grep -v -F -f <(sed 's/$/\t/' "$work/intended") $dumps/differences || true
	same 'meant to differ, and alike' "$(comm -23 "$work/intended" "$work/found")" ''
	same 'not meant to differ' "$(comm -13 "$work/intended" "$work/found")" ''
}
