# oct/10/2018 10:10:10 by RouterOS 6.42.9
# software id = AAAA-0114
#
# model = RouterBOARD SXTsq 5nD
# serial number = HEX0000114
/interface bridge
add fast-forward=no name=bridge1 protocol-mode=none
/interface wireless security-profiles
set [ find default=yes ] supplicant-identity=MikroTik
add authentication-types=wpa2-psk mode=dynamic-keys name=ptp \
    supplicant-identity="" wpa2-pre-shared-key="canary ptp key"
/interface wireless
set [ find default-name=wlan1 ] band=5ghz-onlyn channel-width=20/40mhz-Ce \
    country=portugal disabled=no frequency=5680 frequency-mode=\
    regulatory-domain mode=bridge nv2-cell-radius=10 nv2-preshared-key=\
    canary-nv2-1 nv2-security=enabled radio-name=hill-a security-profile=ptp \
    ssid=hill-mast tdma-period-size=4 wireless-protocol=nv2
/interface wireless nstreme
set wlan1 enable-polling=no
/interface bridge port
add bridge=bridge1 interface=ether1
add bridge=bridge1 interface=wlan1
/ip address
add address=10.30.0.2/29 comment="management" interface=bridge1 network=\
    10.30.0.0
/ip route
add distance=1 gateway=10.30.0.1
/ip service
set telnet disabled=yes
set ftp disabled=yes
set www address=10.0.0.0/8
set api-ssl disabled=yes
/snmp
set contact="noc@quay.example" enabled=yes location="hill, north mast"
/system identity
set name=hill-a
/system leds
set 0 interface=wlan1
