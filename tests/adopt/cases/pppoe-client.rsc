# 2024-08-11 19:20:05 by RouterOS 7.15.3
# software id = AAAA-0101
#
# model = RB5009UG+S+
# serial number = HEX0000101
/interface bridge
add admin-mac=02:00:5E:01:01:01 auto-mac=no comment=defconf name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment="to the ONT"
set [ find default-name=sfp-sfpplus1 ] disabled=yes
/interface vlan
add comment="the carrier's VLAN" interface=ether1 name=vlan-wan vlan-id=35
/interface pppoe-client
add add-default-route=yes allow=chap,mschap2 comment="FibreCo, contract 4711" \
    disabled=no interface=vlan-wan name=pppoe-wan password=canary-pppoe-1 \
    use-peer-dns=yes user=4711@fibre.example
/interface list
add comment=defconf name=WAN
add comment=defconf name=LAN
/ip pool
add name=default-dhcp ranges=192.168.88.10-192.168.88.254
/ip dhcp-server
add address-pool=default-dhcp interface=bridge lease-time=10m name=defconf
/interface bridge port
add bridge=bridge comment=defconf interface=ether2
add bridge=bridge comment=defconf interface=ether3
add bridge=bridge comment=defconf disabled=yes interface=ether4
/ip neighbor discovery-settings
set discover-interface-list=LAN
/interface list member
add comment=defconf interface=bridge list=LAN
add interface=pppoe-wan list=WAN
/ip address
add address=192.168.88.1/24 comment=defconf interface=bridge network=\
    192.168.88.0
/ip dhcp-server lease
add address=192.168.88.20 client-id=1:2:0:5e:0:0:20 comment="printer, 1st floor" \
    mac-address=02:00:5E:00:00:20 server=defconf
add address=192.168.88.21 block-access=yes mac-address=02:00:5E:00:00:21
/ip dhcp-server network
add address=192.168.88.0/24 comment=defconf dns-server=192.168.88.1 domain=\
    home.arpa gateway=192.168.88.1 netmask=24 ntp-server=192.168.88.1
/ip dns
set allow-remote-requests=yes
/ip dns static
add address=192.168.88.1 comment=defconf name=router.lan type=A
add cname=router.lan name=www.lan type=CNAME
add forward-to=10.0.0.53 name=corp.example type=FWD
add name=blocked.example type=NXDOMAIN
/ip firewall filter
add action=accept chain=input comment=\
    "defconf: accept established,related,untracked" connection-state=\
    established,related,untracked
add action=drop chain=input comment="defconf: drop invalid" connection-state=\
    invalid
add action=accept chain=input comment="defconf: accept ICMP" protocol=icmp
add action=accept chain=input comment=\
    "defconf: accept to local loopback (for CAPsMAN)" dst-address=127.0.0.1
add action=drop chain=input comment="defconf: drop all not coming from LAN" \
    in-interface-list=!LAN
add action=accept chain=forward comment="defconf: accept in ipsec policy" \
    ipsec-policy=in,ipsec
add action=fasttrack-connection chain=forward comment="defconf: fasttrack" \
    connection-state=established,related hw-offload=yes
add action=accept chain=forward comment=\
    "defconf: accept established,related, untracked" connection-state=\
    established,related,untracked
add action=drop chain=forward comment="defconf: drop invalid" \
    connection-state=invalid
add action=drop chain=forward comment=\
    "defconf: drop all from WAN not DSTNATed" connection-nat-state=!dstnat \
    connection-state=new in-interface-list=WAN
/ip firewall mangle
add action=change-mss chain=forward new-mss=1452 out-interface=pppoe-wan \
    passthrough=yes protocol=tcp tcp-flags=syn tcp-mss=1453-65535
/ip firewall nat
add action=masquerade chain=srcnat comment="defconf: masquerade" \
    ipsec-policy=out,none out-interface-list=WAN
add action=dst-nat chain=dstnat comment="camera" disabled=yes dst-port=8443 \
    in-interface-list=WAN protocol=tcp to-addresses=192.168.88.30 to-ports=443
/ip upnp
set enabled=yes
/ip upnp interfaces
add interface=bridge type=internal
add interface=pppoe-wan type=external
/system clock
set time-zone-name=Europe/Lisbon
/system identity
set name=home-4711
/system ntp client
set enabled=yes
/system ntp server
set enabled=yes
/system ntp client servers
add address=0.pool.ntp.example
add address=1.pool.ntp.example
/tool mac-server
set allowed-interface-list=LAN
/tool mac-server mac-winbox
set allowed-interface-list=LAN
