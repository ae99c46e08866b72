# The D-Bus interface on a real bus, with the real polkit, after boot.sh and in its manner. The clients are busctl and Python's dbus.
# shellcheck shell=bash

polkit_rules=/etc/polkit-1/rules.d/10-test.rules

alice() { # command
	setpriv --reuid=1000 --regid=1000 --clear-groups "$@"
}

on_the_bus() {
	busctl --auto-start=no status io.tunneld
}

# ---- properties ----

tunnel_property() { # name, property: as JSON
	busctl --json=short get-property io.tunneld "/io/tunneld/tunnel/$1" io.tunneld.Tunnel "$2" | jq -c .data
}

tunnel_is() { # name, property, value
	same "$1 $2" "$(tunnel_property "$1" "$2")" "$3"
}

manager_is() { # property, value
	same "$1" "$(busctl --json=short get-property io.tunneld /io/tunneld io.tunneld.Manager "$1" | jq -c .data)" "$2"
}

# ---- calls ----

# What the call of a method comes to, "ok" or the name of the error. Arguments are as Python has them.
result_of() { # method, arguments
	python3 - "$@" <<-'END'
	import dbus, sys
	manager = dbus.SystemBus().get_object('io.tunneld', '/io/tunneld', introspect=False)
	try:
	    manager.get_dbus_method(sys.argv[1], 'io.tunneld.Manager')(*map(eval, sys.argv[2:]), timeout=60)
	    print('ok')
	except dbus.DBusException as error:
	    print(error.get_dbus_name().replace('org.freedesktop.DBus.Error.', ''))
	END
}

result_is() { # result, method, arguments
	same "${*:2}" "$(result_of "${@:2}")" "$1"
}

alice_gets() { # result, method, arguments
	same "${*:2} by alice" "$(alice bash -c "$(declare -f result_of)"'; result_of "$@"' - "${@:2}")" "$1"
}

# Of everything that changes something, or lets the caller's own files be read.
alice_always_gets() { # result
	alice_gets "$1" Reload
	alice_gets "$1" Reconcile 'dbus.Array(["gre1"], signature="s")'
	alice_gets "$1" Down '"six1"'
	alice_gets "$1" Up '"six1"'
	alice_gets "$1" Plan '[("/etc/tunneld/ifcfg-new", dbus.ByteArray(b"DEVICE=new\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.9\n"))]'
}

# ---- signals ----

start_listening() {
	stdbuf -oL busctl --json=short monitor io.tunneld >"$work/signals" &
	echo $! >"$work/listener"
	probe() { busctl call io.tunneld /io/tunneld org.freedesktop.DBus.Peer Ping && grep -q Ping "$work/signals"; }
	eventually probe
}

stop_listening() {
	kill "$(cat "$work/listener")"
	wait "$(cat "$work/listener")" 2>/dev/null || true
}

times_heard() { # jq's condition on a signal
	jq -R 'fromjson?' "$work/signals" | jq -s "[.[] | select(.type == \"signal\") | select($1)] | length"
}

heard_times() { # how often, condition
	same "$2" "$(times_heard "$2")" "$1"
}

heard() { # condition
	[[ $(times_heard "$1") -gt 0 ]]
}

told_of() { # tunnel, property, value
	heard ".path == \"/io/tunneld/tunnel/$1\" and .member == \"PropertiesChanged\" and .payload.data[1].$2.data == $3"
}

# ---- tests ----

test_70_bus_introspection() {
	local manager line
	mkdir -p "$work"
	eventually on_the_bus
	same owner "$(busctl call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus GetConnectionUnixUser s io.tunneld)" 'u 0'
	manager=$(alice busctl introspect io.tunneld /io/tunneld io.tunneld.Manager | tr -s ' ')
	for line in '.Reload method - a(ss)bs -' '.Reconcile method as a(ss)bs -' '.Plan method a(say) a(ssssasas)a(suuss) -' '.ListTunnels method - a(oa{sv}) -' \
		'.GetTunnel method s o -' '.Up method s a(ss)bs -' '.Down method s a(ss)bs -' '.TunnelNew signal so - -' '.TunnelRemoved signal so - -' \
		'.TunnelChanged signal sos - -' '.State property s "running" emits-change' '.FaultyTunnels property u 0 emits-change'; do
		grep -qxF -e "$line" <<<"$manager" || { echo "missing: $line"; echo "$manager"; return 1; }
	done
	grep -qE '^\.Version property s "[0-9.]+" const$' <<<"$manager"
	alice busctl introspect --xml-interface io.tunneld /io/tunneld >"$work/xml"
	grep -q '<arg type="a(ss)" name="changes" direction="out"/>' "$work/xml"
	grep -q '<arg type="a(say)" name="files" direction="in"/>' "$work/xml"
	alice busctl introspect --xml-interface io.tunneld /io/tunneld/tunnel/gre1 | sed -n '/io.tunneld.Tunnel/,/interface>/p' >"$work/xml"
	same 'properties' "$(grep -c '<property ' "$work/xml")" 26
	same 'those that never change' "$(grep -c 'EmitsChangedSignal" value="const"' "$work/xml")" 1
	same 'those without a signal' "$(grep -c 'EmitsChangedSignal" value="false"' "$work/xml")" 17
	alice busctl tree --list io.tunneld | grep -x /io/tunneld/tunnel/gre1
	! alice busctl introspect io.tunneld /io/tunneld/tunnel/none
	! alice busctl introspect io.tunneld /io/tunneld/tunnel/gre1/more
}

test_71_bus_reading() {
	mkdir -p "$work"
	same path "$(alice busctl call io.tunneld /io/tunneld io.tunneld.Manager GetTunnel s gre1)" 'o "/io/tunneld/tunnel/gre1"'
	alice busctl --json=short call io.tunneld /io/tunneld io.tunneld.Manager ListTunnels >"$work/list"
	same tunnels "$(jq -r '.data[0][] | .[1].Name.data' "$work/list" | xargs)" 'gre1 later six1'
	same 'what is listed' "$(jq -r '.data[0][0][1] | keys_unsorted | join(" ")' "$work/list")" \
		'Name Kind File State Reason Message Errno Since Override Local Remote InputKey OutputKey InnerAddresses'
	same gre1 "$(jq -c '.data[0][0][1] | [.Kind.data, .File.data, .State.data, .Errno.data, .Local.data, .InnerAddresses.data]' "$work/list")" \
		'["gre","/etc/sysconfig/network-scripts/ifcfg-gre1","up",0,"192.0.2.1",["10.0.0.1/30"]]'
	tunnel_is later State '"down"'
	tunnel_is later Reason '"onboot"'
	tunnel_is later InterfaceIndex 0
	tunnel_is gre1 InterfaceIndex "$(cat /sys/class/net/gre1/ifindex)"
	same remote "$(tunnel_property gre1 Actual | jq -r .remote.data)" "$(info gre1 remote)"
	tunnel_is gre1 Differences '[]'
	[[ $(tunnel_property gre1 Since) -gt 1000000000000000 ]]
	[[ $(tunnel_property gre1 Statistics | jq .rx_packets) -gt 0 ]]
	same properties "$(alice busctl --json=short call io.tunneld /io/tunneld/tunnel/gre1 org.freedesktop.DBus.Properties GetAll s io.tunneld.Tunnel |
		jq '.data[0] | length')" 26
	manager_is State '"running"'
	same counts "$(busctl --json=short get-property io.tunneld /io/tunneld io.tunneld.Manager Counts | jq -c '.data | [.up, .down, length]')" '[2,1,2]'
	same plan "$(alice busctl call io.tunneld /io/tunneld io.tunneld.Manager Plan 'a(say)' 0)" 'a(ssssasas)a(suuss) 0 0'
}

test_72_bus_others_are_refused() {
	local before
	before=$(ip -d -j link show | jq -c 'map(select(.group == "2784") | del(.stats64))')
	alice_always_gets InteractiveAuthorizationRequired
	! alice busctl call io.tunneld /io/tunneld io.tunneld.Manager Down s gre1 # this one would be asked for a password
	tunnel_is six1 Override '""'
	same links "$(ip -d -j link show | jq -c 'map(select(.group == "2784") | del(.stats64))')" "$before"
	result_is ok Reload
}

test_73_bus_polkit_decides() {
	mkdir -p "${polkit_rules%/*}"
	echo 'polkit.addRule(function (action, subject) { if (action.id == "io.tunneld.manage" && subject.user == "alice") return polkit.Result.YES; });' >$polkit_rules
	eventually alice_gets ok Reload
	alice_always_gets ok
	alice_gets ok Down '"six1"'
	tunnel_is six1 Override '"down"'
	tunnel_is six1 State '"down"'
	tunnel_is six1 Reason '"operator"'
	[[ ! -e /sys/class/net/six1 ]]
	alice_gets ok Up '"six1"'
	tunnel_is six1 Override '""'
	is_up six1
	echo 'polkit.addRule(function (action, subject) { if (action.id == "io.tunneld.manage") return polkit.Result.NO; });' >$polkit_rules
	eventually alice_gets AccessDenied Reload
	alice_always_gets AccessDenied
	result_is ok Reload
	rm $polkit_rules
	eventually alice_gets InteractiveAuthorizationRequired Reload
}

test_74_bus_bad_arguments() {
	local method
	for method in GetTunnel Up Down; do
		result_is InvalidArgs $method '"a b"'
		result_is InvalidArgs $method '"sixteen-letters-"'
		result_is InvalidArgs $method '""'
		result_is InvalidArgs $method '"../x"'
		result_is io.tunneld.Error.NoSuchTunnel $method '"none"'
		result_is InvalidArgs $method 'dbus.UInt32(1)'
	done
	result_is InvalidArgs Reconcile 'dbus.Array(["gre1", "a b"], signature="s")'
	result_is io.tunneld.Error.NoSuchTunnel Reconcile 'dbus.Array(["gre1", "none"], signature="s")'
	result_is ok Reconcile 'dbus.Array([], signature="s")'
	result_is UnknownMethod Nonsense
	result_is ok Plan '[(f"/etc/tunneld/ifcfg-t{i}", dbus.ByteArray(b"")) for i in range(64)]'
	result_is InvalidArgs Plan '[(f"/etc/tunneld/ifcfg-t{i}", dbus.ByteArray(b"")) for i in range(65)]'
	result_is ok Plan '[("/etc/tunneld/ifcfg-t", dbus.ByteArray(b"#" * (1024 * 1024)))]'
	result_is InvalidArgs Plan '[("/etc/tunneld/ifcfg-t", dbus.ByteArray(b"#" * (1024 * 1024 + 1)))]'
	result_is InvalidArgs Plan '[("/etc/passwd", dbus.ByteArray(b""))]'
	alice_gets InvalidArgs Plan '[("/etc/tunneld/" + "x" * 4096, dbus.ByteArray(b""))]' # and is not kept until polkit answers
	printf '%s\n' DEVICE=bad TYPE=GRE 'PEER_OUTER_IPADDR=10.0.0' >$files/ifcfg-bad
	eventually manager_is State '"degraded"'
	manager_is RefusedFiles 1
	result_is io.tunneld.Error.Refused Up '"bad"'
	rm $files/ifcfg-bad
	eventually manager_is State '"running"'
}

test_75_bus_plan_of_a_file() {
	local plan
	mkdir -p "$work"
	plan=$(python3 - <<-'END'
	import dbus
	manager = dbus.SystemBus().get_object('io.tunneld', '/io/tunneld', introspect=False)
	plan = manager.get_dbus_method('Plan', 'io.tunneld.Manager')
	text = b'DEVICE=new\nTYPE=GRE\nMY_OUTER_IPADDR=192.0.2.1\nPEER_OUTER_IPADDR=192.0.2.9\nNONSENSE=1\n'
	items, problems = plan([('/etc/tunneld/ifcfg-new', dbus.ByteArray(text))])
	for name, action, state, message, changes, commands in items:
	    print(name, action, state, len(changes) > 0, any(command.startswith('ip link add') for command in commands))
	for file, line, column, severity, text in problems:
	    print(file, line, column, severity)
	END
	)
	grep -qx 'new create up True True' <<<"$plan" || { echo "$plan"; return 1; }
	[[ ! -e /sys/class/net/new ]]
}

test_76_bus_signals() {
	mkdir -p "$work"
	start_listening
	printf '%s\n' DEVICE=a.b TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.71 TUNNEL_DEVICE=later0 >$files/ifcfg-a.b
	eventually heard_times 1 '.member == "TunnelNew" and .payload.data == ["a.b", "/io/tunneld/tunnel/a_2eb"]'
	tunnel_is a_2eb State '"waiting"'
	eventually heard_times 1 '.path == "/io/tunneld" and .member == "PropertiesChanged" and .payload.data[1].State.data == "degraded"'
	ip link add later0 type dummy
	eventually told_of a_2eb State '"up"'
	told_of a_2eb Reason '""'
	eventually heard_times 1 '.path == "/io/tunneld" and .member == "PropertiesChanged" and .payload.data[1].State.data == "running"'
	echo TTL=71 >>$files/ifcfg-a.b
	eventually heard_times 1 '.member == "TunnelChanged" and .payload.data[0:2] == ["a.b", "/io/tunneld/tunnel/a_2eb"] and (.payload.data[2] | endswith("-> 71"))'
	result_is ok Down '"a.b"'
	eventually told_of a_2eb Override '"down"'
	eventually told_of a_2eb State '"down"'
	result_is ok Up '"a.b"'
	eventually told_of a_2eb Override '""'
	rm $files/ifcfg-a.b
	eventually heard_times 1 '.member == "TunnelRemoved" and .payload.data == ["a.b", "/io/tunneld/tunnel/a_2eb"]'
	ip link del later0
	result_is ok Reload # nothing changes, and nothing is said
	probe
	heard_times 1 '.member == "TunnelRemoved"'
	heard_times 0 '.path == "/io/tunneld/tunnel/gre1"'
	stop_listening
}

# Who saw it while it was changing is told when that is over, though it is as it was before.
test_76_bus_tells_that_it_has_settled() {
	local writer
	mkdir -p "$work"
	start_listening
	while sleep 0.02; do
		cp -a $files/ifcfg-gre1 $files/.new
		mv $files/.new $files/ifcfg-gre1
	done &
	writer=$!
	eventually tunnel_is gre1 State '"changing"'
	eventually tunnel_is gre1 Reason '"event"'
	eventually manager_is State '"changing"'
	kill $writer
	eventually manager_is State '"running"'
	eventually told_of gre1 State '"up"'
	tunnel_is gre1 State '"up"'
	not heard '.payload.data[1].State.data == "changing"'
	stop_listening
}

test_77_bus_restarts() {
	local pid
	pid=$(property tunneld.service MainPID)
	mark_journal
	systemctl restart dbus.service
	eventually on_the_bus
	manager_is State '"running"'
	systemctl stop dbus.service dbus.socket
	echo TTL=72 >>$files/ifcfg-gre1
	eventually info_is gre1 ttl 72
	tunnelctl version
	sleep 5
	systemctl start dbus.socket
	eventually on_the_bus
	same_daemon "$pid"
	logged_times error 0
	logged_times 'io.tunneld' 0
	systemctl restart tunneld.service
	eventually on_the_bus
	manager_is State '"running"'
	sed -i /TTL=72/d $files/ifcfg-gre1
	eventually not info_is gre1 ttl 72
}

test_78_bus_without_polkit() {
	systemctl mask --runtime --now polkit.service
	alice_always_gets AccessDenied
	tunnel_is gre1 State '"up"'
	alice busctl call io.tunneld /io/tunneld io.tunneld.Manager ListTunnels
	result_is ok Reload
	systemctl unmask --runtime polkit.service
	eventually alice_gets InteractiveAuthorizationRequired Reload
}

# polkit is asked, and does not answer.
test_79_bus_and_a_polkit_that_hangs() {
	local pid
	mkdir -p "$work"
	alice_gets InteractiveAuthorizationRequired Reload # it runs
	pid=$(property polkit.service MainPID)
	kill -STOP "$pid"
	result_is ok Reload
	for _ in $(seq 12); do
		setpriv --reuid=1000 --regid=1000 --clear-groups busctl call io.tunneld /io/tunneld io.tunneld.Manager Reload >>"$work/callers" 2>&1 &
	done
	eventually grep -q 'too many requests of one user' "$work/callers"
	result_is ok Reload
	tunnel_is gre1 State '"up"'
	# those who are gone do not count any more
	kill $(jobs -p) || true
	wait || true
	setpriv --reuid=1000 --regid=1000 --clear-groups busctl call io.tunneld /io/tunneld io.tunneld.Manager Reload >"$work/caller" 2>&1 &
	sleep 2
	same answer "$(cat "$work/caller")" ''
	kill -CONT "$pid"
	wait || true
	grep 'polkit wants somebody to be asked for a password' "$work/caller"
	same failed "$(systemctl list-units --state=failed --no-legend)" ''
	not grep -i -E 'sanitizer|runtime error|assertion' <(journalctl --unit=tunneld.service --output=cat)
}
