# 2025-01-20 14:00:00 by RouterOS 7.24
/snmp community
set [ find default=yes ] addresses=10.0.0.0/8 name=public read-access=no
add addresses=10.0.0.20/32 authentication-password=canary-snmp-1 \
    authentication-protocol=SHA1 name=watch security=authorized
/system logging action
set 3 remote=10.0.0.21
add name=loghost remote=10.0.0.22 target=remote
/user group
add name=watchers policy="read,api,winbox,!local,!telnet,!ssh,!ftp,!reboot,!wr\
    ite,!policy,!test,!password,!web,!sniff,!sensitive,!romon,!rest-api"
/ip service
set telnet disabled=yes
set ftp,www disabled=yes
set ssh address=10.0.0.0/8 port=2222
/ip ssh
set strong-crypto=yes
/snmp
set contact="noc@harbour.example" enabled=yes location="Harbour\2C mast 3"
/system identity
set name=watched
/system logging
add action=loghost topics=hotspot,info,!debug
/system ntp client
set enabled=yes
/system ntp client servers
add address=10.0.0.123
/tool bandwidth-server
set enabled=no
/tool mac-server
set allowed-interface-list=none
/tool netwatch
add comment="is the core there" host=10.0.0.1 interval=1m type=simple
