# The D-Bus objects where no bus runs: on the daemon's own socket, with clients that behave and clients that do not.
# shellcheck shell=bash disable=SC2154

private_socket() {
	echo "$work/left/run/tunneld/private"
}

# For busctl every socket is a bus, and a destination has to be said.
private() { # verb, arguments
	busctl --address="unix:path=$(private_socket)" "$@"
}

peer_py=${BASH_SOURCE[0]%/*}/peer.py

start_peer() { # what it prints, mode
	python3 "$peer_py" "$(private_socket)" "${@:2}" >"$work/$1" 2>&1 &
	echo $! >>"$work/peers"
}

end_peers() {
	local pid
	while read -r pid; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done <"$work/peers"
	rm "$work/peers"
}

heard() { # what
	grep -a -q "$1" "$work/heard"
}

dropped_times() { # how often
	same 'clients that were dropped' "$(grep -c 'does not read, and is dropped' "$work/left.log")" "$1"
}

test_bus_without_a_bus() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.0.1.1/30 KEY=5 | put left ifcfg-t1
	daemon left
	not test -e /run/dbus/system_bus_socket
	private introspect io.tunneld /io/tunneld >"$work/introspection"
	grep -E '^\.Up +method +s +a\(ss\)bs' "$work/introspection"
	grep -E '^\.State +property +s +"running" +emits-change' "$work/introspection"
	private tree --list io.tunneld | grep -x /io/tunneld/tunnel/t1
	private --json=short call io.tunneld /io/tunneld/tunnel/t1 org.freedesktop.DBus.Properties GetAll s io.tunneld.Tunnel >"$work/t1"
	same t1 "$(jq -c '.data[0] | [.State.data, .InputKey.data, .InnerAddresses.data, .Differences.data, .InterfaceIndex.data]' "$work/t1")" \
		"[\"up\",\"5\",[\"10.0.1.1/30\"],[],$(ifindex left t1)]"
	jq -e '.data[0].Addresses.data == [["10.0.1.1/30", "present"]]' "$work/t1" || { jq -c '.data[0].Addresses' "$work/t1"; return 1; }
	private call io.tunneld /io/tunneld io.tunneld.Manager Down s t1
	has_no_link left t1
	private call io.tunneld /io/tunneld io.tunneld.Manager Up s t1
	has_link left t1
	private call io.tunneld /io/tunneld io.tunneld.Manager Up s 'a b' 2>"$work/error" && return 1
	grep -q '"a b" is no name of a tunnel: a blank in the name' "$work/error"
	not grep -i bus "$work/left.log"
}

test_bus_many_names() {
	local names
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	daemon left
	names=$(printf 't1 %.0s' {1..50000})
	# shellcheck disable=SC2086
	same answer "$(private call io.tunneld /io/tunneld io.tunneld.Manager Reconcile as 50000 $names)" 'a(ss)bs 0 true "1 tunnel: 1 up"'
	private call io.tunneld /io/tunneld io.tunneld.Manager Reconcile as 3 t1 'a b' t1 2>"$work/error" && return 1
	grep -q '"a b" is no name of a tunnel' "$work/error"
	private call io.tunneld /io/tunneld io.tunneld.Manager Reconcile as 3 t1 t2 t1 2>"$work/error" && return 1
	grep -q 'there is no tunnel t2' "$work/error"
}

test_bus_tells_of_what_happens() {
	two_hosts
	daemon left
	start_peer heard listen
	eventually test -s "$work/heard"
	gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
	eventually heard TunnelNew
	eventually heard /io/tunneld/tunnel/t1
	not heard TunnelRemoved
	gre t1 192.0.2.1 192.0.2.101 TTL=9 | put left ifcfg-t1
	eventually heard 'inherit -> 9'
	drop left ifcfg-t1
	eventually heard TunnelRemoved
	end_peers
}

# Each tells of every tunnel.
write_all() { # TTL
	for i in $(seq 250); do
		gre "t$i" 192.0.2.1 192.0.2.101 "KEY=$i" "TTL=$1" >"$work/left/$scripts/ifcfg-t$i"
	done
	eventually link_is left t250 .linkinfo.info_data.ttl "$1"
}

test_bus_client_that_never_reads() {
	local i
	two_hosts
	daemon left
	start_peer flooded flood
	eventually grep -q 'thrown out' "$work/flooded"
	echo "note: $(cat "$work/flooded") calls"
	dropped_times 1
	start_peer deaf deaf
	start_peer mute mute
	for i in $(seq 8); do
		write_all "$i"
	done
	sleep 11 # it has ten seconds to read something
	write_all 9
	eventually dropped_times 2
	kill "$(daemon_pid left)" # and nobody holds up its end
	eventually not kill -0 "$(daemon_pid left)"
	end_peers
}

test_bus_many_connections() {
	two_hosts
	daemon left
	start_peer many many 40
	eventually grep -qx 32 "$work/many"
	not ctl left version
	end_peers
	eventually ctl left version
	private call io.tunneld /io/tunneld org.freedesktop.DBus.Peer Ping
}

test_bus_is_for_root_only() {
	local status
	two_hosts
	chmod -R a+rX "$work"
	daemon left
	chmod a+x "$work/left/run/tunneld"
	same mode "$(stat -c '%a %u' "$(private_socket)")" '600 0'
	not setpriv --reuid=1000 --regid=1000 --clear-groups busctl --address="unix:path=$(private_socket)" call io.tunneld /io/tunneld org.freedesktop.DBus.Peer Ping
	chmod 666 "$(private_socket)" # even so
	status=0
	setpriv --reuid=1000 --regid=1000 --clear-groups python3 "$peer_py" "$(private_socket)" listen >"$work/out" 2>&1 || status=$?
	same status "$status" 1
	eventually grep -q 'a connection to the control socket was not accepted: Operation not permitted' "$work/left.log"
	ctl left version
}
