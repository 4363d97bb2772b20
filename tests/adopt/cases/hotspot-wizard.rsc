# 2025-03-02 11:20:01 by RouterOS 7.16.2
# model = RB5009UG+S+
/interface bridge
add name=bridge-guest
/interface wireguard
add comment="staff at home" listen-port=13231 mtu=1420 name=wg-staff \
    private-key="Q0FOQVJZLXdpcmVndWFyZC1wcml2YXRlLWtleS0wMDE="
/ip hotspot profile
add hotspot-address=10.5.50.1 login-by=http-chap name=hsprof1 use-radius=yes
add hotspot-address=10.6.50.1 name=hsprof2 smtp-server=10.0.0.25
/ip pool
add name=hs-pool-1 ranges=10.5.50.2-10.5.50.254
add name=hs-pool-2 ranges=10.6.50.2-10.6.50.254
/ip dhcp-server
add address-pool=hs-pool-1 interface=bridge-guest lease-time=1h name=dhcp1
add address-pool=hs-pool-2 interface=ether5 lease-time=1h name=dhcp2
/ip hotspot
add address-pool=hs-pool-1 disabled=no interface=bridge-guest name=hotspot1 \
    profile=hsprof1
add address-pool=hs-pool-2 disabled=no interface=ether5 name=hotspot2 \
    profile=hsprof2
add disabled=no interface=ether6 name=hotspot3 profile=hsprof2
/interface wireguard peers
add allowed-address=10.9.0.2/32 comment=Anna interface=wg-staff name=anna \
    public-key="cHVibGljLWtleS1vZi1hbm5hJ3MtdGVsZXBob25lISE="
add allowed-address=10.9.0.3/32 interface=wg-staff name=ben preshared-key=\
    "Q0FOQVJZLXByZXNoYXJlZC1rZXktMDAwMDAwMDAwMDE=" public-key=\
    "cHVibGljLWtleS1vZi1iZW4ncy1sYXB0b3AgISEhISE="
/ip address
add address=10.5.50.1/24 comment="hotspot network" interface=bridge-guest \
    network=10.5.50.0
add address=10.6.50.1/24 interface=ether5 network=10.6.50.0
add address=10.9.0.1/24 comment="staff at home" interface=wg-staff network=\
    10.9.0.0
/ip dhcp-server network
add address=10.5.50.0/24 comment="hotspot network" gateway=10.5.50.1
add address=10.6.50.0/24 comment="hotspot network" dns-server=9.9.9.9 gateway=\
    10.6.50.1
/ip hotspot walled-garden
add comment="for all hotspots" dst-host=*.pay.example
add dst-host=*.a.example server=hotspot1
/ip hotspot walled-garden ip
add action=accept disabled=no dst-host=b.example dst-port=443 protocol=tcp \
    server=hotspot2
/radius
add address=10.0.0.5 comment=billing secret=canary-radius-1 service=\
    hotspot,ppp
add address=10.0.0.6 service=login
add address=10.0.0.7 secret=canary-radius-3 service=login
/radius incoming
set accept=yes port=1700
/ppp aaa
set interim-update=5m use-circuit-id-in-nas-port-id=yes use-radius=yes
/system identity
set name=wizard
