# 2024-03-03 03:03:03 by RouterOS 7.14
# software id = AAAA-0117
#
# model = RB760iGS
# serial number = HEX0000117
/interface bridge
add name=bridge
/interface list
add name=WAN
/interface list member
add interface=ether1 list=WAN
/ipv6 dhcp-server
add address-pool=isp interface=bridge lease-time=1h name=lan
/ipv6 pool
add name=ula prefix=fd00:17::/48 prefix-length=64
add name=isp prefix=2001:db8:17::/48 prefix-length=64
/ipv6 settings
set accept-redirects=no accept-router-advertisements=yes
/ipv6 address
add address=::1 comment="from the carrier" from-pool=isp interface=bridge
add address=fd00:17::1 interface=bridge
add address=2001:db8:ffff::2/64 advertise=no eui-64=no interface=ether1
/ipv6 dhcp-client
add add-default-route=yes interface=ether1 pool-name=isp-pd pool-prefix-length=\
    60 prefix-hint=::/56 request=prefix use-peer-dns=no
/ipv6 firewall address-list
add address=fe80::/10 comment="defconf: RFC 4291 link local" list=no_forward
add address=2001:db8::/32 list=documentation
add address=fd00:17::10-fd00:17::20 list=printers
/ipv6 firewall filter
add action=accept chain=input comment=\
    "defconf: accept established,related,untracked" connection-state=\
    established,related,untracked
add action=accept chain=input protocol=icmpv6
add action=accept chain=input comment="defconf: accept UDP traceroute" \
    dst-port=33434-33534 protocol=udp
add action=accept chain=input comment=\
    "defconf: accept DHCPv6-Client prefix delegation." dst-port=546 protocol=\
    udp src-address=fe80::/10
add action=drop chain=input in-interface-list=!WAN src-address-list=!no_forward
add action=drop chain=forward comment="rfc4890 drop hop-limit=1" hop-limit=\
    equal:1 protocol=icmpv6
add action=accept chain=forward dst-address=::/64
/ipv6 firewall mangle
add action=change-mss chain=forward new-mss=clamp-to-pmtu out-interface=ether1 \
    passthrough=yes protocol=tcp tcp-flags=syn
/ipv6 firewall raw
add action=drop chain=prerouting src-address=::/128
/ipv6 nd
set [ find default=yes ] disabled=yes
add interface=bridge managed-address-configuration=no other-configuration=yes \
    ra-interval=30s-1m
/ipv6 nd prefix default
set preferred-lifetime=4h valid-lifetime=8h
/ipv6 route
add blackhole disabled=no distance=255 dst-address=2001:db8:17::/48 gateway=""
add disabled=no distance=1 dst-address=::/0 gateway=fe80::1%ether1 \
    routing-table=main scope=30 target-scope=10
/system identity
set name=six
