# One line for each thing that differs: NAME WHAT, and what both have.

def lacking($other): map(select(IN($other[]) | not));

def differences($name; $a; $b):
	if $a == null or $b == null then "\($name) exists\t\($a != null)\t\($b != null)"
	else
		((($a.link // {}) + ($b.link // {}) | keys[]) as $key
			| select($a.link[$key] != $b.link[$key]) | "\($name) link.\($key)\t\($a.link[$key])\t\($b.link[$key])"),
		(("ipv6", "addresses") | select($a[.] != $b[.]) | "\($name) \(.)\t\($a[.])\t\($b[.])"),
		(("routes", "rules") as $key | ($a[$key] // []) as $x | ($b[$key] // []) as $y
			| select($x != $y) | "\($name) \($key)\t\($x | lacking($y))\t\($y | lacking($x))")
	end;

$networkmanager[0] as $n | $tunneld[0] as $t
| ($n + $t | keys[]) as $name | differences($name; $n[$name]; $t[$name])
