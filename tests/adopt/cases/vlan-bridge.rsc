# 2025-01-20 14:00:00 by RouterOS 7.16.2
/interface bridge
add admin-mac=02:00:5E:20:00:01 auto-mac=no ingress-filtering=no name=trunk \
    protocol-mode=rstp vlan-filtering=yes
/interface ethernet
set [ find default-name=ether1 ] comment="to the core" name=uplink
set [ find default-name=ether5 ] disabled=yes
/interface vlan
add interface=trunk name=mgmt vlan-id=99
add interface=trunk name=cameras vlan-id=30
/interface list
add name=MGMT
/interface bridge port
add bridge=trunk frame-types=admit-only-vlan-tagged interface=uplink
add bridge=trunk frame-types=admit-only-untagged-and-priority-tagged \
    interface=ether2 pvid=30
/interface bridge vlan
add bridge=trunk tagged=trunk,uplink vlan-ids=99
add bridge=trunk tagged=trunk,uplink untagged=ether2 vlan-ids=30
/interface list member
add interface=mgmt list=MGMT
/ip address
add address=10.99.0.2/24 interface=mgmt network=10.99.0.0
/system identity
set name=switch-1
