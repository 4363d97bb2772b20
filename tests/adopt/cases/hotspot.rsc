# 2025-03-02 11:20:01 by RouterOS 7.16.2
# software id = AAAA-0001
#
# model = RB5009UG+S+
# serial number = HEX0000001
/interface bridge
add comment="guests, all floors" name=bridge-guest
/ip hotspot profile
set [ find default=yes ] html-directory=hotspot
add dns-name=login.harbour.example hotspot-address=10.5.50.1 html-directory=\
    flash/hotspot login-by=cookie,http-chap,mac name=lobby nas-port-type=\
    cable radius-interim-update=5m use-radius=yes
/ip hotspot user profile
add idle-timeout=none keepalive-timeout=2m name=staff rate-limit=10M/20M \
    shared-users=3
/ip pool
add name=guests ranges=10.5.50.10-10.5.50.254
/ip dhcp-server
add address-pool=guests interface=bridge-guest lease-time=1h name=guests
/ip hotspot
add address-pool=guests addresses-per-mac=1 disabled=no interface=\
    bridge-guest name=lobby profile=lobby
/interface bridge port
add bridge=bridge-guest interface=ether2
add bridge=bridge-guest interface=ether3
/ip address
add address=10.5.50.1/24 interface=bridge-guest network=10.5.50.0
/ip dhcp-server network
add address=10.5.50.0/24 dns-server=10.5.50.1 gateway=10.5.50.1
/ip hotspot ip-binding
add address=10.5.50.9 mac-address=02:00:5E:10:00:09 type=bypassed
add comment="never again" mac-address=02:00:5E:10:00:66 type=blocked
/ip hotspot user
add name=reception password=canary-hotspot-1 profile=staff server=lobby
add name=porter password="canary hotspot \"2\" \$x" profile=staff
/ip hotspot walled-garden
add dst-host=*.harbour.example server=lobby
/ip hotspot walled-garden ip
add action=accept disabled=no dst-address=10.0.0.0/24
/radius
add address=10.0.0.5 secret=canary-radius-1 service=hotspot timeout=1s100ms
add address=10.0.0.6 comment=spare secret=canary-radius-2 service=hotspot
/system identity
set name=harbour-edge-1
