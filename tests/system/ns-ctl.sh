# The operator's hand: each verb of tunnelctl over the daemon's own socket, and what it prints.
# shellcheck shell=bash disable=SC2154

# Its output goes to $work/out and $work/err.
ends_with() { # status, command
	local want=$1 status=0
	shift
	"$@" >"$work/out" 2>"$work/err" || status=$?
	[[ $status == "$want" ]] || { echo "$*: ended with $status instead of $want"; cat "$work/out" "$work/err"; return 1; }
}

# What it printed is JSON of which this is true.
told() { # jq filter
	jq -e "$1" "$work/out" >/dev/null || { echo "not so: $1"; cat "$work/out"; return 1; }
}

# On a terminal of 80 columns; its output goes to $work/out.
on_terminal() { # environment, verb
	timeout 60 script -qec "stty cols 80 rows 200; exec env TERM=xterm $1 ip netns exec lab-left tunnelctl --root=$work/left ${*:2}" /dev/null </dev/null >"$work/out"
}

# One that is up (gre1), one that is refused (gre2), one that waits (gre3), one that is down on purpose (gre4).
four_tunnels() {
	two_hosts
	gre gre1 192.0.2.1 192.0.2.2 KEY=17 MY_INNER_IPADDR=10.0.0.1/30 TTL=64 | put left ifcfg-gre1
	echo '10.50.0.0/16 via 10.0.0.2' | put left route-gre1
	echo 'from 10.50.0.0/16 table 50 priority 900' | put left rule-gre1
	gre gre2 192.0.2.1 192.0.2.102 TTL=256 | put left ifcfg-gre2
	gre gre3 192.0.2.1 192.0.2.103 TUNNEL_DEVICE=later0 | put left ifcfg-gre3
	gre gre4 192.0.2.1 192.0.2.104 ONBOOT=no | put left ifcfg-gre4
	daemon left
	eventually has_link left gre1
}

test_ctl_list() {
	four_tunnels
	ends_with 1 ctl left list
	grep -E '^TUNNEL +KIND +STATE +FILE, REASON$' "$work/out"
	grep -E "^gre1 +gre +up +/$scripts/ifcfg-gre1$" "$work/out"
	grep -E "^gre2 +none +refused +/$scripts/ifcfg-gre2, .*ifcfg-gre2:5:5: error: TTL=256" "$work/out"
	grep -E "^gre3 +gre +waiting +/$scripts/ifcfg-gre3, .*later0$" "$work/out"
	ends_with 1 ctl left list --json
	told '.tunnels | map(.name) == ["gre1", "gre2", "gre3", "gre4"]'
	told '.tunnels[0] | .state == "up" and .reason == null and .message == null and .errno == 0 and .override == null and .kind == "gre"'
	told '.tunnels[0].since_us > 1600000000000000'
	told '.tunnels[1] | .state == "refused" and .reason == "file" and (.message | test("TTL=256"))'
	told '.tunnels[2] | .state == "waiting" and .reason == "device"'
	told '.tunnels[3] | .state == "down" and .reason == "onboot"'
	drop left ifcfg-gre2
	drop left ifcfg-gre3
	eventually ctl left list
}

test_ctl_status() {
	four_tunnels
	ends_with 1 ctl left status
	grep -E '^NAME +KIND +STATE +LOCAL +REMOTE +KEY +INNER ADDRESSES +FILE$' "$work/out"
	grep -E "^gre1 +gre +up +192.0.2.1 +192.0.2.2 +17 +10.0.0.1/30 +/$scripts/ifcfg-gre1$" "$work/out"
	grep -A1 '^gre3 ' "$work/out" | grep -E '^    .*later0'
	same summary "$(tail -n 1 "$work/out")" '4 tunnels: 1 up, 1 down, 1 waiting, 1 refused'
	ends_with 1 ctl left status --json
	told '.tunnels[0] | .local == "192.0.2.1" and .remote == "192.0.2.2" and .input_key == "17" and .output_key == "17" and .inner_addresses == ["10.0.0.1/30"]'
	told '.tunnels[3] | .input_key == null and .inner_addresses == []'
	told '.counts | .up == 1 and .down == 1 and .waiting == 1 and .refused == 1 and .failed == 0'
}

# What happens while the daemon is stopped, it looks at a moment after it answers, and later while more happens.
differences_are_marked() {
	local asking status=0
	eventually link_is left gre1 .linkinfo.info_data.ttl 64
	kill -STOP "$(daemon_pid left)"
	[[ ! -e $work/noise.pid ]] || kill "$(cat "$work/noise.pid")"
	ip -n lab-left address del 10.0.0.1/30 dev gre1
	ip -n lab-left link set dev gre1 type gre local 192.0.2.1 remote 192.0.2.2 key 17 ttl 9
	while sleep 0.03; do touch "$work/left/$scripts/ifcfg-gre4"; done &
	echo $! >"$work/noise.pid"
	lab_start left tunnelctl --root="$work/left" status gre1 >"$work/out"
	asking=$!
	sleep 1
	kill -CONT "$(daemon_pid left)"
	wait "$asking" || true
	cat "$work/out"
	grep -E '^!  ttl +64 +9$' "$work/out" && grep -E '^!  missing  10.0.0.1/30' "$work/out" && grep -E '^\*  foreign  10.77.0.1/30' "$work/out"
}

test_ctl_status_of_one() {
	four_tunnels
	ends_with 0 ctl left status gre1
	head -n 1 "$work/out" | grep -E '^gre1: up for .* \(since [0-9-]{10} [0-9:]{8}\)$'
	grep -E "^  file +/$scripts/ifcfg-gre1$" "$work/out"
	grep -E "^ +/$scripts/route-gre1$" "$work/out"
	grep -E '^   ttl +64 +64$' "$work/out"
	grep '^  mtu 1472 = 1500 (path to 192.0.2.2) - 20 IPv4 - 4 GRE - 4 key$' "$work/out"
	grep -A1 '^Addresses$' "$work/out" | grep '^   10.0.0.1/30'
	grep -A1 '^Routes$' "$work/out" | grep '^   10.50.0.0/16 via 10.0.0.2'
	grep -A1 '^Rules$' "$work/out" | grep '^   from 10.50.0.0/16'
	grep -E '^ +received +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+$' "$work/out"
	ends_with 0 ctl left status --json gre1
	told '.tunnels[0] | .wanted.ttl == 64 or .wanted.ttl == "64"'
	told '.tunnels[0] | .wanted.mtu == 1472 and .actual.mtu == 1472 and .differences == [] and .path_mtu == 1500 and .ifindex > 0'
	told '.tunnels[0] | .overhead == [{name: "IPv4", bytes: 20}, {name: "GRE", bytes: 4}, {name: "key", bytes: 4}]'
	told '.tunnels[0] | .addresses == [{text: "10.0.0.1/30", mark: "present"}] and (.routes[0].mark == "present") and (.rules | length) == 1'
	told '.tunnels[0] | (.statistics.tx_packets | type) == "number" and (.files | length) == 3 and .last_changes == []'
	ip -n lab-left address add 10.77.0.1/30 dev gre1
	eventually differences_are_marked
	kill "$(cat "$work/noise.pid")"
	eventually link_is left gre1 .linkinfo.info_data.ttl 64
	eventually ctl left status gre1
	# the others: whether up or not is the exit status
	ends_with 1 ctl left status gre3
	grep -E '^   local +192.0.2.1 +-$' "$work/out"
	ends_with 1 ctl left status gre4
	ends_with 1 ctl left status gre1 gre2
	grep '^gre1: up' "$work/out"
	grep '^gre2: refused' "$work/out"
	ends_with 1 ctl left status ger1
	grep 'there is no tunnel ger1; is it gre1?' "$work/err"
	ends_with 1 ctl left status --json nothing-like-it
	told '.tunnels == []'
}

test_ctl_up_and_down() {
	four_tunnels
	ends_with 0 ctl left down gre1
	grep '^gre1: removed' "$work/out"
	has_no_link left gre1
	ends_with 1 ctl left status --json gre1
	told '.tunnels[0] | .state == "down" and .reason == "operator" and .override == "down"'
	# it stays so over a reload and a new daemon
	ctl left reload || true
	kill "$(daemon_pid left)"
	eventually not lab_run left tunnelctl --root="$work/left" version
	daemon left
	has_no_link left gre1
	ends_with 1 ctl left status --json gre1
	told '.tunnels[0] | .state == "down" and .override == "down"'
	ends_with 0 ctl left up --json gre1
	told '.well and (.changes | length > 0) and .changes[0].tunnel == "gre1" and (.summary | test("^4 tunnels: "))'
	has_link left gre1
	ends_with 0 ctl left status --json gre1
	told '.tunnels[0] | .state == "up" and .override == null'
	# also one that its file does not bring up, and then it says so
	ends_with 0 ctl left up gre4
	has_link left gre4
	ends_with 0 ctl left status gre4
	grep -E '^  override +an operator asked it up, until the next boot$' "$work/out"
	# what cannot be
	ends_with 1 ctl left up gre2
	grep 'gre2 .*ifcfg-gre2:5:5' "$work/err"
	ends_with 1 ctl left up gre3
	grep '^tunnelctl: gre3 is waiting: .*later0$' "$work/err"
	ends_with 1 ctl left down grr4
	grep 'there is no tunnel grr4; is it gre4?' "$work/err"
	# one whose file cannot be used runs on as it was, can be taken down, and comes back with its file
	echo TTL=256 >>"$work/left/$scripts/ifcfg-gre1"
	eventually grep "ifcfg-gre1:[0-9:]* error" "$work/left.log"
	has_link left gre1
	ends_with 0 ctl left down gre1
	has_no_link left gre1
	ends_with 1 ctl left up gre1
	grep 'gre1 .*its file is refused' "$work/err"
	has_no_link left gre1
	sed -i '/^TTL=256$/d' "$work/left/$scripts/ifcfg-gre1"
	eventually has_link left gre1
}

test_ctl_reload() {
	four_tunnels
	kill -STOP "$(daemon_pid left)"
	echo TTL=65 >>"$work/left/$scripts/ifcfg-gre1"
	kill -CONT "$(daemon_pid left)"
	ends_with 1 ctl left reload # gre2, gre3
	grep '^tunnelctl: not all is as the files say: 4 tunnels: ' "$work/err"
	link_is left gre1 .linkinfo.info_data.ttl 65
	drop left ifcfg-gre2
	drop left ifcfg-gre3
	ends_with 0 ctl left reload --json
	told '.well and .summary == "2 tunnels: 1 up, 1 down"'
	ends_with 0 ctl left reload
	same 'output of a reload without news' "$(cat "$work/out" "$work/err")" ''
	ip -n lab-left link set dev gre1 type gre local 192.0.2.1 remote 192.0.2.2 key 17 ttl 9
	ctl left reload >"$work/out"
	eventually link_is left gre1 .linkinfo.info_data.ttl 65
}

test_ctl_plan() {
	local new=$work/new
	four_tunnels
	drop left ifcfg-gre2
	drop left ifcfg-gre3
	eventually ctl left list
	ends_with 0 ctl left plan
	same plan "$(cat "$work/out")" 'nothing to do: all is as the files say'
	mkdir "$new"
	gre gre1 192.0.2.1 192.0.2.2 KEY=17 MY_INNER_IPADDR=10.0.0.1/30 TTL=255 >"$new/ifcfg-gre1"
	gre gre5 192.0.2.1 192.0.2.105 MY_INNER_IPADDR=10.5.0.1/30 >"$new/ifcfg-gre5"
	echo KEY=99 >"$new/keys-gre5"
	echo '10.55.0.0/16 via 10.5.0.2' >"$new/route-gre5"
	ends_with 0 ctl left plan "$new/ifcfg-gre1" "$new/ifcfg-gre5"
	grep '^gre1: to be changed in place$' "$work/out"
	grep '^    ttl 64 -> 255$' "$work/out"
	grep -A1 '^gre5: to be created$' "$work/out" | grep '^    gre, local 192.0.2.1, remote 192.0.2.105$'
	same summary "$(tail -n 1 "$work/out")" '1 to be created, 1 to be changed in place'
	has_no_link left gre5
	link_is left gre1 .linkinfo.info_data.ttl 64
	ends_with 0 ctl left plan --json "$new/ifcfg-gre1" "$new/ifcfg-gre5"
	told '.problems == [] and ([.items[] | {tunnel, action}] == [{tunnel: "gre1", action: "change"}, {tunnel: "gre5", action: "create"}])'
	told '.items[0] | .changes == ["ttl 64 -> 255"] and .state == "up" and .message == null and (.commands | length) == 1'
	# the commands are a script, and do the same
	(cd "$new" && ends_with 0 ctl left plan --ip ifcfg-gre1 ./ifcfg-gre5)
	grep '^# gre1: ttl 64 -> 255$' "$work/out"
	grep '10.55.0.0/16 via 10.5.0.2' "$work/out"
	not grep -Ev '^(#|ip |sysctl |echo )' "$work/out"
	kill "$(daemon_pid left)"
	eventually not lab_run left tunnelctl --root="$work/left" version
	lab_run left sh -e "$work/out"
	link_is left gre1 .linkinfo.info_data.ttl 255
	has_link left gre5
	cp "$new"/* "$work/left/$scripts"
	daemon left
	eventually lab_run left tunnelctl --root="$work/left" status gre5
	link_is left gre1 .linkinfo.info_data.ttl 255
	link_is left gre5 .linkinfo.info_data.ikey 0.0.0.99
	same plan "$(ctl left plan)" 'nothing to do: all is as the files say'
	# what cannot be changed in place says why
	sed s/TYPE=GRE/TYPE=IPIP/ "$new/ifcfg-gre1" | grep -v KEY >"$new/other"
	mv "$new/other" "$new/ifcfg-gre1"
	ends_with 0 ctl left plan "$new/ifcfg-gre1"
	grep -A1 '^gre1: to be made anew$' "$work/out" | grep '^    .*kind'
	rm "$work/left/$scripts/ifcfg-gre4"
	# problems are told by the name that was given
	(cd "$new" && echo TTL=256 >>ifcfg-gre5 && ends_with 1 ctl left plan ifcfg-gre5)
	grep '^ifcfg-gre5:6:5: error: TTL=256' "$work/err"
	(cd "$new" && ends_with 1 ctl left plan --json ifcfg-gre5)
	told '.problems[0] | .file == "ifcfg-gre5" and .line == 6 and .column == 5 and .severity == "error"'
	ends_with 1 ctl left plan "$new/ifcfg-gre6"
	ends_with 2 ctl left plan /etc/hosts
}

test_ctl_plan_of_one_among_others() { # what others have is not this file's fault
	four_tunnels
	ends_with 1 ctl left plan
	grep '^gre2: nothing can be done, it is refused$' "$work/out"
	grep '^gre3: nothing can be done, it is waiting$' "$work/out"
	cp "$work/left/$scripts/ifcfg-gre1" "$work/ifcfg-gre1"
	ends_with 0 ctl left plan "$work/ifcfg-gre1"
	same plan "$(cat "$work/out")" 'nothing to do: all is as the files say'
}

test_ctl_wait() {
	local waiting
	four_tunnels
	ends_with 0 ctl left wait gre1
	ends_with 1 ctl left wait gre3 --timeout=1
	grep '^tunnelctl: gre3 is waiting: .*later0$' "$work/err"
	ends_with 1 ctl left wait --json --timeout=1
	told '.up == false and (.missing | map(.name)) == ["gre2", "gre3"] and .missing[1].reason == "device"'
	ends_with 1 ctl left wait --timeout=1 gre9
	grep 'gre9 is not there' "$work/err"
	lab_start left tunnelctl --root="$work/left" wait gre3 gre9
	waiting=$!
	sleep 1
	ip -n lab-left link add later0 type dummy
	sleep 1
	kill -0 "$waiting"
	gre gre9 192.0.2.1 192.0.2.109 | put left ifcfg-gre9
	wait "$waiting"
	has_link left gre9
	drop left ifcfg-gre2
	ends_with 0 ctl left wait # gre4 is down on purpose
	# until there is a daemon
	kill "$(daemon_pid left)"
	eventually not lab_run left tunnelctl --root="$work/left" version
	ends_with 3 ctl left wait --timeout=1
	lab_start left tunnelctl --root="$work/left" wait --json >"$work/waited"
	waiting=$!
	sleep 1
	kill -0 "$waiting"
	daemon left
	wait "$waiting"
	jq -e '.up and .missing == []' "$work/waited"
	# and over its end, be it sudden
	drop left ifcfg-gre9
	eventually has_no_link left gre9
	lab_start left tunnelctl --root="$work/left" wait gre9
	waiting=$!
	sleep 0.5
	kill -KILL "$(daemon_pid left)"
	sleep 1
	kill -0 "$waiting"
	daemon left
	gre gre9 192.0.2.1 192.0.2.109 | put left ifcfg-gre9
	wait "$waiting"
	rm -rf "$work/left/run"
	ends_with 3 ctl left wait --timeout=1
}

test_ctl_monitor() {
	local watching status=0
	four_tunnels
	lab_start left tunnelctl --root="$work/left" monitor >"$work/text" 2>"$work/err"
	lab_start left tunnelctl --root="$work/left" monitor --json >"$work/json"
	watching=$!
	sleep 1
	sed -i s/TTL=64/TTL=77/ "$work/left/$scripts/ifcfg-gre1"
	eventually grep -E '^[0-9-]{10} [0-9:]{8}  gre1: ttl 64 -> 77$' "$work/text"
	ip -n lab-left link add later0 type dummy
	eventually grep -E '^[0-9-]{10} [0-9:]{8}  gre3: up$' "$work/text"
	gre gre5 192.0.2.1 192.0.2.105 TTL=300 | put left ifcfg-gre5
	eventually grep -E '  gre5: refused: .*ifcfg-gre5:5:5' "$work/text"
	gre gre5 192.0.2.1 192.0.2.105 TTL=30 | put left ifcfg-gre5
	eventually grep -E '  gre5: up$' "$work/text"
	drop left ifcfg-gre5
	eventually grep -E '  gre5: no file speaks of it any more$' "$work/text"
	kill "$(daemon_pid left)"
	wait "$watching" || status=$?
	same 'exit status' "$status" 3
	eventually grep '^tunnelctl: tunneld has ended$' "$work/err"
	same 'lines that are no JSON' "$(jq -R 'fromjson? // "bad"' "$work/json" | grep -c bad || true)" 0
	same 'a change' "$(jq -c 'select(.event == "change" and .tunnel == "gre1") | .change' "$work/json")" '"ttl 64 -> 77"'
	same 'news' "$(jq -r 'select(.event == "new" or .event == "removed") | .event + " " + .tunnel' "$work/json")" "$(printf '%s\n' 'new gre5' 'removed gre5')"
	jq -se 'map(select(.event == "state" and .tunnel == "gre3" and .state == "up")) | length > 0' "$work/json"
	jq -se 'map(select(.event == "state" and .state == "refused")) | .[0].reason == "file" and (.[0].message | test("TTL=300"))' "$work/json"
	jq -se 'all(.time_us > 1600000000000000)' "$work/json"
}

test_ctl_exit_statuses() {
	local verb
	two_hosts
	for verb in list status 'status gre1' plan reload 'up gre1' 'down gre1' monitor version; do
		# shellcheck disable=SC2086
		ends_with 3 ctl left $verb
		grep 'tunneld does not run' "$work/err"
	done
	ends_with 3 ctl left version --json
	told '.tunnelctl != null and .tunneld == null'
	for verb in up 'list gre1' 'reload --ip' 'wait --timeout=soon' 'monitor --no-pager' 'statsu'; do
		# shellcheck disable=SC2086
		ends_with 2 ctl left $verb
	done
	daemon left
	ends_with 0 ctl left version
	same version "$(cut -d ' ' -f 1 "$work/out" | paste -s)" "$(printf 'tunnelctl\ttunneld')"
	ends_with 0 ctl left version --json
	told '.tunnelctl == .tunneld'
	ends_with 0 ctl left status
	same status "$(cat "$work/out")" '0 tunnels'
	ends_with 0 ctl left status --json
	told '.tunnels == []'
	ends_with 0 ctl left wait
	# the socket is root's
	chmod -R a+rX "$work"
	for verb in list status reload; do
		ends_with 4 lab_run left setpriv --reuid=65534 --clear-groups tunnelctl --root="$work/left" $verb
		grep 'only root can do that' "$work/err"
	done
}

test_ctl_on_a_terminal() {
	local escape=$'\033'
	four_tunnels
	on_terminal '' status || true
	grep "$escape\[32mup$escape\[0m" "$work/out"
	grep "$escape\[31mrefused$escape\[0m" "$work/out"
	same 'lines that are too long' "$(sed "s/$escape\[[0-9]*m//g; s/\r//" "$work/out" | awk 'length > 80' | wc -l)" 0
	grep 192.0.2.103 "$work/out"
	on_terminal NO_COLOR=1 status --no-pager || true
	not grep "$escape" "$work/out"
	grep '^gre1  gre   up' "$work/out"
	on_terminal TERM=dumb status || true
	not grep "$escape" "$work/out"
	on_terminal COLUMNS=200 status --no-pager || true
	grep "/$scripts/ifcfg-gre1" "$work/out"
	on_terminal "TUNNELCTL_PAGER='sed s/^/paged:/'" list || true
	grep '^paged:gre3' "$work/out"
	on_terminal "TUNNELCTL_PAGER='sed s/^/paged:/'" list --no-pager || true
	not grep paged "$work/out"
	on_terminal "TUNNELCTL_PAGER='sed s/^/paged:/'" status --json || true
	not grep -e paged -e "$escape" "$work/out"
	on_terminal "TUNNELCTL_PAGER=false" status gre1 # who leaves a pager has seen enough
	# a pipe has neither, nor has a file
	for verb in status 'status gre1' list plan; do
		# shellcheck disable=SC2086
		{ ctl left $verb || true; } | cat >"$work/out"
		not grep "$escape" "$work/out"
		grep gre1 "$work/out" || [[ $verb == plan ]]
	done
	# a disk that is full, and a reader that is gone
	status=0
	ctl left status gre1 2>"$work/err" >/dev/full || status=$?
	same 'exit status' "$status" 1
	grep 'No space left' "$work/err"
	(trap '' PIPE; trap - ERR; set +e; ctl left status gre1 2>"$work/err"; echo $? >"$work/status") | true
	same 'exit status' "$(cat "$work/status")" 1
	same 'said of it' "$(cat "$work/err")" ''
}

test_ctl_many() {
	local i began verb
	two_hosts
	for i in $(seq 1000); do
		gre "t$i" 192.0.2.1 "198.18.$((i / 250)).$((i % 250 + 1))" "KEY=$i" TTL=1 >"$work/left/$scripts/ifcfg-t$i"
	done
	daemon left
	for verb in list status 'status --json' 'status t500' plan; do
		began=$(date +%s%N)
		# shellcheck disable=SC2086
		ends_with 0 ctl left $verb
		echo "note: $verb, 1,000 tunnels: $((($(date +%s%N) - began) / 1000000)) ms"
	done
	ends_with 0 ctl left list
	same lines "$(wc -l <"$work/out")" 1001
	same 'the last line' "$(tail -n 1 "$work/out" | awk '{ print $1, $3 }')" 't1000 up'
	ends_with 0 ctl left status --json
	told '(.tunnels | length) == 1000 and .counts.up == 1000'
}
