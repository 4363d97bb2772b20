# jan/14/2024 08:00:00 by RouterOS 7.9.2
# software id = AAAA-0002
#
/interface vlan
add interface=ether2 name=vlan100 vlan-id=100
/ip pool
add name=subscribers ranges=100.64.0.2-100.64.3.254
/ppp profile
set *0 dns-server=10.0.0.53 local-address=100.64.0.1
add local-address=100.64.0.1 name=home-50 only-one=yes rate-limit=50M/50M \
    remote-address=subscribers
set *FFFFFFFE local-address=100.64.0.1 remote-address=subscribers
/interface pppoe-client
add disabled=no interface=ether1 name=uplink password=canary-uplink user=\
    isp-4711@carrier
/interface pppoe-server server
add default-profile=home-50 disabled=no interface=vlan100 \
    one-session-per-host=yes service-name=access
/ppp aaa
set interim-update=5m use-radius=yes
/ppp secret
add comment="Anna, Quay 3" name=anna password=canary-anna profile=home-50 \
    service=pppoe
add name=anna password=canary-other service=l2tp
add disabled=yes name=old-house password=canary-old profile=home-50 \
    remote-address=100.64.3.200 service=pppoe
/system identity
set name=hill-tower-1
