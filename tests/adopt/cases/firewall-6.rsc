# jun/06/2021 18:30:00 by RouterOS 6.48.3
# software id = AAAA-0119
#
# model = RB3011UiAS
# serial number = HEX0000119
/ip firewall layer7-protocol
add comment="" name=torrent regexp="^(\\x13bittorrent protocol|azver\\x01\$|get /scrape\\\?info_hash=)"
/ip firewall address-list
add address=10.0.0.0/8 comment="RFC 1918" list=bogons
add address=192.168.0.0/16 list=bogons
add address=198.51.100.10-198.51.100.20 list=support
add address=host.support.example list=support
add address=203.0.113.99 disabled=yes list=blocked timeout=1d
/ip firewall filter
add action=fasttrack-connection chain=forward connection-state=\
    established,related
add action=accept chain=forward connection-state=established,related
add action=jump chain=input comment="port knocking" dst-port=7000 jump-target=\
    knock protocol=tcp
add action=add-src-to-address-list address-list=knocked address-list-timeout=\
    30s chain=knock log=yes log-prefix="knock "
add action=return chain=knock
add action=tarpit chain=input connection-limit=3,32 dst-port=22,23 protocol=tcp
add action=reject chain=input limit=5/1m,10:packet protocol=udp reject-with=\
    icmp-port-unreachable
add action=drop chain=input psd=21,3s,3,1 protocol=tcp
add action=drop chain=forward layer7-protocol=torrent src-mac-address=\
    !02:00:5E:19:00:01
add action=drop chain=forward content="bad words" p2p=all-p2p
add action=accept chain=forward connection-type=sip random=50 time=\
    8h-18h,mon,fri
add action=drop chain=input connection-rate=0-100k dst-limit=\
    10,5,dst-address/1m40s hotspot=!auth icmp-options=8:0-255 protocol=icmp \
    ttl=less-than:5
add action=drop chain=output packet-size=1500-65535 routing-mark=main \
    tcp-flags=syn,!ack tls-host=*.ads.example protocol=tcp
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1 src-address-list=!bogons
add action=netmap chain=dstnat dst-address=203.0.113.0/28 to-addresses=\
    10.19.0.0/28
add action=redirect chain=dstnat dst-port=53 protocol=udp src-address=\
    10.19.0.0/24 to-ports=53
add action=src-nat chain=srcnat nth=2,1 to-addresses=203.0.113.2-203.0.113.3
/ip firewall raw
add action=drop chain=prerouting comment="bogons from outside" in-interface=\
    ether1 src-address-list=bogons
add action=notrack chain=output dst-address-type=local,broadcast protocol=gre
/ip firewall service-port
set ftp disabled=yes
set sip ports=5060,5061,5070 sip-direct-media=no
/ip firewall connection tracking
set enabled=yes tcp-established-timeout=1h tcp-syn-sent-timeout=10s \
    udp-timeout=20s
/system identity
set name=wall-6
