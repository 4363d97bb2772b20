# 2025-01-20 14:00:00 by RouterOS 7.16.2
/ip hotspot profile
set [ find default=yes ] dns-name="" hotspot-address=0.0.0.0 html-directory=\
    hotspot html-directory-override="" http-cookie-lifetime=3d http-proxy=\
    0.0.0.0:0 login-by=cookie,http-chap name=default smtp-server=0.0.0.0 \
    split-user-domain=no use-radius=no
/ip pool
add name=lan ranges=10.0.0.10-10.0.0.99 !comment !next-pool
/ppp profile
set *0 change-tcp-mss=yes !local-address name=default only-one=default \
    use-compression=default use-encryption=default !rate-limit
/ip firewall filter
add action=accept chain=input !connection-bytes !connection-limit \
    connection-state=established disabled=no log=no log-prefix="" !protocol
/radius
add accounting-backup=no accounting-port=1813 address=10.0.0.5 \
    authentication-port=1812 called-id="" certificate=none disabled=no domain=\
    "" protocol=udp realm="" secret=canary-verbose service=ppp src-address=\
    0.0.0.0 timeout=300ms
/system identity
set name=verbose
/tool mac-server
set allowed-interface-list=all
