# 2025-02-01 16:00:00 by RouterOS 7.17.1
# software id = AAAA-0118
#
# model = RB1100AHx4
# serial number = HEX0000118
/interface vlan
add interface=ether3 name=vlan-lan vlan-id=100
/interface vrrp
add authentication=simple comment="LAN gateway" interface=vlan-lan name=vrrp-lan \
    password=canary-vr priority=200 version=2 vrid=10
add group-authority=self interface=ether4 interval=500ms name=vrrp-dmz \
    on-backup="/log info backup" on-master="/log info \"master \$name\"" \
    preemption-mode=no vrid=20
/routing table
add comment="second carrier" disabled=no fib name=via-b
/ip address
add address=10.100.0.2/24 interface=vlan-lan network=10.100.0.0
add address=10.100.0.1 interface=vrrp-lan network=10.100.0.1
add address=203.0.113.2/30 interface=ether1 network=203.0.113.0
add address=198.51.100.2/30 interface=ether2 network=198.51.100.0
/ip firewall mangle
add action=mark-routing chain=prerouting dst-address-type=!local \
    new-routing-mark=via-b passthrough=no per-connection-classifier=\
    both-addresses-and-ports:2/1 src-address=10.100.0.0/24
/ip route
add check-gateway=ping comment="carrier A, as seen from far" disabled=no \
    distance=1 dst-address=0.0.0.0/0 gateway=192.0.2.1 routing-table=main \
    scope=30 suppress-hw-offload=no target-scope=11
add check-gateway=ping disabled=no distance=2 dst-address=0.0.0.0/0 gateway=\
    192.0.2.2 routing-table=main target-scope=11
add comment="the far end over A" disabled=no distance=1 dst-address=\
    192.0.2.1/32 gateway=203.0.113.1 scope=10
add disabled=no distance=1 dst-address=192.0.2.2/32 gateway=198.51.100.1 \
    scope=10
add disabled=no dst-address=0.0.0.0/0 gateway=198.51.100.1%ether2 \
    routing-table=via-b
add disabled=no dst-address=10.200.0.0/16 gateway=203.0.113.1@main,ether2
/routing rule
add action=lookup disabled=no interface=vlan-lan min-prefix=0 table=main
add action=lookup-only-in-table disabled=no routing-mark=via-b table=via-b
/system identity
set name=twin-a
/tool netwatch
add comment="far end A" disabled=no down-script=\
    ":log error \"A is down\"\r\n/ip route set [find comment~\"carrier A\"] distance=10" \
    host=192.0.2.1 interval=10s name=far-a packet-count=5 test-script="" \
    thr-loss-percent=60 timeout=1s type=icmp up-script=":log info up"
add disabled=yes host=192.0.2.2 http-codes=200 port=80 type=http-get
