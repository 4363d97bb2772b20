# 2024-02-01 08:00:00 by RouterOS 7.12.1
# software id = AAAA-0141
#
# model = CRS328-24P-4S+
# serial number = HEX0000141
/interface bridge
add igmp-snooping=yes name=access protocol-mode=rstp vlan-filtering=yes
/interface ethernet
# poe-out status: short_circuit
set [ find default-name=ether1 ] comment="roof camera" poe-out=forced-on \
    poe-priority=5 poe-voltage=low
set [ find default-name=ether2 ] name=ap-lobby poe-lldp-enabled=yes \
    power-cycle-ping-address=10.41.0.12 power-cycle-ping-enabled=yes \
    power-cycle-ping-timeout=2m
set [ find default-name=ether3 ] bandwidth=100M/200M poe-out=off
set [ find default-name=ether4 ] power-cycle-interval=1d
set [ find default-name=sfp-sfpplus1 ] name=uplink sfp-shutdown-temperature=80C
/interface ethernet switch
set 0 mirror-target=ether24
/interface ethernet switch port
set ether1 limit-unknown-unicasts=yes storm-rate=10
set ap-lobby egress-rate=10.0Mbps ingress-rate=20.0Mbps
set uplink l3-hw-offloading=no
set switch1-cpu mirror-ingress=yes
/interface ethernet switch port-isolation
set ether1 forwarding-override=uplink
set ether3 forwarding-override=uplink,sfp-sfpplus2
/interface bridge port
add bridge=access interface=ether1 pvid=20
add bridge=access interface=ap-lobby
add bridge=access interface=uplink
/interface bridge vlan
add bridge=access tagged=uplink,ap-lobby untagged=ether1 vlan-ids=20
/interface ethernet switch host
add mac-address=02:41:00:00:00:01 ports=ether1 switch=switch1 vlan-id=20
/interface ethernet switch rule
add comment="cameras stay inside" dst-address=10.41.0.0/16 ports=ether1 \
    switch=switch1
add new-dst-ports="" ports=ether1 switch=switch1
add dst-mac-address=01:80:C2:00:00:00/FF:FF:FF:FF:FF:FF new-dst-ports="" \
    ports=ether3,ether4 switch=switch1
add disabled=yes mirror=yes ports=uplink protocol=udp dst-port=53 switch=switch1
/system health settings
set fan-full-speed-temp=70C fan-target-temp=60C
/system identity
set name=crs-41
/system routerboard settings
set boot-os=router-os enter-setup-on=delete-key
/system swos
set address-acquisition-mode=static identity=crs-41 static-ip-address=\
    10.41.0.2
