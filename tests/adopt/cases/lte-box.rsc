# 2025-09-09 09:09:09 by RouterOS 7.18.2
# software id = AAAA-0145
#
# model = RBD53G-5HacD2HnD-TC&EG12-EA
# serial number = HEX0000145
/interface bridge
add name=lan
/interface lte apn
set [ find default=yes ] apn=fleet.example ip-type=ipv4 use-network-apn=no
/interface lte
set [ find default-name=lte1 ] allow-roaming=yes band=3,7 sms-protocol=auto \
    sms-read=no
/disk
set usb1 media-interface=lan media-sharing=yes smb-sharing=yes
/interface bridge port
add bridge=lan interface=ether2
/interface lte settings
set esim-channel=at firmware-path=firmware mode=mbim
/ip address
add address=192.168.45.1/24 interface=lan network=192.168.45.0
/system identity
set name=van-45
/system leds
add interface=lte1 leds=user-led modem-signal-threshold=-91 type=modem-signal
/system routerboard mode-button
set enabled=yes on-event=lte-again
/system routerboard settings
set auto-upgrade=yes preboot-etherboot=5s
/system routerboard wps-button
set enabled=yes on-event=wps-accept
/tool sms
set port=lte1 receive-enabled=yes
