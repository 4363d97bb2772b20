# 2024-06-05 10:10:10 by RouterOS 7.16.2
# software id = AAAA-0110
#
# model = CCR2116-12G-4S+
# serial number = HEX0000110
/interface bridge
add name=lo0
/routing id
add disabled=no id=10.255.0.10 name=main select-dynamic-id=""
/routing ospf instance
add comment="the network's own" disabled=no in-filter-chain=ospf-in name=v2 \
    originate-default=if-installed redistribute=connected,static router-id=\
    10.255.0.10
add disabled=no name=v3 router-id=10.255.0.10 version=3
/routing ospf area
add disabled=no instance=v2 name=backbone-v2
add area-id=0.0.0.10 disabled=no instance=v2 name=towers no-summaries type=\
    nssa
add disabled=no instance=v3 name=backbone-v3
/ip address
add address=10.255.0.10/32 interface=lo0 network=10.255.0.10
add address=10.1.1.1/30 interface=ether1 network=10.1.1.0
/ipv6 address
add address=2001:db8:0:1::1 advertise=no interface=ether1
add address=2001:db8::10/128 advertise=no interface=lo0
/routing filter rule
add chain=ospf-in disabled=no rule="if (dst==0.0.0.0/0) { reject } else { accep\
    t }"
/routing ospf interface-template
add area=backbone-v2 auth=sha256 auth-id=1 auth-key=canary-ospf-7 cost=10 \
    disabled=no interfaces=ether1 type=ptp use-bfd=yes
add area=towers disabled=no interfaces=ether2,ether3 networks=10.2.0.0/16
add area=backbone-v2 comment="loopback" disabled=no interfaces=lo0 passive
add area=backbone-v3 disabled=yes interfaces=ether1 type=ptp
/routing bfd configuration
add disabled=no interfaces=ether1 min-rx=200ms min-tx=200ms multiplier=5
/routing rule
add action=lookup-only-in-table comment="customers' own table" disabled=no \
    src-address=10.50.0.0/16 table=main
/system identity
set name=core-7
