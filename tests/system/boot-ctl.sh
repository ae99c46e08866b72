# tunnelctl as a new user finds it: in a terminal of 80 columns, under the shells' completion, and as somebody who is not root.
# After boot.sh and in its manner.
# shellcheck shell=bash

verbs='cat check down edit explain help list monitor plan reload status up version wait'

# One tunnel is up (gre1), one has a typo in its file, one waits for a device.
three_tunnels() {
	printf '%s\n' DEVICE=typo TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.266 >$files/ifcfg-typo
	printf '%s\n' DEVICE=waits TYPE=GRE MY_OUTER_IPADDR=192.0.2.1 PEER_OUTER_IPADDR=192.0.2.82 TUNNEL_DEVICE=eth7 >$files/ifcfg-waits
	eventually state_is waits waiting
	eventually state_is typo refused
	state_is gre1 up
}

no_three_tunnels() {
	rm -f $files/ifcfg-typo $files/ifcfg-waits
	eventually state_is waits ''
	eventually state_is typo ''
}

state_is() { # name, state
	same "state of $1" "$({ tunnelctl list || true; } | awk -v name="$1" '$1 == name { print $3 }')" "$2"
}

status_of() { # expected, command
	local status=0
	"${@:2}" || status=$?
	same "exit status of ${*:2}" "$status" "$1"
}

# ---- a terminal ----

terminal=''

in_tmux() {
	tmux -L "$terminal" -f /dev/null "$@"
}

start_tmux() { # command
	terminal=ctl-$RANDOM-$SECONDS # a server that has just been told to end may still be there
	in_tmux new-session -d -s ctl -x 80 -y 24 "env LANG=C.UTF-8 HISTFILE= $1"
	in_tmux set-option -g status off
}

# The shell says the exit status in its prompt.
open_terminal() { # further words of env
	start_tmux "PS1='[\$?]$ ' $* bash --norc --noprofile"
	eventually has_prompt
}

close_terminal() {
	in_tmux kill-server 2>/dev/null || true
}

screen() {
	in_tmux capture-pane -p -t ctl
}

last_line() {
	screen | sed '/^$/d' | tail -n 1
}

has_prompt() {
	last_line | grep -q '^\[[0-9]*\]\$ *$'
}

shows() { # fixed string
	screen | grep -q -F -e "$1"
}

keys() {
	in_tmux send-keys -t ctl "$@"
}

# Types a line on an empty screen.
type_line() { # line
	keys -R
	in_tmux clear-history -t ctl
	keys -l "$1"
	keys Enter
}

# What the terminal shows once it is done; nothing has run over the edge.
run_in_terminal() { # line
	type_line "$1"
	sleep 0.3
	eventually has_prompt || { screen; return 1; }
	in_tmux capture-pane -p -S - -t ctl | sed '/^$/d' | tee "$work/screen"
	nothing_is_wrapped
}

nothing_is_wrapped() {
	same 'lines, with those joined that are wrapped' "$(in_tmux capture-pane -p -J -S - -t ctl | wc -l)" "$(in_tmux capture-pane -p -S - -t ctl | wc -l)"
	[[ $({ screen | grep -c '[^ ]'; } || true) -gt 1 ]] # it is not just empty
}

exit_status_is() { # status
	same 'exit status' "$(last_line | tr -d '[]$ ')" "$1"
}

on_screen() { # regular expression
	grep -q -E -e "$1" "$work/screen" || { echo "not on the screen: $1"; return 1; }
}

test_80_a_terminal_of_80_columns() {
	three_tunnels
	open_terminal
	run_in_terminal tunnelctl
	exit_status_is 1 # one is refused, one waits
	on_screen '^NAME +KIND +STATE '
	on_screen '^gre1 +gre +up '
	on_screen '^later +ipip +down '
	on_screen '^typo +none +refused'
	on_screen '^waits +gre +waiting '
	on_screen 'for the device eth7'
	on_screen '266'
	run_in_terminal 'tunnelctl list'
	on_screen '^gre1 +gre +up '
	on_screen '^waits +gre +waiting .*for the device eth7$'
	run_in_terminal 'tunnelctl check'
	exit_status_is 1
	on_screen "^$files/ifcfg-typo:4:19: error:$"
	on_screen '^    PEER_OUTER_IPADDR=192.0.2.266: a number of the address is over 255$'
	run_in_terminal 'tunnelctl status --no-pager waits'
	exit_status_is 1
	on_screen '^waits: waiting '
	run_in_terminal 'tunnelctl relaod'
	exit_status_is 2
	on_screen "^tunnelctl: there is no verb 'relaod', did you mean 'reload'\?$"
	run_in_terminal 'tunnelctl up ger1'
	on_screen "gre1"
	run_in_terminal 'tunnelctl help | cat'
	exit_status_is 0
	run_in_terminal 'tunnelctl cat waits'
	on_screen "^# $files/ifcfg-waits$"
	on_screen '^TUNNEL_DEVICE=eth7$'
	close_terminal
	no_three_tunnels
}

test_81_a_pager_for_what_is_long() {
	local i
	open_terminal
	type_line 'tunnelctl status six1'
	eventually shows 'six1: up for'
	nothing_is_wrapped
	keys q
	eventually has_prompt
	exit_status_is 0
	for i in {1..30}; do echo "# line $i" >>$files/ifcfg-gre1; done
	type_line 'tunnelctl cat gre1'
	eventually shows 'MY_OUTER_IPADDR=192.0.2.1'
	not shows '# line 30'
	keys G
	eventually shows '# line 30'
	nothing_is_wrapped
	keys q
	eventually has_prompt
	exit_status_is 0
	type_line 'tunnelctl cat --no-pager gre1'
	sleep 0.3
	eventually has_prompt
	shows '# line 30'
	close_terminal
	sed -i '/^# line/d' $files/ifcfg-gre1
}

# ---- edit ----

edit_with() { # status, commands of sed
	status_of "$1" env -u VISUAL EDITOR="sed -i ${*:2}" tunnelctl edit gre1 </dev/null >"$work/edit" 2>&1
	cat "$work/edit"
}

test_82_edit() {
	local before
	chmod 640 $files/ifcfg-gre1
	chown root:1000 $files/ifcfg-gre1
	before=$(ls -l $files/ifcfg-gre1 | cut -d ' ' -f 1-4)
	sed -i '/^TTL=/d' $files/ifcfg-gre1
	echo TTL=80 >>$files/ifcfg-gre1
	eventually info_is gre1 ttl 80
	edit_with 0 -e s/TTL=80/TTL=81/
	same said "$(cat "$work/edit")" "$files/ifcfg-gre1: written; tunneld sees it by itself"
	eventually info_is gre1 ttl 81
	same 'owner and mode' "$(ls -l $files/ifcfg-gre1 | cut -d ' ' -f 1-4)" "$before"
	edit_with 0 -e s/nothing/something/
	grep 'not changed, so nothing is written' "$work/edit"

	# with an error, and nobody to ask
	edit_with 1 -e s/TTL=81/TTL=810/
	grep -F "$files/ifcfg-gre1:" "$work/edit" | grep 'error: TTL=810'
	grep TTL=81$ $files/ifcfg-gre1
	grep TTL=810 "$(sed -n 's/.* is kept in //p' "$work/edit")"
	info_is gre1 ttl 81
	is_up gre1

	# the directory cannot be written
	status_of 4 setpriv --reuid=1000 --regid=1000 --clear-groups env EDITOR=true tunnelctl edit gre1
	# a file of somebody else's is his still, and no copy is left beside it
	same 'files beside' "$(find $files -name '.ifcfg-*' -type f)" ''
	chown root:root $files/ifcfg-gre1
	chmod 644 $files/ifcfg-gre1
	rm -r /tmp/tunnelctl-*
}

test_83_edit_asks() {
	sed -i '/^TTL=/d' $files/ifcfg-gre1
	echo TTL=83 >>$files/ifcfg-gre1
	eventually info_is gre1 ttl 83
	open_terminal EDITOR="'sed -i -e s/TTL=8/TTL=80/'"
	type_line 'tunnelctl edit gre1'
	eventually shows '(w)rite it all the same?'
	shows 'TTL=803: '
	keys x Enter
	keys l Enter
	eventually has_prompt
	exit_status_is 1
	grep TTL=83$ $files/ifcfg-gre1
	same 'copies left' "$(find /tmp -maxdepth 1 -name 'tunnelctl-*')" ''

	type_line 'tunnelctl edit gre1'
	eventually shows 'TTL=803: '
	keys e Enter
	eventually shows 'TTL=8003: '
	keys write Enter
	eventually has_prompt
	exit_status_is 0
	nothing_is_wrapped
	grep TTL=8003$ $files/ifcfg-gre1
	eventually state_is gre1 refused
	is_up gre1 # as it was
	info_is gre1 ttl 83
	sed -i s/TTL=8003/TTL=84/ $files/ifcfg-gre1
	eventually info_is gre1 ttl 84
	eventually state_is gre1 up

	# the real thing
	keys -l 'EDITOR= VISUAL=nano'
	keys Enter
	type_line 'tunnelctl edit gre1'
	eventually shows 'GNU nano'
	keys -l '# by hand'
	keys Enter C-o Enter
	sleep 0.5
	keys C-x
	eventually has_prompt
	shows 'written; tunneld sees it by itself'
	grep '^# by hand$' $files/ifcfg-gre1
	close_terminal
	sed -i -e '/^# by hand$/d' -e '/^TTL=/d' $files/ifcfg-gre1
	eventually state_is gre1 up
}

# ---- completion ----

# The options that the usage of a verb names, one a line.
options_of() { # verb
	tunnelctl help "$1" | grep -o -e ' --[a-z-]*' | tr -d ' ' | sort
}

in_bash() { # words
	bash --norc -c '. /usr/share/bash-completion/bash_completion
		_completion_loader tunnelctl || [[ $? == 124 ]]
		COMP_WORDS=(tunnelctl "$@") COMP_CWORD=$# COMPREPLY=()
		_tunnelctl 2>/dev/null
		printf "%s\n" "${COMPREPLY[@]}" | sort' bash "$@"
}

in_fish() { # line
	fish -c "complete -C '$1'" | cut -f 1 | sort
}

# Another shell in the terminal.
open_shell() { # words of env
	start_tmux "HOME=$work $*"
	eventually shows '>>'
}

# What the line is after a Tab, and what is below it.
after_tab() { # what is typed, what is there then
	keys C-u C-l
	keys -l "$1"
	keys Tab
	eventually shows "$2" || { screen; return 1; }
}

test_84_completion_in_bash() {
	local verb
	no_three_tunnels
	same verbs "$(in_bash '' | xargs)" "$verbs"
	same 'those that the usage has' "$(tunnelctl help | sed -n '/^Verbs/,/^$/s/^  \([a-z]*\) .*/\1/p' | xargs)" "$verbs"
	same r "$(in_bash r)" reload
	for verb in $verbs; do
		same "options of $verb" "$(in_bash "$verb" -- | tr -d = | xargs)" "$(options_of "$verb" | xargs)"
	done
	same 'options before a verb' "$(in_bash --js | xargs)" --json
	same tunnels "$(in_bash status '' | xargs)" 'gre1 later six1'
	same tunnels "$(in_bash --json down l | xargs)" later
	same 'after an option with a value' "$(in_bash wait --timeout = 5 g | xargs)" gre1
	same 'help' "$(in_bash help ex)" explain
	same files "$(in_bash check $files/ifcfg-gr)" $files/ifcfg-gre1
	same 'directories' "$(in_bash --root = /etc/sysconfig/netw | xargs)" $files
	same 'below a root there is no daemon, but there are files' "$(in_bash --root = / cat gre)" gre1
	same nothing "$(in_bash reload g)" ''
	tunnel_file 'a$(b' 81 # a name that a shell would take apart
	eventually is_up 'a$(b'
	same 'odd names' "$(in_bash up 'a')" 'a\$\(b'
	rm $files/'ifcfg-a$(b'
	eventually not is_up 'a$(b'
	same 'who is not root' "$(setpriv --reuid=1000 --regid=1000 --clear-groups bash -c "$(declare -f in_bash); in_bash status gr")" gre1

	open_shell "PS1='>> ' bash --norc"
	keys -l ". /usr/share/bash-completion/bash_completion; PS1='>>> '"
	keys Enter
	loaded() { last_line | grep -q '^>>>'; }
	eventually loaded
	after_tab 'tunnelctl relo' 'tunnelctl reload'
	after_tab 'tunnelctl status gr' 'tunnelctl status gre1'
	close_terminal
}

test_85_completion_in_zsh() {
	local verb
	printf '%s\n' 'PS1=">> "' 'fpath=(/usr/share/zsh/site-functions $fpath)' 'autoload -U compinit' 'compinit -u -D' "zstyle ':completion:*' list-packed no" \
		'LISTMAX=100' 'unsetopt auto_menu' >"$work/.zshrc"
	open_shell zsh
	after_tab 'tunnelctl relo' 'tunnelctl reload'
	after_tab 'tunnelctl status gr' 'tunnelctl status gre1'
	after_tab 'tunnelctl --json down la' 'tunnelctl --json down later'
	after_tab 'tunnelctl help ex' 'tunnelctl help explain'
	after_tab "tunnelctl check $files/ifcfg-gr" "tunnelctl check $files/ifcfg-gre1"
	after_tab "tunnelctl cat --root=\$(touch $work/ran) gr" 'gr' # nobody has said yet that it is to be run
	after_tab 'tunnelctl relo' 'tunnelctl reload'
	not test -e "$work/ran"
	after_tab 'tunnelctl ' 'wait until tunnels are up'
	same verbs "$(screen | sed -n 's/^\([a-z]*\) *-- .*/\1/p' | sort | xargs)" "$verbs"
	for verb in $verbs; do
		after_tab "tunnelctl $verb --" '--help'
		eventually shows '--root'
		same "options of $verb" "$(screen | sed 1d | grep -o -e '^--[a-z-]*\| --[a-z][a-z-]*' | tr -d ' ' | sort -u | xargs)" "$(options_of "$verb" | xargs)"
	done
	close_terminal
}

test_86_completion_in_fish() {
	local verb
	no_three_tunnels
	export HOME=$work
	same verbs "$(in_fish 'tunnelctl ' | xargs)" "$verbs"
	same st "$(in_fish 'tunnelctl st')" status
	for verb in $verbs; do
		same "options of $verb" "$(in_fish "tunnelctl $verb --" | tr -d = | xargs)" "$(options_of "$verb" | xargs)"
	done
	same tunnels "$(in_fish 'tunnelctl status ' | xargs)" 'gre1 later six1'
	same tunnels "$(in_fish 'tunnelctl --json --timeout 5 wait l' | xargs)" later
	same 'help' "$(in_fish 'tunnelctl help ex')" explain
	same files "$(in_fish "tunnelctl check $files/ifcfg-gr")" $files/ifcfg-gre1
	same 'below a root there is no daemon, but there are files' "$(in_fish 'tunnelctl --root=/. cat gre')" gre1
	same nothing "$(in_fish 'tunnelctl reload g')" ''
}

# ---- somebody else ----

as_alice() {
	setpriv --reuid=1000 --regid=1000 --clear-groups tunnelctl "$@"
}

test_87_who_is_not_root_may_look() {
	status_of 0 as_alice list
	status_of 0 as_alice status
	status_of 0 as_alice status gre1
	status_of 0 as_alice plan
	as_alice list --json | jq -e '.tunnels[] | select(.name == "gre1") | .state == "up"'
	status_of 0 as_alice cat gre1
	status_of 4 as_alice down gre1
	status_of 4 as_alice reload
	status_of 4 as_alice up later
	is_up gre1
	state_is later down
}

test_88_json_is_json() {
	local words
	three_tunnels
	for words in 'check -v' 'check' explain 'cat gre1' list status 'status gre1 waits typo' plan reload version 'wait --timeout=1 gre1' 'wait --timeout=1 waits' 'up gre1'; do
		# shellcheck disable=SC2086
		{ tunnelctl --json $words 2>/dev/null || true; } | jq -e 'type == "object"'
	done
	{ tunnelctl explain --json || true; } | jq -e '.tunnels[] | select(.name == "gre1") | .attributes.local == "192.0.2.1"'
	same 'content' "$(tunnelctl cat --json gre1 | jq -j '.files[0].content')" "$(cat $files/ifcfg-gre1)"
	{ tunnelctl check --json || true; } | jq -e '.errors == 1 and .problems[0].line == 4'
	no_three_tunnels
}
