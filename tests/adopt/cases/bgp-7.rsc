# 2024-02-28 04:00:00 by RouterOS 7.13.5
# software id = AAAA-0108
#
# model = CCR2004-1G-12S+2XS
# serial number = HEX0000108
/interface bridge
add comment="router id" name=lo0
/interface vlan
add interface=sfp-sfpplus1 name=transit-a vlan-id=301
add interface=sfp-sfpplus2 name=ix vlan-id=700
/routing bgp template
set default as=64500 disabled=no router-id=192.0.2.1
add as=64500 disabled=no input.filter=ix-in name=ix output.filter-chain=ix-out \
    output.network=ours router-id=192.0.2.1 routing-table=main
/routing table
add disabled=no fib name=customers
/ip address
add address=192.0.2.1/32 interface=lo0 network=192.0.2.1
add address=198.51.100.2/30 interface=transit-a network=198.51.100.0
add address=203.0.113.50/24 interface=ix network=203.0.113.0
/ip firewall address-list
add address=192.0.2.0/24 list=ours
/ip route
add blackhole disabled=no distance=254 dst-address=192.0.2.0/24 gateway=""
/routing bgp connection
add as=64500 cluster-id=192.0.2.1 disabled=no local.address=198.51.100.2 \
    .role=ebgp name=transit-a output.filter-chain=transit-out .network=ours \
    remote.address=198.51.100.1/32 .as=64496 router-id=192.0.2.1 \
    routing-table=main tcp-md5-key=canary-bgp-1 templates=default
add disabled=no input.limit-process-routes-ipv4=1000 local.role=ebgp name=\
    ix-rs1 remote.address=203.0.113.1/32 .as=64499 .port=179 templates=ix
add comment="not yet" disabled=yes local.role=ibgp-rr multihop=yes name=rr \
    nexthop-choice=force-self remote.address=192.0.2.2/32 .as=64500 \
    templates=default
/routing filter community-list
add comment=blackhole communities=64500:666 disabled=no list=blackhole
/routing filter num-list
add disabled=no list=bogon-as range=64512-65534
/routing filter rule
add chain=ix-in comment="too long" disabled=no rule=\
    "if (dst-len > 24) { reject }"
add chain=ix-in disabled=no rule=\
    "if (bgp-path-len > 50 || bgp-as-path bogon-as) { reject } else { set bgp-\
    local-pref 200; accept }"
add chain=ix-out disabled=no rule="if (dst in 192.0.2.0/24 && dst-len==24) {ac\
    cept} else {reject}"
add chain=transit-out disabled=no rule=\
    "if (bgp-communities equal-list blackhole) { set gw 192.0.2.254; } accept"
/system identity
set name=border-1
