# SUSE's dialect, in /etc/sysconfig/network.
# shellcheck shell=bash disable=SC2154

put_suse() { # host, name
	mkdir -p "$work/$1/etc/sysconfig/network"
	cat >"$work/$1/etc/sysconfig/network/.$2.new"
	mv "$work/$1/etc/sysconfig/network/.$2.new" "$work/$1/etc/sysconfig/network/$2"
}

test_suse_tunnels() {
	two_hosts
	put_suse left ifcfg-gre7 <<-END
	STARTMODE='onboot'
	TUNNEL='gre'
	TUNNEL_LOCAL_IPADDR='192.0.2.1'
	TUNNEL_REMOTE_IPADDR='192.0.2.2'
	TUNNEL_TTL='64'
	TUNNEL_GRE_IKEY='0.0.0.7'
	TUNNEL_GRE_OKEY='0.0.0.8'
	IPADDR='10.7.0.1/30'
	IPADDR_1='10.8.0.1/24'
	LABEL_1='x'
	END
	printf '10.70.0.0/16 10.7.0.2 - gre7\ndefault 10.7.0.2 - - unicast table 77\n' | put_suse left ifroute-gre7
	gre gre7 192.0.2.2 192.0.2.1 TUNNEL_GRE_IKEY=0.0.0.8 TUNNEL_GRE_OKEY=0.0.0.7 MY_INNER_IPADDR=10.7.0.2/30 | put right ifcfg-gre7
	daemon left
	daemon right
	eventually pings left 10.7.0.2
	link_is left gre7 .linkinfo.info_data.ttl 64
	labelled_are left gre7 '10.7.0.1/30 gre7 -
10.8.0.1/24 gre7:x -'
	routes_are left 4 main '10.70.0.0/16 via 10.7.0.2 dev gre7'
	routes_are left 4 77 'default via 10.7.0.2 dev gre7'
	plan_is_empty left
	printf '10.71.0.0/16 10.7.0.2\n' | put_suse left ifroute-gre7
	eventually routes_are left 4 main '10.71.0.0/16 via 10.7.0.2 dev gre7'
	rm "$work/left/etc/sysconfig/network/ifcfg-gre7"
	eventually has_no_link left gre7
}

# wicked puts the number of a key on the wire with its bytes swapped: as written here, as wicked does it on request.
test_suse_keys_of_wicked() {
	two_hosts
	printf '%s\n' STARTMODE=auto TUNNEL=gre TUNNEL_LOCAL_IPADDR=192.0.2.1 TUNNEL_REMOTE_IPADDR=192.0.2.2 TUNNEL_GRE_IKEY=1234 TUNNEL_GRE_OKEY=1234 | put_suse left ifcfg-gre7
	daemon left
	link_is left gre7 .linkinfo.info_data.ikey 0.0.4.210
	grep -q 'warning: TUNNEL_GRE_IKEY=1234.*80871424' "$work/left.log"
	echo 'compat_wicked_keys = yes' >"$work/left/etc/tunneld/tunneld.conf"
	eventually link_is left gre7 .linkinfo.info_data.ikey 4.210.0.0
	plan_is_empty left
}
