# jan/02/1970 00:08:03 by RouterOS 6.39.2
# software id = AAAA-0116
#
/interface bridge
add comment=defconf name=bridge
/interface ethernet
set [ find default-name=ether2 ] name=ether2-master
set [ find default-name=ether3 ] master-port=ether2-master
/interface wireless security-profiles
set [ find default=yes ] authentication-types=wpa2-psk mode=dynamic-keys \
    wpa2-pre-shared-key=canary-home-1
add authentication-types=wpa2-psk mode=dynamic-keys name=visitors \
    wpa2-pre-shared-key=canary-home-2
/interface wireless
set [ find default-name=wlan1 ] disabled=no mode=ap-bridge ssid="Haus am See" \
    wireless-protocol=802.11
/ip neighbor discovery
set ether1 discover=no
/interface wireless
add disabled=no mac-address=02:00:5E:16:00:02 master-interface=wlan1 name=\
    wlan-visitors security-profile=visitors ssid=Gaeste
/ip pool
add name=dhcp ranges=192.168.88.10-192.168.88.254
/ip dhcp-server
add address-pool=dhcp disabled=no interface=bridge name=defconf
/interface bridge filter
add action=drop chain=forward in-interface=wlan-visitors
add action=drop chain=forward out-interface=wlan-visitors
/interface bridge port
add bridge=bridge comment=defconf interface=ether2-master
add bridge=bridge comment=defconf interface=wlan1
/ip address
add address=192.168.88.1/24 comment=defconf interface=ether2-master network=\
    192.168.88.0
/ip dhcp-client
add comment=defconf dhcp-options=hostname,clientid disabled=no interface=ether1
/ip dns
set allow-remote-requests=yes
/ip firewall filter
add action=accept chain=input protocol=icmp
add action=accept chain=input connection-state=established,related
add action=drop chain=input in-interface=ether1
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1
/system routerboard settings
set init-delay=0s
/tool mac-server
set [ find default=yes ] disabled=yes
add interface=bridge
