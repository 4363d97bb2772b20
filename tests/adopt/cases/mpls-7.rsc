# 2024-12-24 00:00:01 by RouterOS 7.16.2
# software id = AAAA-0111
#
# model = CCR2004-16G-2S+
# serial number = HEX0000111
/interface bridge
add name=lo0
add name=vpn-quay protocol-mode=none
/interface vpls
add arp=enabled bridge=vpn-quay comment="quay to mill" disabled=no mac-address=\
    02:00:5E:11:00:01 name=vpls-mill peer=10.255.0.12 pw-l2mtu=1500 pw-type=\
    tagged-ethernet vpls-id=100:12
add disabled=yes mac-address=02:00:5E:11:00:02 name=vpls-mast peer=10.255.0.13 \
    vpls-id=100:13
/interface bridge port
add bridge=vpn-quay horizon=1 interface=vpls-mill
add bridge=vpn-quay interface=ether5
/ip address
add address=10.255.0.11/32 interface=lo0 network=10.255.0.11
add address=10.1.2.1/30 interface=ether1 network=10.1.2.0
/mpls interface
add disabled=no interface=ether1 mpls-mtu=1550
/mpls ldp
add afi=ip disabled=no lsr-id=10.255.0.11 transport-addresses=10.255.0.11
/mpls ldp accept-filter
add accept=yes disabled=no prefix=10.255.0.0/24
add accept=no disabled=no
/mpls ldp advertise-filter
add advertise=yes disabled=no prefix=10.255.0.0/24
add advertise=no disabled=no
/mpls ldp interface
add afi=ip disabled=no hello-interval=5s hold-time=15s interface=ether1
/system identity
set name=pe-quay
