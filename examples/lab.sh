# Two hosts as network namespaces, joined as an example says, with no way out of them. Sourced by the demo and by
# the tests; needs root, ip(8) and, for NAT, nft(8).
#
#   lab_begin FOLDER WORK   makes the namespaces left, right and sometimes third, what lies between and, where the example has one, a
#                           network behind each with a machine in it (left-host, right-host), of the example in
#                           FOLDER; the files of each host are laid below WORK/left and WORK/right, and what else it
#                           needs is made by "FOLDER/prepare HOST" in it, if there is one
#   lab_run HOST COMMAND... runs it there
#   lab_start HOST COMMAND... starts it there in the background; $! is the command's own
#   lab_end                 removes all of it
# shellcheck shell=bash disable=SC2034,SC2154

lab_hosts=(left right third middle left-host right-host)

lab_run() { # host, command
	ip netns exec "lab-$1" "${@:2}"
}

lab_start() { # host, command
	ip netns exec "lab-$1" "${@:2}" &
}

lab_make_host() { # host
	ip netns add "lab-$1"
	ip -n "lab-$1" link set lo up
	lab_run "$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
}

lab_cable() { # host, interface, host, interface
	ip link add name "$2" netns "lab-$1" type veth peer name "$4" netns "lab-$3"
	ip -n "lab-$1" link set dev "$2" up
	ip -n "lab-$3" link set dev "$4" up
}

lab_address() { # host, interface, address
	ip -n "lab-$1" address add "$3" dev "$2" $([[ $3 != *:* ]] || echo nodad)
}

lab_join_directly() {
	lab_cable left eth0 right eth0
	lab_address left eth0 "$left_outer"
	lab_address right eth0 "$right_outer"
}

# All hosts of the example on one network.
lab_join_by_switch() {
	local side outer
	lab_make_host middle
	ip -n lab-middle link add name br0 type bridge
	ip -n lab-middle link set dev br0 up
	for side in "${lab_sides[@]}"; do
		outer=${side}_outer
		lab_cable "$side" eth0 middle "$side"
		ip -n lab-middle link set dev "$side" master br0
		lab_address "$side" eth0 "${!outer}"
	done
}

lab_join_by_router() {
	local side
	lab_make_host middle
	lab_run middle sysctl -qw net.ipv4.ip_forward=1
	for side in left right; do
		local outer=${side}_outer gateway=${side}_gateway
		lab_cable "$side" eth0 middle "$side"
		lab_address "$side" eth0 "${!outer}"
		lab_address middle "$side" "${!gateway}"
		ip -n "lab-$side" route add default via "${!gateway%/*}"
	done
}

# What a cloud does for each machine: its private address becomes the public one on the way out, and back.
lab_translate() {
	lab_run middle nft -f - <<-END
	table ip nat1to1 {
		chain in {
			type filter hook prerouting priority -300;
			ip daddr $left_public ip daddr set ${left_outer%/*} notrack
			ip daddr $right_public ip daddr set ${right_outer%/*} notrack
		}
		chain out {
			type filter hook postrouting priority 300;
			ip saddr ${left_outer%/*} ip saddr set $left_public
			ip saddr ${right_outer%/*} ip saddr set $right_public
		}
	}
	END
}

# A network behind a host, with one machine in it that knows no other way; without an address of the host there, no way.
lab_add_lan() { # side
	local lan=$1_lan host=$1_host
	lab_make_host "$1-host"
	lab_cable "$1" eth1 "$1-host" eth0
	lab_address "$1-host" eth0 "${!host}"
	[[ -n ${!lan} ]] || return 0
	lab_address "$1" eth1 "${!lan}"
	ip -n "lab-$1-host" route add default via "${!lan%/*}"
	lab_run "$1" sysctl -qw net.ipv4.ip_forward=1
}

# Each file of a host at its place. A keyfile is for nobody else to read, which a checkout does not keep.
lab_lay_files() { # folder, root
	local file
	mkdir -p "$2/etc/sysconfig/network-scripts" "$2/etc/tunneld" "$2/run"
	for file in "$1"/*; do
		case $file in
		*.nmconnection) install -m 600 "$file" "$2/etc/tunneld" ;;
		*) cp "$file" "$2/etc/sysconfig/network-scripts" ;;
		esac
	done
}

lab_begin() { # folder, work
	local side topology left_outer left_gateway left_public right_outer right_gateway right_public pings
	local third_outer left_lan='' left_host='' right_lan='' right_host host_pings='' third_pings=''
	# shellcheck disable=SC1091
	. "$1/example.conf"
	lab_pings=$pings
	lab_host_pings=$host_pings
	lab_third_pings=$third_pings
	lab_work=$2
	lab_end
	lab_sides=(left right)
	[[ ! -d $1/third ]] || lab_sides+=(third)
	for side in "${lab_sides[@]}"; do
		lab_make_host "$side"
		lab_lay_files "$1/$side" "$lab_work/$side"
	done
	case $topology in
	direct) lab_join_directly ;;
	switched) lab_join_by_switch ;;
	routed) lab_join_by_router ;;
	nat)
		lab_join_by_router
		lab_translate
		;;
	esac
	for side in left right; do
		[[ -z $left_host ]] || lab_add_lan "$side"
	done
	for side in "${lab_sides[@]}"; do
		[[ ! -x $1/prepare ]] || lab_run "$side" "$1/prepare" "$side"
	done
}

lab_end() {
	local host
	for host in "${lab_hosts[@]}"; do
		while ip netns pids "lab-$host" 2>/dev/null | xargs -r kill 2>/dev/null; do
			[[ -n $(ip netns pids "lab-$host" 2>/dev/null) ]] || break
			sleep 0.05
		done
		ip netns delete "lab-$host" 2>/dev/null || true
	done
	rm -rf "${lab_work:?}/left" "$lab_work/right" "$lab_work/third"
}
