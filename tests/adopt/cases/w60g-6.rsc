# jun/02/2022 12:00:00 by RouterOS 6.49.6
# software id = AAAA-0146
#
# model = RBLHGG-60ad
# serial number = HEX0000146
/interface bridge
add name=bridge
/interface w60g
set [ find ] disabled=no frequency=64800 mode=bridge name=wlan60-1 password=\
    canary-w60g put-stations-in-bridge=bridge scan-list=64800 ssid=ridge
/interface w60g station
add mac-address=02:46:00:00:00:02 name=valley parent=wlan60-1 remote-address=\
    02:46:00:00:00:03
/interface bridge port
add bridge=bridge interface=ether1
add bridge=bridge interface=valley
/ip address
add address=192.168.46.1/24 interface=bridge network=192.168.46.0
/system identity
set name=ridge-46
/system leds
set 1 leds=led1,led2 type=wireless-signal-strength
