# NetworkManager's keyfiles among each other: what comes of permissions, UUIDs and tombstones in the kernel.
# shellcheck shell=bash disable=SC2154

profiles=etc/NetworkManager/system-connections
uplink=11111111-2222-3333-4444-555555555555

# Writes a file from standard input, root's alone, as nmcli does: beside, then renamed over.
put_profile() { # host, path
	local folder=$work/$1/${2%/*}
	mkdir -p "$folder"
	(umask 077 && cat >"$folder/.${2##*/}.new")
	mv "$folder/.${2##*/}.new" "$work/$1/$2"
}

profile() { # interface, local, remote, UUID, further lines of [ip-tunnel] and groups behind it
	printf '%s\n' '[connection]' "id=$1" "uuid=$4" type=ip-tunnel "interface-name=$1" '' '[ip-tunnel]' mode=2 "local=$2" "remote=$3" "${@:5}"
}

ethernet() { # interface, UUID
	printf '%s\n' '[connection]' id=uplink "uuid=$2" type=ethernet "interface-name=$1"
}

has_peer() { # host, name, address
	link_is "$1" "$2" .linkinfo.info_data.remote "$3"
}

stays() { # host, name, ifindex: also after a look at everything
	ctl "$1" reload || true
	same "ifindex of $2" "$(ifindex "$1" "$2")" "$3"
}

test_profiles_that_count() {
	local uuid=99999999-2222-3333-4444-555555555555 index
	two_hosts
	daemon left
	profile kf1 192.0.2.1 192.0.2.2 $uuid '[user]' tunneld.manage=yes | put_profile left $profiles/kf1
	eventually has_peer left kf1 192.0.2.2
	plan_is_empty left
	index=$(ifindex left kf1)
	chmod 0644 "$work/left/$profiles/kf1" # refused, and so left as it is
	eventually grep -q 'its mode is 0644' "$work/left.log"
	stays left kf1 "$index"
	chmod 0600 "$work/left/$profiles/kf1"
	profile kf1 192.0.2.1 192.0.2.12 $uuid '[user]' tunneld.manage=yes | put_profile left run/NetworkManager/system-connections/kf1.nmconnection
	eventually has_peer left kf1 192.0.2.12
	rm "$work/left/run/NetworkManager/system-connections/kf1.nmconnection"
	eventually has_peer left kf1 192.0.2.2
	plan_is_empty left
	ln -s /dev/null "$work/left/$profiles/$uuid.nmmeta"
	eventually has_no_link left kf1
	rm "$work/left/$profiles/$uuid.nmmeta"
	eventually has_link left kf1
	profile kf1 192.0.2.1 192.0.2.2 $uuid | put_profile left $profiles/kf1 # ours no more
	eventually has_no_link left kf1
	echo 'networkmanager = yes' >"$work/left/etc/tunneld/tunneld.conf"
	eventually has_link left kf1
}

test_profiles_that_lead_to_others() {
	local index
	two_hosts
	lab_run left ip link add uplink1 type dummy
	lab_run left ip link add uplink2 type dummy
	ethernet uplink1 $uplink | put_profile left $profiles/uplink
	profile kf1 192.0.2.1 192.0.2.2 99999999-2222-3333-4444-555555555555 parent=$uplink | put_profile left etc/tunneld/kf1.nmconnection
	daemon left
	eventually link_is left kf1 .link uplink1
	ethernet uplink2 $uplink | put_profile left $profiles/uplink
	eventually link_is left kf1 .link uplink2
	plan_is_empty left
	index=$(ifindex left kf1)
	rm "$work/left/$profiles/uplink" # nobody knows what it means now, so it stays
	eventually grep -q "no profile has the UUID $uplink" "$work/left.log"
	stays left kf1 "$index"
	ethernet uplink2 $uplink | put_profile left $profiles/uplink
	eventually plan_is_empty left
	same 'ifindex of kf1' "$(ifindex left kf1)" "$index"
}
