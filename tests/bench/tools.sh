# What is measured of each tool: prepare_, round_ and clean_. Sourced by inside.
# shellcheck shell=bash disable=SC2154

# ---- where it happens ----

in_namespace() {
	ip netns add bench
	exec ip netns exec bench "$0"
}

# Where the outer addresses are and lead, so that a route to each peer gives it its MTU.
make_underlay() {
	ip link set lo up
	ip link add outer0 type dummy
	ip address add 10.200.0.1/16 dev outer0
	ip link set outer0 up
	ip route add 10.201.0.0/16 dev outer0
	ip link add probe type gre local 10.200.0.1 remote 10.200.0.2 # loads the module
	ip link del probe
}

# ---- what they share ----

elapsed() { # since
	awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", 1000 * (to - from) }'
}

bounded() { # command: not longer than what a tool may take
	timeout "$limit" "$@"
}

# Milliseconds on the processor so far, of all threads.
cpu_of() { # pid
	cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.3f\n", sum / 1000000 }'
}

peak_of() { # pid
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$1/status"
}

# A line a thread.
switches_of() { # pid
	awk '/ctxt_switches/ { sum[FILENAME] += $2 } END { for (thread in sum) print thread, sum[thread] }' /proc/"$1"/task/*/status
}

minus() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a - b }'
}

# Runs a command of a kind that ends by itself; its wall time.
time_of() { # measure, command
	local began=$EPOCHREALTIME
	bounded "${@:2}" >/dev/null || return 1
	record "$1" "$(elapsed "$began")"
}

# How often a daemon with nothing to do runs all the same.
measure_idle() { # pid
	bench-floor await-quiet "$1" 0 >/dev/null
	switches_of "$1" >"$work/switches"
	sleep "$idle"
	# a thread that has ended since is not to be counted
	record idle "$(switches_of "$1" | awk 'NR == FNR { before[$1] = $2; next } { sum += $2 - before[$1] } END { print sum + 0 }' "$work/switches" -)"
}

end_process() { # pid
	kill "$1" 2>/dev/null || true
	while [[ -d /proc/$1 ]]; do sleep 0.05; done
}

payload_files() { # tool, as "tunnels" calls it; once for all rounds
	local files=$work/files-$1-$n
	[[ -d $files ]] || "$here/tunnels" "$1" "$n" "$files"
	echo "$files"
}

middle() {
	echo $((n / 2))
}

# ---- the floor ----

prepare_floor() { :; }
clean_floor() { :; }

round_floor() {
	local wall cpu peak
	read -r wall cpu peak < <(bench-floor apply "$n")
	record cold "$wall"
	record cold-cpu "$cpu"
	record peak "$peak"
	bench-floor await "$n" "$EPOCHREALTIME" >/dev/null # it is what everybody else has to make
	record noop "$(bench-floor dump | cut -d ' ' -f 3)"
	record edit "$(bench-floor edit "$(middle)" 65 | cut -d ' ' -f 1)"
	record remove "$(bench-floor remove "$(middle)" | cut -d ' ' -f 1)"
	record clear "$(bench-floor teardown | cut -d ' ' -f 1)"
}

# ---- tunneld ----

root=$work/root
scripts=$root/etc/sysconfig/network-scripts

prepare_tunneld() {
	rm -rf "$root"
	mkdir -p "$scripts" "$root/run/tunneld"
	cp "$(payload_files tunneld)"/* "$scripts"
}

clean_tunneld() {
	[[ -z ${daemon:-} ]] || end_process "$daemon"
	daemon=
	rm -rf "$root"
}

# Sets $daemon, and $ready, when the first pass is done; ms.
start_tunneld() {
	local began=$EPOCHREALTIME
	read -r daemon ready < <(bench-floor await-ready "$began" tunneld --root="$root" 2>>"$work/tunneld.log")
	[[ -n $ready ]]
}

round_tunneld() { # round
	local began applied cpu files all waiting
	began=$EPOCHREALTIME
	bench-floor await "$n" "$began" >"$work/applied" &
	waiting=$!
	start_tunneld || { echo "not ok - tunneld is not ready with $n"; return 1; }
	wait "$waiting"
	read -r applied <"$work/applied"
	record cold "$applied"
	record ready "$ready"
	bench-floor await-quiet "$daemon" 0 >/dev/null
	record cold-cpu "$(cpu_of "$daemon")"
	record noop-pass "$(bench-ask "unix:path=$root/run/tunneld/private" reload)" # without the start of a program
	bench-floor await-quiet "$daemon" 0 >/dev/null
	cpu=$(cpu_of "$daemon")
	time_of noop tunnelctl --root="$root" reload
	bench-floor await-quiet "$daemon" 0 >/dev/null
	record noop-cpu "$(minus "$(cpu_of "$daemon")" "$cpu")"
	change_one_file
	[[ $1 -gt 1 ]] || measure_idle "$daemon"
	record remove "$(bounded bench-floor await-gone "$(middle)" "$scripts/route-t$(middle)" "$scripts/ifcfg-t$(middle)")"
	record peak "$(peak_of "$daemon")"
	restart_tunneld
	read -r files all < <(bench-floor await-none "$n" "$scripts") # however long it takes
	record files-deleted "$files"
	record clear "$all"
}

change_one_file() {
	local cpu file
	file=$scripts/ifcfg-t$(middle)
	sed 's/^TTL=.*/TTL=65/' "$file" >"$scripts/.new"
	bench-floor await-quiet "$daemon" 0 >/dev/null
	cpu=$(cpu_of "$daemon")
	record edit "$(bounded bench-floor await-ttl "$(middle)" 65 "$scripts/.new" "$file")"
	bench-floor await-quiet "$daemon" 0 >/dev/null
	record edit-cpu "$(minus "$(cpu_of "$daemon")" "$cpu")"
}

restart_tunneld() {
	local before
	end_process "$daemon"
	before=$(wc -l <"$work/tunneld.log")
	start_tunneld || return 1
	record restart "$ready"
	bench-floor await-quiet "$daemon" 0 >/dev/null
	record restart-cpu "$(cpu_of "$daemon")"
	record restart-changes "$(tail -n +"$((before + 1))" "$work/tunneld.log" | grep -cE ': (created|removed)| -> ' || true)"
}

# What a daemon with nothing to keep takes; and how long a live one does not answer while it makes as many as there were at most.
measure_deafness() {
	local asked
	prepare_tunneld
	mv "$scripts" "$root/aside"
	mkdir "$scripts"
	start_tunneld
	bench-floor await-quiet "$daemon" 0 >/dev/null
	record idle-rss "$(peak_of "$daemon")"
	bench-ask "unix:path=$root/run/tunneld/private" ping 5 >"$work/asked"
	record answer-idle-longest "$(cut -d ' ' -f 3 "$work/asked")"
	bench-ask "unix:path=$root/run/tunneld/private" ping "$limit" >"$work/asked" &
	asked=$!
	mkdir -p "$root/etc/tunneld"
	began=$EPOCHREALTIME
	echo 'paths = /aside' >"$root/etc/tunneld/tunneld.conf"
	bench-floor await "$n" "$began" >"$work/applied"
	record live "$(<"$work/applied")"
	kill "$asked" # it tells what it has seen
	wait "$asked" || true
	record answer-average "$(cut -d ' ' -f 2 "$work/asked")"
	record answer-longest "$(cut -d ' ' -f 3 "$work/asked")"
	clean_tunneld
	bench-floor teardown >/dev/null
}
