# Boot, reload, restart and stop under systemd. The names are numbered: a system has one life.
# shellcheck shell=bash

files=/etc/sysconfig/network-scripts

property() { # unit, property
	systemctl show --property="$2" --value "$1"
}

status_text() {
	property tunneld.service StatusText
}

status_has() { # words
	[[ $(status_text) == *"$1"* ]]
}

is_up() { # name
	[[ $(ip -j link show dev "$1" | jq -r '.[0].flags | contains(["UP"])') == true ]]
}

info() { # name, jq filter
	ip -d -j link show dev "$1" | jq -r ".[0].linkinfo.info_data.$2"
}

info_is() {
	same "$1 $2" "$(info "$1" "$2")" "$3"
}

is_active() {
	[[ $(property tunneld.service ActiveState) == active ]]
}

start_pinging_peer() {
	ping -n -i 0.005 10.0.0.2 >"$work/ping.out" 2>&1 &
	echo $! >"$work/ping.pid"
	sleep 0.3
}

nothing_to_do() {
	local out
	out=$(tunneld --plan 2>/dev/null | grep -v '^#' || true)
	same plan "$out" ''
}

mark_journal() {
	mkdir -p "$work"
	sleep 0.1
	date +@%s.%6N >"$work/mark"
}

logged() { # what, since the mark
	journalctl --sync
	journalctl --unit=tunneld.service --output=cat --since="$(cat "$work/mark")" | grep -F "$1"
}

test_01_booted() {
	local state
	state=$(systemctl is-system-running --wait) || true
	same system "$state" running
	is_active
	same result "$(property tunneld.service Result)" success
	echo "note: $(status_text)"
	same status "$(status_text)" '3 tunnels: 2 up, 1 down'
}

test_02_up_before_the_network_counts_as_up() {
	local ready online
	ready=$(property tunneld.service ActiveEnterTimestampMonotonic)
	online=$(property network-online.target ActiveEnterTimestampMonotonic)
	[[ $ready -gt 0 && $ready -le $online ]] || { echo "tunneld was ready at $ready us, the network online at $online us"; return 1; }
	same links "$(jq -r '.[].ifname // empty' /run/online.json | sort | xargs)" 'gre1 six1'
	jq -e '.[] | select(.ifname == "gre1") | .addr_info[] | select(.local == "10.0.0.1")' /run/online.json
	grep -q ' 0% packet loss' /run/online.ping
}

test_03_packets() {
	ping -n -c 2 -i 0.2 -W 5 10.0.0.2
	ping -n -c 2 -i 0.2 -W 5 2001:db8:5::2
	nothing_to_do
	[[ ! -e /sys/class/net/later ]]
}

test_04_unit() {
	systemd-analyze verify --man=no /usr/lib/systemd/system/tunneld.service
	echo "note: $(systemd-analyze security --no-pager tunneld.service | tail -n 1)"
	same bounding "$(property tunneld.service CapabilityBoundingSet)" cap_net_admin
}

test_05_edit() {
	mark_journal
	start_pinging_peer
	echo TTL=77 >>$files/ifcfg-gre1
	eventually info_is gre1 ttl 77
	pinging_lost 0
	eventually logged 'gre1: ttl inherit -> 77'
	same 'lines of the journal with TUNNEL=gre1' "$(journalctl TUNNEL=gre1 --since="$(cat "$work/mark")" --output=cat | wc -l)" 1
}

test_06_files_come_and_go() {
	printf '%s\n' DEVICE=gre5 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.5 KEY=5 >$files/ifcfg-gre5
	eventually is_up gre5
	# a kind whose module was not loaded yet, from within the sandbox
	printf '%s\n' DEVICE=g6 TYPE=GRE6 MY_OUTER_IPADDR=2001:db8::1 PEER_OUTER_IPADDR=2001:db8::2 >$files/ifcfg-g6
	eventually is_up g6
	same disable_ipv6 "$(cat /proc/sys/net/ipv6/conf/g6/disable_ipv6)" 1
	eventually status_has '5 tunnels: 4 up, 1 down'
	rm $files/ifcfg-gre5 $files/ifcfg-g6
	eventually not ip link show dev gre5
	eventually not ip link show dev g6
}

# Asked for from within the sandbox, by a process that may do nothing else.
test_06_names_of_hosts() {
	local dns worker
	touch /etc/resolv.conf # without a word: the server is on this host
	mkdir -p "$work"
	echo '192.0.2.7 peer.example.net' >"$work/records"
	dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts="$work/records" --user=root --pid-file= --local-ttl=0 \
		--bind-interfaces --listen-address=127.0.0.1 --local=/example.net/ >"$work/dns.log" 2>&1 &
	dns=$!
	printf '%s\n' DEVICE=gre7 TYPE=GRE MY_OUTER_IPADDR=dummy7 PEER_OUTER_IPADDR=peer.example.net >$files/ifcfg-gre7
	sleep 1
	[[ ! -e /sys/class/net/gre7 ]]
	ip link add dummy7 type dummy
	ip address add 192.0.2.107/32 dev dummy7
	eventually is_up gre7
	info_is gre7 remote 192.0.2.7
	info_is gre7 local 192.0.2.107
	worker=$(pgrep -P "$(property tunneld.service MainPID)")
	same name "$(cat "/proc/$worker/comm")" tunneld-names
	same capabilities "$(awk '/^Cap(Prm|Eff|Inh|Amb)/ { print $2 }' "/proc/$worker/status" | sort -u)" 0000000000000000
	systemctl restart tunneld.service
	[[ ! -e /proc/$worker ]]
	same result "$(property tunneld.service Result)" success
	info_is gre7 remote 192.0.2.7
	rm $files/ifcfg-gre7
	eventually not ip link show dev gre7
	ip link delete dummy7
	kill "$dns"
	wait "$dns" || true
}

test_07_reload() {
	mark_journal
	start_pinging_peer
	systemctl reload tunneld.service
	is_active
	printf '%s\n' DEVICE=bad TYPE=GRE 'PEER_OUTER_IPADDR=$(id)' >$files/ifcfg-bad
	not systemctl reload tunneld.service
	is_active
	eventually logged "$files/ifcfg-bad:3:19: error: a command substitution"
	eventually status_has '1 file refused'
	rm $files/ifcfg-bad
	systemctl reload tunneld.service
	is_active
	kill -HUP "$(property tunneld.service MainPID)"
	eventually is_active
	pinging_lost 0
	# a reload has the kernel done when it comes back
	printf '%s\n' DEVICE=gre6 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.6 KEY=5 >$files/ifcfg-gre6
	systemctl reload tunneld.service
	is_up gre6
	rm $files/ifcfg-gre6
	systemctl reload tunneld.service
	[[ ! -e /sys/class/net/gre6 ]]
}

test_08_restart() {
	local before
	before=$(cat /sys/class/net/gre1/ifindex)
	mark_journal
	start_pinging_peer
	systemctl restart tunneld.service
	pinging_lost 0
	same ifindex "$(cat /sys/class/net/gre1/ifindex)" "$before"
	nothing_to_do
	not logged created
	same result "$(property tunneld.service Result)" success
}

test_09_kill() {
	local before pid
	before=$(cat /sys/class/net/gre1/ifindex)
	pid=$(property tunneld.service MainPID)
	start_pinging_peer
	kill -9 "$pid"
	restarted() { is_active && [[ $(property tunneld.service MainPID) != "$pid" ]]; }
	eventually restarted
	pinging_lost 0
	same ifindex "$(cat /sys/class/net/gre1/ifindex)" "$before"
	nothing_to_do
}

test_10_upgrade() {
	local before
	before=$(cat /sys/class/net/gre1/ifindex)
	start_pinging_peer
	cp /usr/sbin/tunneld /usr/sbin/tunneld.new
	mv /usr/sbin/tunneld.new /usr/sbin/tunneld
	systemctl restart tunneld.service
	pinging_lost 0
	same ifindex "$(cat /sys/class/net/gre1/ifindex)" "$before"
}

test_11_watchdog() {
	local pid
	mkdir -p /run/systemd/system/tunneld.service.d
	printf '[Service]\nWatchdogSec=3s\nWatchdogSignal=SIGKILL\n' >/run/systemd/system/tunneld.service.d/watchdog.conf
	systemctl daemon-reload
	systemctl restart tunneld.service
	sleep 8 # longer than the watchdog waits: the daemon answers it
	same restarts "$(property tunneld.service NRestarts)" 0
	pid=$(property tunneld.service MainPID)
	kill -STOP "$pid"
	restarted() { is_active && [[ $(property tunneld.service MainPID) != "$pid" ]]; }
	eventually restarted
	rm -r /run/systemd/system/tunneld.service.d
	systemctl daemon-reload
	systemctl restart tunneld.service
	ping -n -c 1 -W 5 10.0.0.2
}

test_12_stop_leaves_the_tunnels() {
	start_pinging_peer
	systemctl stop tunneld.service
	is_up gre1
	echo TTL=78 >>$files/ifcfg-gre1
	sleep 1
	info_is gre1 ttl 77
	systemctl start tunneld.service
	eventually info_is gre1 ttl 78
	pinging_lost 0
}

test_13_broken_at_start() {
	printf '%s\n' DEVICE=bad TYPE=GRE 'PEER_OUTER_IPADDR=10.0.0' >$files/ifcfg-bad
	systemctl restart tunneld.service # ready all the same
	is_active
	grep '1 file refused' <(status_text)
	not tunnelctl list
	ping -n -c 1 -W 5 10.0.0.2
	rm $files/ifcfg-bad
	eventually tunnelctl list
}

test_14_only_root_may() {
	local status=0
	setpriv --reuid=65534 --clear-groups tunnelctl reload || status=$?
	same 'exit status' "$status" 4
}

test_15_nothing_else_failed() {
	same failed "$(systemctl list-units --state=failed --no-legend)" ''
	! journalctl --unit=tunneld.service --output=cat | grep -i -E 'sanitizer|runtime error|assertion'
}
