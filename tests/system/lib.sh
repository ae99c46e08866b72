# What the system tests share. Sourced; runs as root in a guest.
# shellcheck shell=bash disable=SC2154
. "$(dirname "${BASH_SOURCE[0]}")/../examples/lab.sh"

examples=$(cd "$(dirname "${BASH_SOURCE[0]}")/../examples" && pwd)
work=/tmp/work
scripts=etc/sysconfig/network-scripts

# ---- tests and what they need ----

# Runs each function named test_*; only those with a word in their name if one is given.
run_tests() { # word
	local name status failed=0 began
	for name in $(declare -F | awk '{ print $3 }' | grep '^test_' | grep -e "${1:-}"); do
		began=$SECONDS
		mkdir -p "$work"
		set +e
		(
			set -eE
			trap 'echo "failed at ${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND"' ERR
			"$name"
		) >"$work.log" 2>&1
		status=$?
		set -e
		if [[ $status == 0 ]]; then
			grep '^note: ' "$work.log" | sed "s/^note: /# $name: /" || true
			echo "ok - $name ($((SECONDS - began)) s)"
		else
			sed 's/^/# /' "$work.log"
			tail -n 30 "$work"/*.log 2>/dev/null | sed 's/^/# /' || true
			echo "not ok - $name"
			failed=1
		fi
		lab_work=$work lab_end 2>/dev/null
		rm -rf "$work" "$work.log"
	done
	return $failed
}

# Waits for a state, and says how long it took; a whole minute, since emulation is slow and no test is about time.
eventually() { # command
	local began tries=0
	began=$(date +%s%N)
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		if [[ $tries -gt 600 ]]; then
			echo "not within a minute: $*"
			"$@" || true
			return 1
		fi
		sleep 0.1
	done
	echo "after $((($(date +%s%N) - began) / 1000000)) ms: $*"
}

not() {
	! "$@"
}

same() { # what, have, want
	[[ $2 == "$3" ]] || { printf '%s: have "%s", want "%s"\n' "$1" "$2" "$3"; return 1; }
}

# ---- hosts ----

# left (192.0.2.1, 192.0.2.11, 2001:db8:1::1) and right (.2, .12, ::2) on one cable, without files.
two_hosts() {
	local empty=$work/empty
	mkdir -p "$empty"/{left,right}
	printf '%s\n' topology=direct left_outer=192.0.2.1/24 right_outer=192.0.2.2/24 'pings=""' >"$empty/example.conf"
	touch "$empty"/{left,right}/.keep
	cp "$empty/left/.keep" "$empty/left/none"
	cp "$empty/right/.keep" "$empty/right/none"
	lab_begin "$empty" "$work"
	lab_address left eth0 2001:db8:1::1/64
	lab_address right eth0 2001:db8:1::2/64
	lab_address left eth0 192.0.2.11/24
	lab_address right eth0 192.0.2.12/24
}

# Writes a file from standard input as an editor does: beside, then renamed over.
put() { # host, name
	local folder=$work/$1/$scripts
	cat >"$folder/.$2.new"
	mv "$folder/.$2.new" "$folder/$2"
}

drop() { # host, name
	rm "$work/$1/$scripts/$2"
}

gre() { # device, local, remote, further lines
	printf '%s\n' "DEVICE=$1" TYPE=GRE "MY_OUTER_IPADDR=$2" "PEER_OUTER_IPADDR=$3" "${@:4}"
}

once() { # host
	lab_run "$1" tunneld --root="$work/$1" --once
}

plan() { # host
	lab_run "$1" tunneld --root="$work/$1" --plan
}

plan_is_empty() { # host
	local out
	out=$(plan "$1" 2>/dev/null | grep -v '^#' || true)
	[[ -z $out ]] || { echo "the plan is not empty:"; echo "$out"; return 1; }
}

daemon() { # host
	lab_start "$1" tunneld --root="$work/$1" >>"$work/$1.log" 2>&1
	echo $! >"$work/$1.pid"
	eventually lab_run "$1" tunnelctl --root="$work/$1" version
}

daemon_pid() { # host
	cat "$work/$1.pid"
}

ctl() { # host, verb
	lab_run "$1" tunnelctl --root="$work/$1" "${@:2}"
}

stands() { # tunnel, state, words of its message
	{ ctl left list --json || true; } | jq -e --arg name "$1" --arg state "$2" --arg words "${3:-}" \
		'.tunnels[] | select(.name == $name and .state == $state and ((.message // "") | contains($words)))'
}

# ---- looking ----

has_link() { # host, name
	ip -n "lab-$1" link show dev "$2" >/dev/null 2>&1
}

has_no_link() {
	! has_link "$1" "$2"
}

link() { # host, name, jq filter
	ip -n "lab-$1" -d -j link show dev "$2" | jq -r ".[0] | $3"
}

link_is() { # host, name, jq filter, value
	same "$2 $3" "$(link "$1" "$2" "$3")" "$4"
}

ifindex() {
	link "$1" "$2" .ifindex
}

# "10.0.0.1/30 peer 10.0.0.2", without link-local ones
addresses() { # host, name
	ip -n "lab-$1" -j address show dev "$2" | jq -r '.[0].addr_info[] | select(.scope != "link") | if .address then "\(.local) peer \(.address)/\(.prefixlen)" else "\(.local)/\(.prefixlen)" end' | sort
}

addresses_are() { # host, name, expected lines
	same "addresses of $2" "$(addresses "$1" "$2")" "$3"
}

# Everything of a host but what is ours: links outside our group with all they say, addresses, routes, rules, neighbours.
foreign_state() { # host
	ip -n "lab-$1" -d -j link show | jq -S 'map(select(.group != "2784") | del(.operstate, .stats64))'
	ip -n "lab-$1" -j address show | jq -S 'map(select(.group != "2784") | {ifname, addr_info})'
	ip -n "lab-$1" -j route show table all | jq -S 'map(select(.dev == "eth0" or .dev == "lo" or (.dev // "" | startswith("foreign"))))'
	ip -n "lab-$1" -j rule show | jq -S .
}

# ---- packets ----

pings() { # host, address
	lab_run "$1" ping -n -q -c 2 -i 0.2 -W 5 "$2"
}

start_pinging() { # host, address: every 5 ms, until stop_pinging
	lab_start "$1" ping -n -i 0.005 "$2" >"$work/ping.out" 2>&1
	echo $! >"$work/ping.pid"
	sleep 0.3
}

# Ends it; more lost packets than that are a failure. What is behind the last answer does not count: it was still
# on its way when ping ended.
pinging_lost() { # at most
	local sent back total
	sleep 0.5
	kill -INT "$(cat "$work/ping.pid")"
	wait "$(cat "$work/ping.pid")" 2>/dev/null || true
	read -r sent back < <(sed -n 's/.*icmp_seq=\([0-9]*\).* time=.*/\1/p' "$work/ping.out" | awk '{ n++; if ($1 > last) last = $1 } END { print last + 0, n + 0 }')
	total=$(awk '/packets transmitted/ { print $1 }' "$work/ping.out")
	echo "note: $sent packets sent, $((sent - back)) lost"
	[[ $((total - sent)) -le 20 ]] || { echo "the last $((total - sent)) were not answered"; return 1; }
	[[ $sent -gt 50 && $((sent - back)) -le $1 ]] || { echo "$1 may be lost"; return 1; }
}

# What crosses an interface while a command runs, decoded.
captured() { # host, interface, filter, command
	local tcpdump
	lab_start "$1" tcpdump -n -v -l -i "$2" "$3" >"$work/capture" 2>"$work/capture.err"
	tcpdump=$!
	eventually grep -q 'listening on' "$work/capture.err"
	"${@:4}" >/dev/null
	sleep 0.5
	kill "$tcpdump"
	wait "$tcpdump" 2>/dev/null || true
	cat "$work/capture"
}
