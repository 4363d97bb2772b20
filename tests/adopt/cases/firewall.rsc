# 2025-01-20 14:00:00 by RouterOS 7.24
/interface list
add name=WAN
/interface list member
add interface=ether1 list=WAN
/ip firewall address-list
add address=10.255.0.0/24 comment="operations centre" list=managers
add address=198.51.100.7 list=managers
add address=gate.harbour.example list=managers
/ip firewall filter
add action=accept chain=input comment="what is open" connection-state=\
    established,related,untracked
add action=drop chain=input connection-state=invalid
add action=accept chain=input protocol=icmp
add action=fasttrack-connection chain=forward connection-state=\
    established,related hw-offload=yes
add action=accept chain=input dst-port=22,8291 protocol=tcp \
    src-address-list=managers
add action=jump chain=forward comment="guests; \"no\" office" jump-target=\
    guests src-address=10.5.50.0/24
add action=drop chain=input in-interface-list=!WAN log=yes log-prefix="drop: "
add action=return chain=guests dst-address=!10.0.0.0/8
add action=reject chain=guests reject-with=icmp-admin-prohibited
/ip firewall mangle
add action=change-mss chain=forward new-mss=clamp-to-pmtu passthrough=yes \
    protocol=tcp tcp-flags=syn
/ip firewall nat
add action=masquerade chain=srcnat ipsec-policy=out,none out-interface-list=\
    WAN
add action=dst-nat chain=dstnat dst-port=8080 in-interface-list=WAN protocol=\
    tcp to-addresses=10.0.0.80 to-ports=80
/ip firewall raw
add action=drop chain=prerouting src-address-list=blocked
/system identity
set name=gate
