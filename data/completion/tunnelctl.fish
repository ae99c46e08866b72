# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of tunnelctl(1) for fish.

function __tunnelctl_verb
    set -l words (commandline -opc)
    set -l value no
    for word in $words[2..-1]
        if test $value = yes
            set value no
            continue
        end
        switch $word
            case --root --timeout
                set value yes
            case '-*'
            case '*'
                echo $word
                return
        end
    end
end

# Is the verb one of these? Without words: is there none yet?
function __tunnelctl_is
    set -l verb (__tunnelctl_verb)
    if test (count $argv) -eq 0
        test -z "$verb"
    else
        contains -- "$verb" $argv
    end
end

# The daemon knows them; without it the files do.
function __tunnelctl_names
    set -l root (string match -- '--root=*' (commandline -opc))
    set -l names (tunnelctl $root list 2>/dev/null | tail -n +2 | string replace -r ' .*' '')
    if test (count $names) -eq 0
        set names (tunnelctl $root explain 2>/dev/null | string match -r -g '^link (\S+) ')
    end
    printf '%s\n' $names
end

complete -c tunnelctl -f
complete -c tunnelctl -n '__tunnelctl_is cat down edit status up wait' -a '(__tunnelctl_names)' -d tunnel
complete -c tunnelctl -n '__tunnelctl_is check explain plan' -F

for where in __tunnelctl_is '__tunnelctl_is help'
    complete -c tunnelctl -n $where -a cat -d 'show the files of tunnels'
    complete -c tunnelctl -n $where -a check -d 'say what is wrong with the files'
    complete -c tunnelctl -n $where -a down -d "take a tunnel down until 'up', or until the next boot"
    complete -c tunnelctl -n $where -a edit -d 'edit the file of a tunnel; it is checked before it counts'
    complete -c tunnelctl -n $where -a explain -d 'say what the files mean'
    complete -c tunnelctl -n $where -a help -d 'show what there is, or what a verb does and which options it takes'
    complete -c tunnelctl -n $where -a list -d 'list the tunnels and their states'
    complete -c tunnelctl -n $where -a monitor -d 'show each change while it happens'
    complete -c tunnelctl -n $where -a plan -d 'show what would be done, now or with these files in place'
    complete -c tunnelctl -n $where -a reload -d 'have all files read again, and wait until that is done'
    complete -c tunnelctl -n $where -a status -d 'show all tunnels, or some at full length'
    complete -c tunnelctl -n $where -a up -d 'bring a tunnel up, whatever its file says of booting'
    complete -c tunnelctl -n $where -a version -d 'tell the version of tunnelctl and of the daemon'
    complete -c tunnelctl -n $where -a wait -d 'wait until tunnels are up'
end

# options: of all, then of some, and of any before there is a verb
complete -c tunnelctl -l root -x -a '(__fish_complete_directories)' -d 'look for all files, and for the daemon, below DIR'
complete -c tunnelctl -s h -l help -d 'show the usage and exit'
complete -c tunnelctl -n __tunnelctl_is -l version -d 'show the version of tunnelctl and exit'
complete -c tunnelctl -n '__tunnelctl_is "" check plan' -s v -l verbose -d 'say more'
complete -c tunnelctl -n '__tunnelctl_is "" cat check down explain list monitor plan reload status up version wait' -l json -d 'print JSON, for programs'
complete -c tunnelctl -n '__tunnelctl_is "" plan' -l ip -d 'show changes as commands of ip(8)'
complete -c tunnelctl -n '__tunnelctl_is "" cat check explain list plan status' -l no-pager -d 'do not show long output through a pager'
complete -c tunnelctl -n '__tunnelctl_is "" wait' -l timeout -x -d 'wait no longer'
