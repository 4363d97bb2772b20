# feb/10/2023 20:15:00 by RouterOS 6.49.10
# software id = AAAA-0144
#
# model = RB2011UiAS-2HnD
# serial number = HEX0000144
/interface bridge
add name=bridge-local
/interface ethernet
set [ find default-name=ether1 ] name=ether1-gateway
set [ find default-name=ether10 ] poe-out=off
set [ find default-name=sfp1 ] disabled=yes
/interface ethernet switch port
set 1 vlan-mode=fallback
set ether6 default-vlan-id=30 vlan-header=always-strip vlan-mode=secure
set switch2-cpu vlan-mode=secure
/interface ethernet switch vlan
add independent-learning=yes ports=ether6,switch2-cpu switch=switch2 vlan-id=30
/interface bridge port
add bridge=bridge-local interface=ether2
add bridge=bridge-local interface=ether6
/ip address
add address=192.168.44.1/24 interface=bridge-local network=192.168.44.0
/lcd
set backlight-timeout=never default-screen=stats read-only-mode=yes \
    touch-screen=disabled
/lcd pin
set hide-pin-number=yes pin-number=canary-lcd
/lcd interface
set ether1-gateway timeout=20s
set sfp1 disabled=yes
/system identity
set name=rb2011-44
/system leds
set 0 interface=wlan1
/system routerboard settings
set cpu-frequency=750MHz force-backup-booter=yes
/system routerboard usb
set usb-mode=automatic
