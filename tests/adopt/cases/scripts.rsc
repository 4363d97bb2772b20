# 2025-01-20 14:00:00 by RouterOS 7.16.2
/system identity
set name=scripted
/system note
set note="Ask first:\
    \n  operations\_centre, extension 17\
    \n\"no\" means no" show-at-login=no
/system scheduler
add interval=1d name=nightly on-event="/system script run tidy" policy=\
    read,write,test start-date=2024-01-01 start-time=03:30:00
/system script
add dont-require-permissions=no name=tidy owner=admin policy=read,write,test \
    source=":local count 0\r\
    \n:foreach each in=[/ip firewall address-list find where list=\"old\"] do={\
    \n  /ip firewall address-list remove \$each\
    \n  :set count (\$count + 1)\
    \n}\
    \n:log info \"\$count rows; 100\25 done\""
add name=short owner=admin policy=read source=":log info hello\
    \n:log info bye\
    \n"
