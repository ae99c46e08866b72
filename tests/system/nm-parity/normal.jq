# What `ip` says of the interfaces in $names, as { NAME: { link, ipv6, addresses, routes } } and { rules }, without what is
# meant to differ between tunneld and NetworkManager or is of nobody's making.

def our_metric: # NetworkManager numbers its interfaces from 675 to 725; tunneld takes 675 for each
	if . != null and . >= 675 and . <= 725 then 675 else . end;

def link:
	del(
		.ifindex, .permaddr,            # the kernel's own, another one each time
		.group, .ifalias,               # tunneld's mark
		.operstate, .stats64,           # a matter of the moment
		.inet6_addr_gen_mode,           # NetworkManager makes link-local addresses by itself, tunneld leaves them to the kernel
		.linkinfo.info_slave_data       # timers and states of the bridge
	)
	| if .link_type == "ether" and (.address | startswith("02:00:5e:10:00:") | not) then del(.address) else . end # random if none is given
	| .flags |= sort;

def addresses:
	map(select(.family == "inet" or .scope != "link") # link-local ones: see inet6_addr_gen_mode
		# not: broadcast, which only NetworkManager sets; noprefixroute, as it adds the prefix routes; lifetimes and the
		# states of duplicate address detection; label; protocol, tunneld's mark
		| { family, local, address, prefixlen, scope, secondary }
		| with_entries(select(.value != null)));

def is_of_kernel: # those that come with an address or with an interface
	.protocol == "kernel" and (.type != "unicast" or (.dst | startswith("fe80:"))) or (.type == "multicast" or .type == "anycast");

def routes:
	[.[] | .gateway, (.nexthops // [] | .[].gateway) | select(. != null)] as $gateways
	# NetworkManager's way to a gateway that lies in no prefix of the interface: the same as a gateway on the link
	| [.[] | select(.gateway == null and (.dst | IN($gateways[]))) | [.dst, .table]] as $ways
	| map(select((is_of_kernel or .gateway == null and ([.dst, .table] | IN($ways[]))) | not)
		| if .gateway != null and ([.gateway, .table] | IN($ways[])) then .flags += ["onlink"] else . end
		| if .protocol == "kernel" then { dst, table: (.table // "main"), type: "prefix" } # its metric is NetworkManager's there, the kernel's here
			else del(.protocol) # tunneld's mark
				| .metric |= our_metric | .table |= (. // "main") | .flags -= ["linkdown"]
				| if .type == "unicast" then . else del(.scope) end end) # of no effect; NetworkManager says link
	| unique;

def device: .dev // .nexthops[0].dev;

def name: if device == null or device == "lo" then "(no interface)" else device end;

($link[0] | map(select(.ifname | IN($names[])) | { key: .ifname, value: { link: link, ipv6: ($disable_ipv6[0][.ifname] == "0") } }) | from_entries)
* ($address[0] | map(select(.ifname | IN($names[])) | { key: .ifname, value: { addresses: (.addr_info | addresses) } }) | from_entries)
* ($route4[0] + $route6[0]
	| map(select((device | IN($names[])) or (.type | IN("blackhole", "unreachable", "prohibit", "throw"))))
	| group_by(name) | map({ key: .[0] | name, value: { routes: routes } }) | from_entries)
* { "(rules)": { rules: ($rule4[0] + $rule6[0] | map(select(.protocol != "kernel") | del(.protocol))) } }
