# dec/12/2019 12:12:12 by RouterOS 6.45.7
# software id = AAAA-0120
#
# model = RB750Gr3
# serial number = HEX0000120
/interface bonding
add mode=802.3ad name=bond1 slaves=ether4,ether5 transmit-hash-policy=\
    layer-2-and-3
/interface bridge
add name=bridge-l2
/interface eoip
add allow-fast-path=no comment="to the mill" ipsec-secret=canary-eoip-1 \
    local-address=198.51.100.2 mac-address=02:00:5E:20:00:01 name=eoip-mill \
    remote-address=203.0.113.7 tunnel-id=7
/interface gre
add clamp-tcp-mss=no dont-fragment=no keepalive=10s,10 local-address=\
    198.51.100.2 name=gre-hq remote-address=203.0.113.1
/interface ipip
add !keepalive name=ipip-old remote-address=203.0.113.9
/interface vlan
add interface=bond1 name=bond1.30 use-service-tag=yes vlan-id=30
add interface=bond1.30 name=bond1.30.31 vlan-id=31
/interface ovpn-client
add connect-to=203.0.113.30 disabled=yes name=ovpn-lab password=canary-ovpn \
    port=1195 user=lab
/interface pptp-client
add connect-to=203.0.113.31 disabled=yes name=pptp-old password=canary-pptp \
    user=old
/interface bridge port
add bridge=bridge-l2 interface=eoip-mill
add bridge=bridge-l2 horizon=2 interface=bond1.30.31
/ip address
add address=10.20.1.1/30 interface=gre-hq network=10.20.1.0
/ip arp
add address=10.20.1.2 interface=gre-hq mac-address=02:00:5E:20:00:02
/ip route
add distance=1 dst-address=10.0.0.0/8 gateway=gre-hq pref-src=10.20.1.1
add distance=5 dst-address=10.0.0.0/8 gateway=ipip-old routing-mark=backup
add distance=1 dst-address=192.168.0.0/16 type=blackhole
/ip route rule
add action=lookup-only-in-table src-address=10.20.9.0/24 table=backup
/system identity
set name=tunnels-6
