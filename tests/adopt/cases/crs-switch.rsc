# 2024-11-05 11:11:11 by RouterOS 7.16.1
# software id = AAAA-0121
#
# model = CRS326-24G-2S+
# serial number = HEX0000121
/interface bridge
add dhcp-snooping=yes igmp-snooping=yes ingress-filtering=yes name=switch \
    port-cost-mode=short priority=0x7000 vlan-filtering=yes
/interface ethernet
set [ find default-name=ether1 ] comment="uplink, \B5-wave" name=ether1-uplink
set [ find default-name=ether23 ] disabled=yes
set [ find default-name=sfp-sfpplus1 ] auto-negotiation=no l2mtu=1592 name=\
    core speed=10G-baseSR-LR
/interface vlan
add interface=switch name=mgmt vlan-id=99
/interface bonding
add lacp-rate=1sec mode=802.3ad name=lag1 slaves=ether21,ether22 \
    transmit-hash-policy=layer-2-and-3
/interface ethernet switch
set 0 l3-hw-offloading=yes
/interface lists
# a menu that is not there
/interface bridge port
add bridge=switch comment="core, trusted" frame-types=admit-only-vlan-tagged \
    interface=core trusted=yes
add bridge=switch frame-types=admit-only-vlan-tagged interface=lag1
add bpdu-guard=yes bridge=switch edge=yes frame-types=\
    admit-only-untagged-and-priority-tagged interface=ether2 pvid=10
add bpdu-guard=yes bridge=switch edge=yes frame-types=\
    admit-only-untagged-and-priority-tagged interface=ether3 pvid=20
add bridge=switch disabled=yes interface=ether4 multicast-router=disabled
/interface bridge vlan
add bridge=switch comment=management tagged=switch,core,lag1 vlan-ids=99
add bridge=switch tagged=core,lag1 untagged=ether2 vlan-ids=10
add bridge=switch tagged=core vlan-ids=20,30-39
/interface bridge msti
add bridge=switch identifier=1 vlan-mapping=10,20
/ip address
add address=10.99.0.21/24 interface=mgmt network=10.99.0.0
/ip dns
set servers=10.99.0.1
/ip route
add disabled=no dst-address=0.0.0.0/0 gateway=10.99.0.1 routing-table=main
/system identity
set name=crs-21
/system swos
set allow-from-vlan=99
