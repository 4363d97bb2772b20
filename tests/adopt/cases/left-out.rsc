# 2025-01-20 14:00:00 by RouterOS 7.16.2
/interface gadget
add name=g1 password=canary-unknown-menu
add name=g2
#error exporting "/ip/gizmo" (timeout)
/ip pool
add name=lan ranges=10.0.0.10-10.0.0.99 colour=canary-unknown-property
/ip address
add address=10.0.0.1/24 interface=*7
add address=10.0.0.2/24 comment="caf\E9" interface=ether2
/ip firewall filter
# canary-remark password=canary-remark
add action=explode chain=input
add action=drop chain=input in-interface=*F
remove [ find comment="canary" ]
set [ find comment~"x" ] disabled=yes
set 4 disabled=yes
/ip service
set [ find ] disabled=yes
/system identity
set name=leaver
:put "canary-command"
:if ([:len "x"] > 0) do={
    :log info "canary-block"
}
/system reboot
/user
add group=full name=jo password=canary-user
