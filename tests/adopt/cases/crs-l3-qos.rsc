# 2025-03-20 17:45:10 by RouterOS 7.18.2
# software id = AAAA-0142
#
# model = CRS310-8G+2S+
# serial number = HEX0000142
/interface bridge
add name=fabric vlan-filtering=yes
/interface ethernet switch
set 0 l3-hw-offloading=yes mirror-target=none name=switch1 qos-hw-offloading=\
    yes rspan=no
/interface ethernet switch port
set 3 l3-hw-offloading=no
/interface ethernet switch qos priority-flow-control
add name=pfc-3 rx=yes traffic-class=3 tx=yes
/interface ethernet switch qos profile
add automap=no comment="storage" dscp=26 name=storage traffic-class=3
add dscp=46 name=voice pcp=5 traffic-class=5
/interface ethernet switch qos map ip
add dscp=26 profile=storage
add dscp=46 profile=voice
/interface ethernet switch qos map vlan
add pcp=5 profile=voice
/interface ethernet switch qos port
set ether1 profile=voice trust-l3=trust
set sfp-sfpplus1 egress-rate-queue3=5.0Gbps pfc=pfc-3 trust-l2=trust \
    trust-l3=trust
set switch1-cpu trust-l2=keep trust-l3=keep
/interface ethernet switch qos tx-manager queue
set 3 ecn=yes schedule=high-priority-group weight=2
set 5 schedule=strict-priority use-shared-buffers=no
/interface bridge port
add bridge=fabric interface=ether1
add bridge=fabric interface=sfp-sfpplus1
/interface ethernet switch l3hw-settings
set autorestart=yes ipv6-hw=yes
/interface ethernet switch l3hw-settings advanced
set route-queue-limit-high=512 route-queue-limit-low=16
/ip address
add address=10.42.0.1/24 interface=fabric network=10.42.0.0
/system identity
set name=crs-42
/system resource irq rps
set ether1 disabled=no
