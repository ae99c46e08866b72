# What fails, is full, is killed or stops, and what chance brings of all that. $faults: what the build made for it.
# shellcheck shell=bash disable=SC2154
faults=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/faults

# The kernel's modules; and it looks for no others, which it does for each name of a link that is not there.
load_modules() {
	modprobe -a dummy veth ip_gre ipip sit ip6_gre ip6_tunnel
	echo /bin/false >/proc/sys/kernel/modprobe
}

test_faults_everywhere() {
	load_modules
	"$faults/faults-walk"
}

test_faults_at_random() {
	load_modules
	"$faults/faults-random" --seed "${TUNNELD_SEED:-2784}" --steps "${TUNNELD_STEPS:-600}"
}

# ---- the daemon ----

# A daemon whose calls fail as "fault" says later on.
faulty_daemon() { # host, command before it
	[[ -e $work/$1.fault ]] || no_fault "$1"
	lab_start "$1" env LD_PRELOAD="$faults/faults.so" FAULTS="$work/$1.fault" "${@:2}" tunneld --root="$work/$1" >>"$work/$1.log" 2>&1
	echo $! >"$work/$1.pid"
	eventually lab_run "$1" tunnelctl --root="$work/$1" version
}

fault() { # host, fault
	printf '%-4095s\n' "$2" | dd of="$work/$1.fault" conv=notrunc status=none
}

no_fault() {
	printf '%-4095s\n' none >"$work/$1.fault"
}

says() { # host, text
	grep -qF "$2" "$work/$1.log"
}

three_tunnels() {
	two_hosts
	gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.0.1.1/30 TTL=1 | put left ifcfg-t1
	gre t2 192.0.2.1 192.0.2.102 MY_INNER_IPADDR=10.0.2.1/30 | put left ifcfg-t2
	echo '10.20.0.0/16' | put left route-t2
	gre t3 192.0.2.1 192.0.2.103 IPV6ADDR=2001:db8:3::1 | put left ifcfg-t3
}

# More is told in that minute than the socket holds, whose buffer could not be made larger.
test_stopped_for_a_minute() {
	local began=$SECONDS i
	three_tunnels
	fault left 'buffer:EPERM:1+'
	faulty_daemon left
	eventually has_link left t3
	kill -STOP "$(daemon_pid left)"
	ip -n lab-left link delete t1
	ip -n lab-left address flush dev t2
	ip -n lab-left link set t3 down
	for i in $(seq 200); do
		echo "link set eth0 mtu $((1300 + i % 2))"
	done | ip -n lab-left -batch -
	ip -n lab-left link set eth0 mtu 1500
	gre t4 192.0.2.1 192.0.2.104 | put left ifcfg-t4
	awk '$9 > 0 { lost = 1 } END { exit !lost }' "/proc/$(daemon_pid left)/net/netlink" # its column of drops
	sleep $((began + 60 - SECONDS > 0 ? began + 60 - SECONDS : 0))
	kill -CONT "$(daemon_pid left)"
	eventually has_link left t4
	eventually has_link left t1
	eventually addresses_are left t2 10.0.2.1/30
	eventually link_is left t3 '.flags | contains(["UP"])' true
	eventually plan_is_empty left
}

# What is due is due by the clock that nobody sets.
test_clock_jumps() {
	local jump
	two_hosts
	faulty_daemon left
	for jump in -1 1; do
		fault left 'change:EBUSY:1+'
		gre t1 192.0.2.1 192.0.2.101 | put left ifcfg-t1
		eventually says left 't1: failed'
		date -s "$jump day"
		sleep 3
		no_fault left
		eventually has_link left t1
		eventually plan_is_empty left
		rm "$work/left/$scripts/ifcfg-t1"
		eventually has_no_link left t1
		date -s "$((-jump)) day"
		: >"$work/left.log"
	done
}

# What an operator asks for cannot be kept: it is refused, and what was asked for before holds.
test_full_run() {
	three_tunnels
	mkdir -p "$work/left/run/tunneld"
	mount -t tmpfs -o size=8k tunneld "$work/left/run/tunneld"
	daemon left
	eventually has_link left t3
	ctl left down t1
	has_no_link left t1
	not dd if=/dev/zero of="$work/left/run/tunneld/filler" bs=4k 2>/dev/null
	not ctl left down t2 >"$work/out" 2>&1
	cat "$work/out"
	grep -q 'No space left' "$work/out"
	has_link left t2
	kill "$(daemon_pid left)"
	wait "$(daemon_pid left)" || true
	daemon left
	has_no_link left t1
	has_link left t2
	rm "$work/left/run/tunneld/filler"
	ctl left down t2
	has_no_link left t2
	ctl left up t1
	ctl left up t2
	has_link left t1
	has_link left t2
	kill "$(daemon_pid left)"
	wait "$(daemon_pid left)" || true
	umount "$work/left/run/tunneld"
}

test_read_only_run() {
	three_tunnels
	faulty_daemon left
	eventually has_link left t3
	ctl left down t1
	fault left 'write:EROFS:1+'
	not ctl left down t2 >"$work/out" 2>&1
	not ctl left up t1 >>"$work/out" 2>&1
	cat "$work/out"
	same refusals "$(grep -c 'Read-only file system' "$work/out")" 2
	has_link left t2
	has_no_link left t1
	no_fault left
	ctl left up t1
	has_link left t1
	plan_is_empty left
}

test_no_inotify() {
	three_tunnels
	sysctl -qw fs.inotify.max_user_instances=0
	daemon left
	sysctl -qw fs.inotify.max_user_instances=128
	eventually has_link left t3
	says left 'a directory cannot be watched, changes in it need a reload'
	gre t1 192.0.2.1 192.0.2.101 TTL=2 | put left ifcfg-t1
	ctl left reload
	link_is left t1 .linkinfo.info_data.ttl 2
	gre t1 192.0.2.1 192.0.2.101 TTL=3 | put left ifcfg-t1
	eventually link_is left t1 .linkinfo.info_data.ttl 3 # the reload could watch again
}

test_no_watches() {
	three_tunnels
	faulty_daemon left
	fault left 'watch:ENOSPC:1+'
	mv "$work/left/$scripts" "$work/left/aside" # all are watched anew
	mkdir "$work/left/$scripts"
	eventually says left 'a directory cannot be watched, changes in it need a reload'
	mv "$work/left/aside"/* "$work/left/$scripts"
	gre t1 192.0.2.1 192.0.2.101 TTL=2 | put left ifcfg-t1
	ctl left reload
	link_is left t1 .linkinfo.info_data.ttl 2
	no_fault left
	ctl left reload
	gre t1 192.0.2.1 192.0.2.101 TTL=3 | put left ifcfg-t1
	eventually link_is left t1 .linkinfo.info_data.ttl 3
}

# Whatever cannot be read says nothing, and is read as soon as it can be.
test_files_that_cannot_be_read() {
	local error
	three_tunnels
	faulty_daemon left
	for error in EIO EMFILE EACCES ENOMEM; do
		eventually has_link left t3
		fault left "file:$error:1+"
		gre t1 192.0.2.1 192.0.2.101 "TTL=${#error}0" | put left ifcfg-t1
		drop left ifcfg-t2
		gre t3 192.0.2.1 192.0.2.113 IPV6ADDR=2001:db8:3::1 | put left ifcfg-t3
		sleep 2
		has_link left t1
		link_is left t3 .linkinfo.info_data.remote 192.0.2.103
		no_fault left
		[[ $error == E[IA]* ]] && ctl left reload # nothing says when it is over
		eventually link_is left t1 .linkinfo.info_data.ttl "${#error}0"
		eventually has_no_link left t2
		eventually link_is left t3 .linkinfo.info_data.remote 192.0.2.113
		gre t2 192.0.2.1 192.0.2.102 MY_INNER_IPADDR=10.0.2.1/30 | put left ifcfg-t2
		gre t3 192.0.2.1 192.0.2.103 IPV6ADDR=2001:db8:3::1 | put left ifcfg-t3
		eventually has_link left t2
		eventually link_is left t3 .linkinfo.info_data.remote 192.0.2.103
		eventually plan_is_empty left
	done
}

# As the service runs: root without the right to read everything.
test_unreadable_directory() {
	three_tunnels
	faulty_daemon left setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search
	eventually has_link left t3
	chmod 000 "$work/left/$scripts"
	ctl left reload || true
	has_link left t1
	has_link left t3
	rm "$work/left/$scripts/ifcfg-t3"
	sleep 1
	has_link left t3
	chmod 755 "$work/left/$scripts"
	gre t1 192.0.2.1 192.0.2.101 TTL=9 | put left ifcfg-t1
	eventually link_is left t1 .linkinfo.info_data.ttl 9
	eventually has_no_link left t3
	plan_is_empty left
}

# A storm of what cannot be done now: each call in turn, in the daemon too.
test_daemon_under_faults() {
	local what n=1
	three_tunnels
	faulty_daemon left
	for what in change:ENOBUFS:2+ change:EBUSY:1+ receive:ENOBUFS:3 receive:disturb:1+ receive:cut:2 send:EPERM:1+ memory:ENOMEM:40+ memory:ENOMEM:400; do
		n=$((n + 1))
		fault left "$what"
		gre t1 192.0.2.1 192.0.2.101 MY_INNER_IPADDR=10.0.1.1/30 "TTL=$n" | put left ifcfg-t1
		ip -n lab-left link delete t2
		ip -n lab-left address flush dev t3 scope global
		sleep 1.5
		no_fault left
		eventually link_is left t1 .linkinfo.info_data.ttl "$n"
		eventually addresses_are left t2 10.0.2.1/30
		eventually addresses_are left t3 2001:db8:3::1/64
		eventually plan_is_empty left
	done
	same 'still the same process' "$(ip netns pids lab-left | grep -cx "$(daemon_pid left)")" 1
}
