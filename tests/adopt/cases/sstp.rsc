# 2025-01-20 14:00:00 by RouterOS 7.16.2
/interface sstp-client
add authentication=mschap2 connect-to=vpn.harbour.example:443 disabled=no \
    name=to-hq password=canary-sstp profile=default-encryption user=branch-7 \
    verify-server-certificate=yes
/interface sstp-server server
set default-profile=default-encryption enabled=yes
/ppp secret
add local-address=10.254.0.1 name=branch-8 password=canary-branch-8 profile=\
    default-encryption remote-address=10.254.0.8 service=sstp
/system identity
set name=branch-7
