# What is measured of the others. Sourced by inside. They are asked for the same tunnels as tunneld, and for nothing that costs them more
# than it must: IPv6 off where they can be told to, and networkd without LLDP.
# shellcheck shell=bash disable=SC2154

# What "bench-floor run" says, as records: how long it took; of the first command, its processor time and its memory, too.
record_run() { # measure, command
	local wall cpu peak status=0
	bench-floor run "$limit" "${@:2}" >"$work/ran" 2>>"$work/$tool.log" || status=$?
	case $status in
	0) ;;
	124) too_slow "$1"; return 1 ;;
	*) record "$1" failed; return 1 ;;
	esac
	read -r wall cpu peak <"$work/ran"
	record "$1" "$wall"
	[[ $1 != cold ]] || { record cold-cpu "$cpu"; record peak "$peak"; }
}

# ---- iproute2 ----

# As quick as it can be: the links in one batch, IPv6 off in one go, the rest in another batch.
prepare_ip-batch() { files=$(payload_files ip-batch); }
clean_ip-batch() { :; }

round_ip-batch() {
	record_run cold sh -ec "ip -batch $files/1-links; sysctl -q -p $files/2-sysctl; ip -batch $files/3-rest" || return 0
	bench-floor await "$n" "$EPOCHREALTIME" >/dev/null
	record_run edit ip link change dev "t$(middle)" type gre ttl 65
	record_run remove ip link delete dev "t$(middle)"
	record_run clear ip link delete group 2784
}

# What network-scripts runs: ifup and ifdown of each, without all that they do in shell.
prepare_scripts() { files=$(payload_files scripts); }
clean_scripts() { :; }

round_scripts() {
	record_run cold sh "$files/up" || return 0
	bench-floor await "$n" "$EPOCHREALTIME" >/dev/null
	grep "t$(middle)\$" "$files/down" >"$work/down"
	grep -w "t$(middle)" "$files/up" | sed 's/ttl 64/ttl 65/' >"$work/up"
	record_run edit sh -ec ". $work/down; . $work/up" # it is another interface then
	record_run remove sh "$work/down"
	record_run clear sh -c ". $files/down; true" # one of them is gone already
}

# ---- daemons ----

# In the bench's network namespace, and without udev: as in a container, they see that /sys cannot be written.
start_peer() { # command
	began=$EPOCHREALTIME
	# shellcheck disable=SC2016 # for that sh
	unshare -m sh -c 'mount -o remount,ro,bind /sys && exec "$@"' - "$@" >>"$work/$tool.log" 2>&1 &
	daemon=$!
}

# Milliseconds since $began until the daemon had nothing more to do.
settled() {
	bounded bench-floor await-quiet "$daemon" "$began"
}

ttl_is() {
	ip -d link show dev "t$(middle)" 2>/dev/null | grep -q "ttl $1 "
}

is_there() { # tunnel
	ip link show dev "$1" >/dev/null 2>&1
}

clean_peer() { # files
	[[ -z ${daemon:-} ]] || end_process "$daemon"
	daemon=
	rm -rf "$@"
	cp "$work/$tool.log" "$out" || true
}

# Asks for it with a command, and waits for the kernel or, in vain, until the daemon has nothing more to do.
record_if_done() { # measure, test, command
	local since=$EPOCHREALTIME status=0
	timeout "$limit" sh -c "$3" >>"$work/$tool.log" 2>&1 || status=$?
	if [[ $status != 124 ]] && ! "$2"; then
		began=$since
		settled >/dev/null || status=124
		[[ $status == 124 ]] || "$2" || { record "$1" not-done; return 0; }
	fi
	if [[ $status == 124 ]]; then too_slow "$1"; else record "$1" "$(elapsed "$since")"; fi
}

# What is removed is removed by who made it: so the restart has a round of its own.
round_daemon() { # round, start, reload, change, file of the tunnel in the middle
	local applied restarted
	"$2"
	applied=$(bounded bench-floor await "$n" "$began") || { too_slow cold; return 0; }
	record cold "$applied"
	settled >/dev/null || true
	record cold-cpu "$(cpu_of "$daemon")"
	if [[ $(($1 % 2)) == 0 ]]; then
		end_process "$daemon"
		"$2"
		if restarted=$(settled); then record restart "$restarted"; else too_slow restart; fi
		return 0
	fi
	# shellcheck disable=SC2086 # words
	record_run noop $3 || true
	sed -i -E 's/^(TTL|ttl)=.*/\1=65/' "$5"
	record_if_done edit changed "$4"
	[[ $1 -gt 1 ]] || measure_idle "$daemon"
	rm "${5%.*}".*
	record_if_done remove one_gone "$3"
	find "${5%/*}" -type f -delete
	record_if_done clear all_gone "$3"
	record peak "$(peak_of "$daemon")"
}

changed() { ttl_is 65; }
one_gone() { ! is_there "t$(middle)"; }
all_gone() { [[ -z $(ip -o link show type gre | grep -E ': t[1-9]') ]]; }

# ---- systemd-networkd ----

networkd_files=/run/systemd/network

prepare_networkd() {
	mkdir -p "$networkd_files"
	find "$networkd_files" -type f -delete
	cp "$(payload_files networkd)"/* "$networkd_files"
	chmod -R a+rX "$networkd_files"
}

clean_networkd() {
	clean_peer /run/systemd/netif
	find "$networkd_files" -type f -delete
}

start_networkd() {
	start_peer /lib/systemd/systemd-networkd
}

round_networkd() { # round
	round_daemon "$1" start_networkd 'networkctl reload' 'networkctl reload' "$networkd_files/t$(middle).netdev"
}

# ---- NetworkManager ----

manager_files=/etc/NetworkManager/system-connections

prepare_NetworkManager() {
	mkdir -p "$manager_files"
	find "$manager_files" -type f -delete
	cp "$(payload_files NetworkManager)"/* "$manager_files"
	chmod -R go= "$manager_files"
	printf '%s\n' '[main]' plugins=keyfile dns=none 'no-auto-default=*' '[logging]' level=WARN >"$work/manager.conf"
}

clean_NetworkManager() {
	clean_peer /run/NetworkManager
	find "$manager_files" -type f -delete
	rm -rf /var/lib/NetworkManager/*
}

start_NetworkManager() {
	start_peer NetworkManager --no-daemon --config="$work/manager.conf" --config-dir="$work/none" --system-config-dir="$work/none"
}

# It changes no tunnel that is there: the shortest way is to take it down and up, and it is another interface then.
round_NetworkManager() { # round
	round_daemon "$1" start_NetworkManager 'nmcli connection reload' \
		"nmcli connection reload; nmcli connection down t$(middle); nmcli connection up t$(middle)" "$manager_files/t$(middle).nmconnection"
}
