# 2025-01-20 14:00:00 by RouterOS 7.9
/ppp secret
add name=anna password=***** service=pppoe
add name=ben password=canary-ben service=pppoe
/radius
add address=10.0.0.5 secret="*****" service=ppp
/system identity
set name=masker
