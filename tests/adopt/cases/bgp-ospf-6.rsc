# jul/19/2022 22:10:31 by RouterOS 6.49.6
# software id = AAAA-0109
#
# model = CCR1036-8G-2S+
# serial number = HEX0000109
/interface bridge
add name=loopback protocol-mode=none
/routing bgp instance
set default as=64510 client-to-client-reflection=no router-id=10.255.0.1
add as=64511 disabled=yes name=lab router-id=10.255.0.9
/routing ospf area
add area-id=0.0.0.10 default-cost=1 inject-summary-lsas=no name=towers type=\
    stub
/routing ospf instance
set [ find default=yes ] distribute-default=if-installed-as-type-1 \
    redistribute-connected=as-type-1 router-id=10.255.0.1
/ip address
add address=10.255.0.1/32 interface=loopback network=10.255.0.1
add address=10.1.0.1/30 interface=ether1 network=10.1.0.0
add address=10.1.0.5/30 interface=ether2 network=10.1.0.4
/routing bgp network
add network=192.0.2.0/24 synchronize=no
/routing bgp peer
add in-filter=upstream-in name=upstream out-filter=upstream-out \
    remote-address=198.51.100.9 remote-as=64496 tcp-md5-key=canary-bgp-6 ttl=\
    default
add disabled=yes name=rr nexthop-choice=force-self remote-address=10.255.0.2 \
    remote-as=64510 route-reflect=yes update-source=loopback
/routing filter
add action=discard chain=upstream-in comment="default routes" prefix=0.0.0.0/0
add action=discard chain=upstream-in prefix=10.0.0.0/8 prefix-length=8-32
add action=accept chain=upstream-in set-bgp-local-pref=150
add action=accept chain=upstream-out prefix=192.0.2.0/24 \
    set-bgp-prepend=2
add action=discard chain=upstream-out
/routing ospf interface
add authentication=md5 authentication-key=canary-ospf-6 interface=ether1 \
    network-type=point-to-point
add cost=100 interface=ether2 network-type=broadcast passive=yes
/routing ospf network
add area=backbone network=10.1.0.0/30
add area=towers comment="hill and mast" network=10.1.0.4/30
add area=backbone network=10.255.0.1/32
/system identity
set name=core-6
