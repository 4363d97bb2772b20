# 2025-03-30 02:30:00 by RouterOS 7.16.2
# software id = AAAA-0124
#
# model = RBLtAP-2HnD
# serial number = HEX0000124
/interface lte apn
set [ find default=yes ] apn=internet ip-type=ipv4 use-network-apn=no
add apn=fleet.example authentication=chap name=fleet password=canary-apn user=bus
/interface lte
set [ find default-name=lte1 ] allow-roaming=no apn-profiles=fleet band=3,7,20 \
    network-mode=lte,3g pin=0000
/interface veth
add address=172.17.0.2/16 gateway=172.17.0.1 gateway6="" name=veth1
/interface bridge
add name=containers
/interface dot1x client
add certificate=none eap-methods=eap-peap,eap-mschapv2 identity=bus7 interface=\
    ether1 password=canary-dot1x
/interface dot1x server
add auth-types=dot1x,mac-auth comment="yard" guest-vlan-id=50 interface=ether2 \
    radius-mac-format=xx:xx:xx:xx:xx:xx
/interface bridge port
add bridge=containers interface=veth1
/container config
set ram-high=64.0MiB registry-url=https://registry-1.example tmpdir=usb1/pull
/container envs
add key=TZ name=app value=Europe/Lisbon
add key=TOKEN name=app value="a \"b\" c"
/container mounts
add dst=/data name=app src=/usb1/data
/ip address
add address=172.17.0.1/16 interface=containers network=172.17.0.0
/system gps
set enabled=yes set-system-time=yes
/tool sms
set allowed-number=+351000000000 port=lte1 receive-enabled=yes
/port
set 0 name=serial0
set 1 name=usb1
/system console
set [ find port=serial0 ] term=vt102
/system identity
set name=bus7
