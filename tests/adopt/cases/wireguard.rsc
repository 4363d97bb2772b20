# 2024-11-05 09:00:00 by RouterOS 7.16
#
/interface wireguard
add listen-port=13231 mtu=1420 name=wg-hq private-key=\
    "Q0FOQVJZLXdpcmVndWFyZC1wcml2YXRlLWtleS0wMDE="
/interface wireguard peers
add allowed-address=10.255.0.2/32,10.20.0.0/16 comment="harbour office" \
    endpoint-address=vpn.harbour.example endpoint-port=13231 interface=wg-hq \
    name=harbour persistent-keepalive=25s preshared-key=\
    "Q0FOQVJZLXByZXNoYXJlZC1rZXktMDAwMDAwMDAwMDE=" public-key=\
    "cHVibGljLWtleS1vZi10aGUtaGFyYm91ci1vZmZpY2U="
/ip address
add address=10.255.0.1/24 interface=wg-hq network=10.255.0.0
/ip route
add comment="to the harbour" disabled=no distance=1 dst-address=10.20.0.0/16 \
    gateway=10.255.0.2 routing-table=main scope=30 suppress-hw-offload=no \
    target-scope=10
/system identity
set name=hq-hub
