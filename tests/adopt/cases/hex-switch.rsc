# 2025-01-15 09:30:00 by RouterOS 7.16.2
# software id = AAAA-0143
#
# model = RB750Gr3
# serial number = HEX0000143
/interface ethernet
set [ find default-name=ether1 ] name=wan
set [ find default-name=ether5 ] name=office
/interface bridge
add name=lan
/interface ethernet switch
set switch1 mirror-source=ether4 mirror-target=office name=switch1
/interface ethernet switch port
set ether2 default-vlan-id=10 vlan-header=always-strip vlan-mode=secure
set ether3 default-vlan-id=20 vlan-header=always-strip vlan-mode=secure
set office vlan-header=add-if-missing vlan-mode=secure
set switch1-cpu vlan-mode=secure
/interface vlan
add interface=lan name=staff vlan-id=10
/interface bridge port
add bridge=lan interface=ether2
add bridge=lan interface=ether3
add bridge=lan interface=office
/interface ethernet switch vlan
add comment=staff independent-learning=yes ports=ether2,office,switch1-cpu \
    switch=switch1 vlan-id=10
add disabled=yes independent-learning=no ports=ether3,office switch=switch1 \
    vlan-id=20
/ip address
add address=192.168.10.1/24 interface=staff network=192.168.10.0
/system identity
set name=hex-43
/system leds settings
set all-leds-off=after-1h
/system routerboard mode-button
set enabled=yes on-event=dark-mode
/system routerboard reset-button
set enabled=yes hold-time=2s..8s on-event=guest-on
/system routerboard settings
set auto-upgrade=yes cpu-frequency=880MHz protected-routerboot=enabled \
    reformat-hold-button=30s silent-boot=yes
/system script
add dont-require-permissions=no name=dark-mode owner=admin policy=\
    read,write,test source=":log info dark"
