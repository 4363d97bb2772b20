# 2025-01-20 14:00:00 by RouterOS 7.16.2
/interface bridge add name=lan
/ip pool add name=lan ranges=10.0.0.10-10.0.0.99
/interface bridge port add bridge=lan interface=ether2
/interface bridge port add bridge=lan interface=ether3
/ip address add address=10.0.0.1/24 interface=lan network=10.0.0.0
/ip firewall filter add action=accept chain=input comment="a very long remark that stays on this one line of the export, as terse ones do" connection-state=established,related
/ip/firewall/nat/add action=masquerade chain=srcnat out-interface=ether1
/ip service set telnet disabled=yes
/system identity set name=terse
