# 2025-01-20 14:00:00 by RouterOS 7.16.2
/interface wireguard
add listen-port=13231 mtu=1420 name=wg
/ip hotspot user
add name=porter
/ppp secret
add name=anna service=pppoe
/radius
add address=10.0.0.5 service=ppp
/system identity
set name=hider
