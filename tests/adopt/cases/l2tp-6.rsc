# sep/02/2021 17:45:00 by RouterOS 6.48.4
# software id = AAAA-0106
#
# model = 951G-2HnD
# serial number = HEX0000106
/interface bridge
add admin-mac=02:00:5E:06:00:01 auto-mac=no name=bridge
/interface ethernet
set [ find default-name=ether1 ] name=ether1-gateway
set [ find default-name=ether2 ] name=ether2-master
/interface l2tp-client
add connect-to=203.0.113.1 disabled=no ipsec-secret=canary-l2tp-2 name=\
    l2tp-hq password=canary-l2tp-3 use-ipsec=yes user=branch6
/interface wireless security-profiles
set [ find default=yes ] supplicant-identity=MikroTik
add authentication-types=wpa2-psk eap-methods="" mode=dynamic-keys name=home \
    supplicant-identity="" wpa2-pre-shared-key=canary-wpa-1
/interface wireless
set [ find default-name=wlan1 ] band=2ghz-b/g/n channel-width=20/40mhz-XX \
    country=portugal disabled=no distance=indoors frequency=auto mode=\
    ap-bridge security-profile=home ssid=branch6 wireless-protocol=802.11 \
    wps-mode=disabled
/ip ipsec proposal
set [ find default=yes ] enc-algorithms=aes-256-cbc,aes-128-cbc,3des
/ip pool
add name=vpn ranges=192.168.89.2-192.168.89.255
/ppp profile
set *FFFFFFFE local-address=192.168.89.1 remote-address=vpn
/interface bridge port
add bridge=bridge interface=ether2-master
add bridge=bridge interface=wlan1
/interface l2tp-server server
set enabled=yes ipsec-secret=canary-l2tp-4 use-ipsec=yes
/interface pptp-server server
set enabled=yes
/ip address
add address=192.168.6.1/24 interface=bridge network=192.168.6.0
/ip cloud
set ddns-enabled=yes
/ip dhcp-client
add disabled=no interface=ether1-gateway
/ip firewall filter
add action=accept chain=input comment="allow IPsec NAT" dst-port=4500 \
    protocol=udp
add action=accept chain=input comment="allow IKE" dst-port=500 protocol=udp
add action=accept chain=input comment="allow l2tp" dst-port=1701 protocol=udp
add action=accept chain=input in-interface=all-ppp
add action=drop chain=input in-interface=ether1-gateway
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1-gateway
add action=masquerade chain=srcnat comment="masq. vpn traffic" src-address=\
    192.168.89.0/24
/ip route
add comment="to hq" distance=1 dst-address=10.0.0.0/8 gateway=l2tp-hq
/ppp secret
add name=vpn password=canary-vpn
/system clock
set time-zone-name=Europe/Lisbon
/system identity
set name=branch6
/system ntp client
set enabled=yes primary-ntp=192.0.2.123 secondary-ntp=198.51.100.123
