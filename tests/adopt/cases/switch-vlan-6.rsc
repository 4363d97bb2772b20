# nov/30/2020 06:06:06 by RouterOS 6.47.8
# software id = AAAA-0107
#
# model = 2011UiAS
# serial number = HEX0000107
/interface bridge
add name=bridge-trunk protocol-mode=none
/interface ethernet
set [ find default-name=ether1 ] speed=100Mbps
set [ find default-name=ether2 ] comment="trunk to the tower" speed=100Mbps
set [ find default-name=ether10 ] poe-out=off
set [ find default-name=sfp1 ] advertise=1000M-full auto-negotiation=no
/interface vlan
add interface=bridge-trunk name=vlan-mgmt vlan-id=99
/interface ethernet switch port
set 1 vlan-header=add-if-missing vlan-mode=secure
set 2 default-vlan-id=10 vlan-header=always-strip vlan-mode=secure
set 11 vlan-mode=secure
/interface bridge port
add bridge=bridge-trunk interface=ether2
add bridge=bridge-trunk interface=ether3
add bridge=bridge-trunk interface=ether4
/interface ethernet switch vlan
add independent-learning=yes ports=ether2,ether3 switch=switch1 vlan-id=10
add independent-learning=yes ports=ether2,ether4 switch=switch1 vlan-id=20
add comment=management ports=ether2,switch1-cpu switch=switch1 vlan-id=99
/ip address
add address=10.99.0.7/24 interface=vlan-mgmt network=10.99.0.0
/ip route
add distance=1 gateway=10.99.0.1
/system identity
set name=tower-sw
