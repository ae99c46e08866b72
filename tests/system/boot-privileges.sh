# What the service may do, that it is enough for all that it does, and that what is nobody's business stays so. After boot.sh and
# in its manner.
# shellcheck shell=bash

# name, type, number that makes its peer its own, further lines
kind_file() {
	local local=192.0.2.1 remote=192.0.2.$3 keys=(MY_OUTER_IPADDR PEER_OUTER_IPADDR)
	case $2 in
	*6 | IP6*) local=2001:db8::1 remote=2001:db8::$3 ;;
	SIT) keys=(IPV6TUNNELIPV4LOCAL IPV6TUNNELIPV4) ;;
	esac
	printf '%s\n' "DEVICE=$1" "TYPE=$2" "${keys[0]}=$local" "${keys[1]}=$remote" "${@:4}" >$files/.new
	mv $files/.new "$files/ifcfg-$1"
}

every_kind='GRE IPIP SIT GRE6 IPIP6 IP6IP6 GRETAP IP6GRETAP ERSPAN IP6ERSPAN ISATAP VTI VTI6'

daemon_status() { # field
	awk -v field="$1:" '$1 == field { print $2 }' "/proc/$(property tunneld.service MainPID)/status"
}

# As the service sees the files, but with all of root's privileges.
inside() { # command
	nsenter --target "$(property tunneld.service MainPID)" --mount -- "$@"
}

may_write() { # file that is there
	inside bash -c 'exec 3>>"$1"' - "$1"
}

# With as little of root as it has itself.
inside_as_it_is() { # command
	inside setpriv --bounding-set=-all,+net_admin --inh-caps=-all --ambient-caps=-all --no-new-privs -- "$@"
}

test_90_privileges_of_the_unit() {
	local exposure field
	exposure=$(systemd-analyze security --no-pager tunneld.service | sed -n 's/.*exposure level for tunneld.service: \([0-9.]*\).*/\1/p')
	echo "note: exposure $exposure"
	awk -v exposure="$exposure" 'BEGIN { exit !(exposure > 0 && exposure <= 2.0) }'
	for field in CapEff CapPrm CapBnd; do
		same $field "$(daemon_status $field)" 0000000000001000 # CAP_NET_ADMIN
	done
	same CapAmb "$(daemon_status CapAmb)" 0000000000000000
	same CapInh "$(daemon_status CapInh)" 0000000000000000
	same NoNewPrivs "$(daemon_status NoNewPrivs)" 1
	same Seccomp "$(daemon_status Seccomp)" 2
	may_write /proc/sys/net/ipv6/conf/gre1/disable_ipv6
	may_write /sys/devices/virtual/net/gre1/uevent
	may_write /run/tunneld/lock
	for field in /proc/sys/kernel/sysrq /proc/sys/net/ipv4/ip_forward /etc/passwd $files/ifcfg-gre1 /usr/sbin/tunneld; do
		not may_write "$field"
	done
	same 'home and root' "$(inside find /home /root -mindepth 1 2>/dev/null)" ''
	same 'process 1' "$(inside_as_it_is cat /proc/1/comm)" systemd # who changed something is told by name
	same 'a process of somebody else' "$(inside_as_it_is cat "/proc/$(pgrep -x dbus-daemon | head -n 1)/comm")" dbus-daemon
	same devices "$(inside find /dev -type b)" ''
	same 'mode of /run/tunneld' "$(stat -c '%a %u' /run/tunneld)" '755 0'
	same 'modes in /run/tunneld' "$(find /run/tunneld -mindepth 1 -perm /077 ! -type d)" ''
}

kinds_are_up() {
	local kind
	for kind in $every_kind; do
		is_up "p$kind" || return 1
	done
}

conf_is() { # link, setting, value
	same "$1 $2" "$(cat "/proc/sys/net/ipv6/conf/$1/$2")" "$3"
}

controller_is() { # link, name
	same "controller of $1" "$(ip -j link show dev "$1" | jq -r '.[0].master')" "$2"
}

has_words() { # words, command
	[[ $("${@:2}") == *"$1"* ]]
}

start_using_everything() {
	local kind number=100
	mark_journal
	rmmod ip_vti ip6_vti sit ip6_gre 2>/dev/null || true # what is not in use: the kernel loads it for us
	ip link add pbr0 up type bridge
	ip link add pvrf0 up type vrf table 90
	for kind in $every_kind; do
		number=$((number + 1))
		case $kind in
		*ERSPAN) kind_file "p$kind" "$kind" $number KEY=7 ;;
		*GRETAP) kind_file "p$kind" "$kind" $number BRIDGE=pbr0 ;;
		VTI*) kind_file "p$kind" "$kind" $number KEY=9 VRF=pvrf0 ;;
		GRE) kind_file "p$kind" "$kind" $number MY_INNER_IPADDR=10.90.0.1/30 IPV6INIT=yes IPV6ADDR=2001:db8:90::1/64 IPV6_AUTOCONF=no IPV6FORWARDING=yes ;;
		*) kind_file "p$kind" "$kind" $number ;;
		esac
	done
	printf '%s\n' '10.91.0.0/16 via 10.90.0.2' '10.92.0.0/16 dev pGRE table 92' 'blackhole 10.93.0.0/16' >$files/route-pGRE
	echo 'from 10.91.0.0/16 table 92 pref 920' >$files/rule-pGRE
	printf '%s\n' DEVICE=pmany TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 KEY=99 MY_INNER_IPADDR=10.94.0.1/24 \
		NEIGHBOR1_INNER_IPADDR=10.94.0.2 NEIGHBOR1_OUTER_IPADDR=192.0.2.2 >$files/ifcfg-pmany
}

end_using_everything() {
	rm -f $files/*-p[A-Z]* $files/ifcfg-pmany
	eventually not ip link show dev pGRE
	eventually not ip link show dev pVTI6
	eventually not ip link show dev pmany
	ip link del pbr0
	ip link del pvrf0
	no_hooks
}

test_91_privileges_suffice() {
	need_firewalld
	install_hooks :
	set_hooks yes
	start_using_everything
	eventually kinds_are_up
	conf_is pGRE disable_ipv6 0
	conf_is pGRE autoconf 0
	conf_is pGRE forwarding 1
	conf_is pIPIP disable_ipv6 1
	eventually controller_is pGRETAP pbr0
	eventually controller_is pVTI pvrf0
	eventually has_words '10.92.0.0/16 dev pGRE' ip route show table 92
	has_words '10.91.0.0/16 via 10.90.0.2' ip route show
	has_words 'blackhole 10.93.0.0/16' ip route show
	has_words 'from 10.91.0.0/16 lookup 92' ip rule show
	eventually has_words '10.94.0.2 lladdr 192.0.2.2' ip neighbour show dev pmany
	eventually grep -qx 'up pVTI6' $hook_log
	# the firewall, an operator, the bus, changes in place, and what somebody else does
	kind_file pIPIP IPIP 102 ZONE=trusted TTL=9
	eventually zone_is pIPIP trusted
	eventually info_is pIPIP ttl 9
	tunnelctl down pSIT
	eventually not ip link show dev pSIT
	same 'what was asked for' "$(cat /run/tunneld/overrides)" 'down pSIT'
	tunnelctl up pSIT
	eventually is_up pSIT
	eventually result_is ok Reload
	result_is ok Plan '[("/etc/tunneld/ifcfg-new", dbus.ByteArray(b"DEVICE=new\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.9\n"))]'
	ip rule del pref 920
	ip route del 10.92.0.0/16 table 92
	ip neighbour del 10.94.0.2 dev pmany
	ip link del pGRE6
	ip link set dev pIPIP down
	eventually is_up pGRE6
	eventually is_up pIPIP
	eventually has_words 'from 10.91.0.0/16 lookup 92' ip rule show
	eventually has_words '10.92.0.0/16 dev pGRE' ip route show table 92
	eventually has_words '10.94.0.2 lladdr 192.0.2.2' ip neighbour show dev pmany
	udevadm settle
	systemctl restart tunneld.service
	eventually kinds_are_up
	end_using_everything
	eventually manager_is State '"running"'
	logged_times 'Operation not permitted' 0
	logged_times 'Permission denied' 0
	logged_times 'Read-only file system' 0
	logged_times 'not permitted' 0
}

# What the service is refused in its box and never says a word of.
test_92_privileges_and_no_call_is_refused() {
	local pid
	pid=$(property tunneld.service MainPID)
	command -v strace >/dev/null || { echo "note: no strace here"; return 0; }
	strace --quiet=all --follow-forks --status=failed --attach="$pid" --output="$work/calls" &
	eventually test -e "$work/calls"
	sleep 1
	kind_file pIPIP IPIP 102 IPV6INIT=no MY_INNER_IPADDR=10.95.0.1/30
	eventually is_up pIPIP
	rm $files/ifcfg-pIPIP
	eventually not ip link show dev pIPIP
	kill %1
	wait || true
	[[ -s $work/calls ]]
	not grep -E 'EPERM|EACCES|EROFS' "$work/calls"
}

# ---- what is nobody's business ----

secret=s3cr3t-w0rd

nowhere_told() { # command: what it prints, however it ends
	"$@" >"$work/told" 2>&1 || true
	not grep -F "$secret" "$work/told"
}

test_93_privileges_secrets_are_not_told() {
	mark_journal
	printf '%s\n' DEVICE=psk1 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.131 KEY=77 >$files/ifcfg-psk1
	(umask 077; printf '%s\n' "IKE_PSK=$secret" >$files/keys-psk1)
	(umask 077; printf '%s\n' DEVICE=psk2 TYPE=GRE PEER_OUTER_IPADDR=192.0.2.132 "IKE_PSK=top $secret" >$files/ifcfg-psk2)
	eventually is_up psk1
	eventually state_is psk2 refused
	# to root neither where nobody asks for the file itself
	nowhere_told tunnelctl check
	nowhere_told tunnelctl explain psk1 psk2
	nowhere_told tunnelctl status psk1 psk2
	nowhere_told tunnelctl plan
	nowhere_told tunnelctl plan $files/ifcfg-psk1 $files/keys-psk1
	nowhere_told tunnelctl --json status psk1 psk2
	nowhere_told busctl call io.tunneld /io/tunneld org.freedesktop.DBus.Properties GetAll s io.tunneld.Manager
	nowhere_told busctl call io.tunneld /io/tunneld/tunnel/psk1 org.freedesktop.DBus.Properties GetAll s io.tunneld.Tunnel
	nowhere_told busctl call io.tunneld /io/tunneld/tunnel/psk2 org.freedesktop.DBus.Properties GetAll s io.tunneld.Tunnel
	nowhere_told journalctl --since="$(cat "$work/mark")" --output=export
	nowhere_told grep -r -F "$secret" /run/tunneld
	nowhere_told bash -c 'cat /proc/$1/environ /proc/$1/cmdline | tr "\0" "\n"' - "$(property tunneld.service MainPID)"
	# to others not even then
	nowhere_told as_alice cat psk1 psk2
	grep -q 'cannot be read' "$work/told"
	nowhere_told as_alice check
	nowhere_told as_alice explain psk1 psk2
	nowhere_told as_alice status psk1 psk2
	nowhere_told as_alice --json cat psk1
	# root sees what is in a file
	tunnelctl cat psk1 | grep -F "$secret"
	rm $files/ifcfg-psk1 $files/keys-psk1 $files/ifcfg-psk2
	eventually not ip link show dev psk1
}

# The copies that are edited.
test_94_privileges_of_an_edited_copy() {
	printf '%s\n' DEVICE=psk3 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.133 "IKE_PSK=$secret" >$files/ifcfg-psk3
	chmod 600 $files/ifcfg-psk3
	eventually is_up psk3
	printf '%s\n' '#!/bin/bash' 'stat -c "%a %u" "$1" "${1%/*}" >>'"$work/copies" 'echo TTL=44 >>"$1"' >"$work/editor"
	chmod +x "$work/editor"
	EDITOR=$work/editor VISUAL='' tunnelctl edit psk3 </dev/null || true
	same 'the copy and its folder' "$(sort -u "$work/copies" | xargs)" '600 0 700 0'
	eventually info_is psk3 ttl 44
	same 'the file' "$(stat -c '%a %u' $files/ifcfg-psk3)" '600 0'
	same 'what is left' "$({ grep -r -l -F --exclude-dir="${work##*/}" "$secret" /tmp /var/tmp /run || true; } 2>/dev/null)" ''
	rm $files/ifcfg-psk3
	eventually not ip link show dev psk3
}

test_95_privileges_nothing_failed() {
	eventually status_has '3 tunnels: 2 up, 1 down'
	same failed "$(systemctl list-units --state=failed --no-legend)" ''
}
