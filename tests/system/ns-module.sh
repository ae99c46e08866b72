# A kernel module that is missing. The name sorts first: later tests load them all.
# shellcheck shell=bash

test_0_missing_module() {
	two_hosts
	echo /bin/false >/proc/sys/kernel/modprobe
	rmmod ip6_gre 2>/dev/null || true
	put left ifcfg-g6 <<-END
	DEVICE=g6
	TYPE=GRE6
	MY_OUTER_IPADDR=2001:db8:1::1
	PEER_OUTER_IPADDR=2001:db8:1::2
	END
	! once left >"$work/left.log" 2>&1
	echo /sbin/modprobe >/proc/sys/kernel/modprobe
	grep 'the kernel has no ip6gre tunnels: its module ip6_gre is missing' "$work/left.log"
	once left
	has_link left g6
}
