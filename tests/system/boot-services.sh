# Zones of the real firewalld and hooks under a real systemd, after boot.sh and in its manner.
# shellcheck shell=bash

settings=/etc/tunneld/tunneld.conf
hook_log=/run/hooks.log

# ---- zones ----

tunnel_file() { # name, last number of the peer, further lines
	printf '%s\n' DEVICE="'$1'" TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR="192.0.2.$2" "${@:3}" >$files/.ifcfg-"$1"
	mv $files/.ifcfg-"$1" $files/ifcfg-"$1"
}

firewalld() { # method, arguments: quicker than firewall-cmd, which takes seconds to start
	busctl --auto-start=no call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 org.fedoraproject.FirewallD1.zone "$1" "$(printf 's%.0s' "${@:2}")" "${@:2}"
}

zone_is() { # name, zone; "" is none
	same "zone of $1" "$(firewalld getZoneOfInterface "$1")" "s \"$2\""
}

is_running() { # unit
	[[ $(property "$1" ActiveState) == active ]]
}

kind_is() { # name, the kernel's word
	same "kind of $1" "$(ip -d -j link show dev "$1" | jq -r '.[0].linkinfo.info_kind')" "$2"
}

# Starts it if it does not run; Type=dbus: it has its name when this returns, but may not answer yet.
need_firewalld() {
	systemctl start firewalld.service
	eventually firewalld getZoneOfInterface lo
}

logged_times() { # what, how often since the mark
	logged "$1" || true
	same "lines with \"$1\"" "$({ logged "$1" || true; } | wc -l)" "$2"
}

same_daemon() { # pid
	same 'pid of tunneld' "$(property tunneld.service MainPID)" "$1"
	is_active
}

test_20_zone_without_firewalld() {
	mark_journal
	systemctl stop firewalld.service
	tunnel_file fw1 21 ZONE=trusted
	eventually is_up fw1
	sleep 1
	logged_times '' 1 # it was created, and that is all
	same firewalld "$(property firewalld.service ActiveState)" inactive
}

test_21_firewalld_comes_later() {
	tunnel_file fw1 21 ZONE=trusted
	eventually is_up fw1
	need_firewalld
	eventually zone_is fw1 trusted
	same firewall-cmd "$(firewall-cmd --get-zone-of-interface=fw1)" trusted
	zone_is gre1 '' # no ZONE in its file
}

test_22_edit_moves_it() {
	need_firewalld
	mark_journal
	tunnel_file fw1 21 ZONE=drop
	eventually zone_is fw1 drop
	eventually logged "fw1: put into the firewall's zone drop"
	tunnel_file fw1 21
	eventually zone_is fw1 ''
	eventually logged "fw1: taken out of the firewall's zone drop"
	tunnel_file fw1 21 ZONE=work
	eventually zone_is fw1 work
}

test_23_zone_that_does_not_exist() {
	need_firewalld
	mark_journal
	tunnel_file fw1 21 ZONE=nosuch
	eventually logged 'fw1: ZONE=nosuch: firewalld does not take it: INVALID_ZONE'
	is_up fw1
	touch $files/ifcfg-fw1
	systemctl reload tunneld.service # all is well: the zone is no part of that
	sleep 1
	logged_times ZONE=nosuch 1
	tunnel_file fw1 21 ZONE=trusted
	eventually zone_is fw1 trusted
}

test_24_firewalld_restarts_and_reloads() {
	need_firewalld
	tunnel_file fw1 21 ZONE=trusted
	eventually zone_is fw1 trusted
	systemctl restart firewalld.service
	eventually zone_is fw1 trusted
	firewalld removeInterface trusted fw1
	zone_is fw1 ''
	firewall-cmd --reload
	eventually zone_is fw1 trusted
}

test_25_tunnels_come_and_go() {
	need_firewalld
	tunnel_file fw2 22 ZONE=work
	eventually zone_is fw2 work
	rm $files/ifcfg-fw2
	eventually zone_is fw2 ''
	not ip link show dev fw2
	# made again as another kind
	printf '%s\n' DEVICE=fw2 TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.22 ZONE=work >$files/ifcfg-fw2
	eventually zone_is fw2 work
	printf '%s\n' DEVICE=fw2 TYPE=IPIP MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.22 ZONE=work >$files/ifcfg-fw2
	eventually kind_is fw2 ipip
	eventually zone_is fw2 work
	rm $files/ifcfg-fw2
	eventually zone_is fw2 ''
}

test_26_effect() {
	need_firewalld
	firewalld changeZoneOfInterface trusted eth9 # the outer packets
	cp $files/ifcfg-gre1 "$work/ifcfg-gre1"
	echo ZONE=drop >>$files/ifcfg-gre1
	eventually zone_is gre1 drop
	not ip netns exec peer ping -n -q -c 2 -W 2 10.0.0.1
	cp "$work/ifcfg-gre1" $files/ifcfg-gre1
	echo ZONE=trusted >>$files/ifcfg-gre1
	eventually zone_is gre1 trusted
	ip netns exec peer ping -n -q -c 2 -W 5 10.0.0.1
	cp "$work/ifcfg-gre1" $files/ifcfg-gre1
	eventually zone_is gre1 ''
}

test_27_tunneld_starts_after_firewalld() {
	need_firewalld
	tunnel_file fw1 21 ZONE=trusted
	eventually zone_is fw1 trusted
	firewalld removeInterface trusted fw1
	systemctl restart tunneld.service
	eventually zone_is fw1 trusted
}

test_28_once() {
	need_firewalld
	tunnel_file fw1 21 ZONE=trusted
	eventually zone_is fw1 trusted
	systemctl stop tunneld.service
	firewalld removeInterface trusted fw1
	tunneld --once
	zone_is fw1 trusted # at once
	tunneld --teardown
	zone_is fw1 ''
	not ip link show dev fw1
	tunneld --once
	zone_is fw1 trusted
	systemctl stop firewalld.service
	tunneld --once
	systemctl start tunneld.service
}

test_29_the_bus_and_firewalld_die() {
	local pid
	pid=$(property tunneld.service MainPID)
	need_firewalld
	tunnel_file fw1 21 ZONE=trusted
	eventually zone_is fw1 trusted
	kill -9 "$(property firewalld.service MainPID)"
	eventually not is_running firewalld.service
	tunnel_file fw1 21 ZONE=work
	need_firewalld
	eventually zone_is fw1 work
	same_daemon "$pid"

	mark_journal
	systemctl restart dbus.service
	tunnel_file fw1 21 ZONE=drop
	systemctl restart firewalld.service
	eventually zone_is fw1 drop
	same_daemon "$pid"
	logged_times error 0

	systemctl stop firewalld.service
	rm $files/ifcfg-fw1
	eventually not ip link show dev fw1
	same_daemon "$pid"
}

# ---- hooks ----

set_hooks() { # yes or no
	sed -i '/^hooks/d' $settings
	echo "hooks = $1" >>$settings
}

# Each program notes when it begins and ends, and runs the command in between.
install_hooks() { # command
	local way
	rm -f $hook_log
	for way in up down; do
		printf '%s\n' '#!/bin/bash' "echo $way \"\$@\" >>$hook_log" "$1" "echo end >>$hook_log" >/sbin/if$way-local
		chmod +x /sbin/if$way-local
	done
}

hooks_were() { # words of the log
	same hooks "$(xargs <$hook_log)" "$1"
}

hook_unit() {
	systemctl list-units --all --plain --no-legend 'tunneld-hook-*' | awk '{ print $1 }'
}

has_hook_unit() {
	[[ -n $(hook_unit) ]]
}

no_hooks() {
	sed -i '/^hooks/d' $settings
	rm -f /sbin/ifup-local /sbin/ifdown-local $hook_log
}

test_30_no_hooks_by_default() {
	install_hooks :
	tunnel_file hook1 31
	eventually is_up hook1
	rm $files/ifcfg-hook1
	eventually not ip link show dev hook1
	sleep 1
	[[ ! -e $hook_log ]]
}

test_31_hooks() {
	install_hooks :
	set_hooks yes
	mark_journal
	tunnel_file hook1 31
	eventually hooks_were 'up hook1 end'
	echo TTL=9 >>$files/ifcfg-hook1 # in place: nothing came
	eventually info_is hook1 ttl 9
	printf '%s\n' DEVICE=hook1 TYPE=IPIP MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.31 >$files/ifcfg-hook1
	eventually hooks_were 'up hook1 end up hook1 end'
	rm $files/ifcfg-hook1
	eventually hooks_were 'up hook1 end up hook1 end down hook1 end'
	rm $hook_log
	tunnel_file 'a-$b.c' 32 # a name that means something to systemd
	eventually hooks_were 'up a-$b.c end'
	rm $files/'ifcfg-a-$b.c'
	eventually hooks_were 'up a-$b.c end down a-$b.c end'
	# only what can be run
	chmod -x /sbin/ifup-local
	tunnel_file hook1 31
	eventually is_up hook1
	rm $files/ifcfg-hook1
	eventually hooks_were 'up a-$b.c end down a-$b.c end down hook1 end'
	eventually not has_hook_unit
	logged_times /sbin/if 0
	no_hooks
}

test_32_hooks_one_after_the_other() {
	install_hooks 'sleep 0.5'
	set_hooks yes
	tunnel_file hook1 31
	eventually is_up hook1
	rm $files/ifcfg-hook1
	eventually not ip link show dev hook1
	tunnel_file hook1 31
	eventually is_up hook1
	eventually hooks_were 'up hook1 end down hook1 end up hook1 end'
	rm $files/ifcfg-hook1
	eventually hooks_were 'up hook1 end down hook1 end up hook1 end down hook1 end'
	no_hooks
}

test_33_hook_that_does_not_end() {
	local unit
	install_hooks 'sleep infinity'
	set_hooks yes
	mark_journal
	tunnel_file hook1 31
	eventually hooks_were 'up hook1'
	unit=$(hook_unit)
	same type "$(property "$unit" Type)" oneshot
	same limit "$(property "$unit" TimeoutStartUSec)" 30s
	# the daemon goes on, and the next hook waits
	tunnel_file hook1 31 TTL=7
	eventually info_is hook1 ttl 7
	rm $files/ifcfg-hook1
	eventually not ip link show dev hook1
	hooks_were 'up hook1'
	systemctl stop "$unit"
	eventually logged 'hook1: /sbin/ifup-local was stopped'
	eventually hooks_were 'up hook1 down hook1'
	systemctl stop "$(hook_unit)"
	eventually not has_hook_unit

	# as the manual has it: a drop-in for all of them
	mkdir -p /run/systemd/system/tunneld-hook-.service.d
	printf '[Service]\nTimeoutStartSec=2s\n' >/run/systemd/system/tunneld-hook-.service.d/limit.conf
	systemctl daemon-reload
	tunnel_file hook2 32
	eventually logged 'hook2: /sbin/ifup-local took too long, and was ended'
	eventually not has_hook_unit
	same failed "$(systemctl list-units --state=failed --no-legend 'tunneld-hook-*')" ''
	rm -r /run/systemd/system/tunneld-hook-.service.d
	systemctl daemon-reload
	no_hooks
	rm $files/ifcfg-hook2
	eventually not ip link show dev hook2
}

test_34_hook_that_fails() {
	install_hooks 'exit 3'
	set_hooks yes
	mark_journal
	tunnel_file hook1 31
	eventually logged 'hook1: /sbin/ifup-local failed: exit-code'
	rm $files/ifcfg-hook1
	eventually logged 'hook1: /sbin/ifdown-local failed: exit-code'
	logged_times ifup-local 1
	eventually not has_hook_unit
	no_hooks
}

test_35_hooks_and_the_bus() {
	local pid
	pid=$(property tunneld.service MainPID)
	install_hooks 'sleep 2'
	set_hooks yes
	mark_journal
	tunnel_file hook1 31
	eventually hooks_were 'up hook1'
	systemctl restart dbus.service
	eventually hooks_were 'up hook1 end' # it runs on without us
	tunnel_file hook2 32
	eventually hooks_were 'up hook1 end up hook2 end'
	same_daemon "$pid"
	no_hooks
	rm $files/ifcfg-hook1 $files/ifcfg-hook2
	eventually not ip link show dev hook2
}

test_36_hooks_and_a_systemd_that_loads_its_files_again() {
	install_hooks "until [[ -e $work/go ]]; do sleep 0.1; done; rm $work/go"
	set_hooks yes
	tunnel_file hook1 31
	eventually hooks_were 'up hook1'
	systemctl daemon-reload
	same 'state of its unit' "$(property "$(hook_unit)" LoadState)" loaded
	rm $files/ifcfg-hook1
	touch "$work/go"
	eventually hooks_were 'up hook1 end down hook1'
	systemctl daemon-reexec
	same 'state of its unit' "$(property "$(hook_unit)" LoadState)" loaded
	touch "$work/go"
	eventually hooks_were 'up hook1 end down hook1 end'
	tunnel_file hook1 31
	eventually hooks_were 'up hook1 end down hook1 end up hook1'
	touch "$work/go"
	eventually hooks_were 'up hook1 end down hook1 end up hook1 end'
	eventually not has_hook_unit
	no_hooks
	rm $files/ifcfg-hook1
	eventually not ip link show dev hook1
}

test_37_hooks_once() {
	install_hooks :
	set_hooks yes
	systemctl stop tunneld.service
	tunnel_file hook1 31
	tunneld --once
	hooks_were 'up hook1 end' # at once
	rm $files/ifcfg-hook1
	tunneld --once
	hooks_were 'up hook1 end down hook1 end'
	# without a bus
	rm $hook_log
	tunnel_file hook1 31 ZONE=trusted
	unshare --mount sh -c 'mount -t tmpfs none /run/dbus && exec tunneld --once' 2>"$work/once.err"
	is_up hook1
	same lines "$(grep -c -i -E 'hooks|zone|firewall|bus' "$work/once.err")" 1
	grep 'hooks cannot run while there is no system bus' "$work/once.err"
	[[ ! -e $hook_log ]]
	no_hooks
	rm $files/ifcfg-hook1
	tunneld --once
	systemctl start tunneld.service
}

test_39_nothing_else_failed() {
	systemctl reset-failed firewalld.service 2>/dev/null || true # it was killed
	same failed "$(systemctl list-units --state=failed --no-legend)" ''
	not grep -i -E 'sanitizer|runtime error|assertion' <(journalctl --unit=tunneld.service --output=cat)
	same restarts "$(property tunneld.service NRestarts)" 0
}
