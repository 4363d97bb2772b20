# jan/02/1970 03:04:05 by RouterOS 6.28
# software id = AAAA-0125
#
/interface ethernet
set 0 name=ether1-gateway
set [ find default-name=ether2 ] name=ether2-local
set ether3 comment="by name"
/interface wireless
set 0 ssid=old
/ip hotspot profile
set default dns-name=old.example html-directory=hotspot
/ip hotspot user profile
set [ find name=default ] idle-timeout=none keepalive-timeout=2m
/ip hotspot user
set [ find default=yes ] disabled=yes
/ppp profile
set default local-address=10.28.0.1
set 1 remote-address=10.28.0.2
/queue type
set [ find name=default-small ] pfifo-limit=20
set 0 pfifo-limit=60
/ip service
set ftp,telnet disabled=yes
set [ find name=www ] address=10.0.0.0/8,192.168.0.0/16 port=8080
set numbers=ssh port=2222
/snmp community
set public addresses=10.0.0.0/8
/system logging
set [ find topics=info ] action=echo
set 2 prefix=W
/system logging action
set [ find name=remote ] remote=10.28.0.9
/user group
set read policy=local,telnet,ssh,read,test,winbox,web,!ftp
add name=noc policy=read,write,test,!policy
/ip pool add name=one ranges=10.28.1.2-10.28.1.9
/ip/pool/add name=two ranges=10.28.2.2-10.28.2.9 next-pool=one
/ip
pool add name=three ranges=10.28.3.2,10.28.3.4
/ip address; add address=10.28.0.1/24 interface=ether1-gateway; add address=10.28.9.1/24 interface=ether2-local
/system identity set name=old-28
