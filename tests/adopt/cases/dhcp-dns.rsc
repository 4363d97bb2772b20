# 2025-01-20 14:00:00 by RouterOS 7.16.2
/ip pool
add name=office ranges=10.0.1.10-10.0.1.99,10.0.1.150-10.0.1.199
/ip dhcp-server option
add code=66 name=boot value="'10.0.0.9'"
/ip dhcp-server
add address-pool=office interface=ether2 lease-time=8h name=office
/ip address
add address=10.0.1.1/24 interface=ether2 network=10.0.1.0
/ip dhcp-client
add default-route-distance=5 interface=ether1 use-peer-dns=no
/ip dhcp-server lease
add address=10.0.1.20 client-id=1:2:0:5e:0:0:20 comment=printer mac-address=\
    02:00:5E:00:00:20 server=office
/ip dhcp-server network
add address=10.0.1.0/24 dns-server=10.0.1.1,9.9.9.9 domain=office.example \
    gateway=10.0.1.1
/ip dns
set allow-remote-requests=yes cache-size=4096KiB servers=9.9.9.9,149.112.112.112
/ip dns static
add address=10.0.1.1 name=router.office.example
add cname=router.office.example name=www.office.example type=CNAME
add address=10.0.1.9 regexp="^.*\\.intern\\.example\$"
/ip route
add dst-address=10.7.0.0/16 gateway=10.0.1.254
/system clock
set time-zone-name=Europe/Lisbon
/system identity
set name=office-1
