# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of tunnelctl(1) for bash; needs nothing but bash.

_tunnelctl_verbs='cat check down edit explain help list monitor plan reload status up version wait'

# The options of a verb, or all of them.
_tunnelctl_options() { # verb
	local options='--root= --help'
	case $1 in
	check) options+=' --verbose --json --no-pager' ;;
	cat | explain | list | status) options+=' --json --no-pager' ;;
	plan) options+=' --verbose --json --ip --no-pager' ;;
	down | monitor | reload | up | version) options+=' --json' ;;
	wait) options+=' --json --timeout=' ;;
	edit | help) ;;
	*) options+=' --version --verbose --json --ip --no-pager --timeout=' ;;
	esac
	echo "$options"
}

# The daemon knows them; without it the files do.
_tunnelctl_names() { # options
	{ tunnelctl "$@" list 2>/dev/null || [[ $? == 1 ]]; } | tail -n +2 | cut -d ' ' -f 1
	[[ ${PIPESTATUS[0]} == 0 ]] || tunnelctl "$@" explain 2>/dev/null | sed -n 's/^link \([^ ]*\) .*/\1/p'
}

# Those that begin as the word does. A name can hold whatever a shell takes for its own.
_tunnelctl_offer() { # words
	local word
	for word; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$(printf '%q' "$word")")
	done
}

# Sets root, without the quotes that the shell would take away. What the shell would run is not taken: nobody has asked for it yet.
_tunnelctl_take_root() { # word
	case $1 in
	*[\$\`\(\)\<\>\;\&\|]* | *$'\n'*) ;;
	*) eval "root=(--root=$1)" 2>/dev/null ;;
	esac
}

_tunnelctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' word i
	local -a root=() words
	COMPREPLY=()
	# --root=DIR is three words here
	if [[ $cur == '=' ]]; then
		cur=''
	elif [[ $before == '=' ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root | --timeout)
			word=${COMP_WORDS[i]}
			[[ ${COMP_WORDS[i + 1]-} != '=' ]] || i=$((i + 1))
			i=$((i + 1))
			[[ $word != --root || $i -ge $COMP_CWORD ]] || _tunnelctl_take_root "${COMP_WORDS[i]}"
			;;
		-*) ;;
		*) [[ -n $verb ]] || verb=${COMP_WORDS[i]} ;;
		esac
	done
	case $before in
	--root)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--timeout) return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_tunnelctl_options "$verb")" -- "$cur")
		[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
		return
	fi
	case $verb in
	'' | help)
		mapfile -t COMPREPLY < <(compgen -W "$_tunnelctl_verbs" -- "$cur")
		;;
	check | explain | plan)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	cat | down | edit | status | up | wait)
		mapfile -t words < <(_tunnelctl_names "${root[@]}")
		_tunnelctl_offer "${words[@]}"
		;;
	esac
}

complete -F _tunnelctl tunnelctl
