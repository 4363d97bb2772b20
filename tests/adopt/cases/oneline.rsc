# 2025-05-05 05:05:05 by RouterOS 7.19
/interface bridge add name=br priority=0x1000 comment="one line each"
/interface/vlan/add name=v10 interface=br vlan-id=10
/interface/vlan add name=v20 interface=br vlan-id=20 disabled=yes
/ip/address/add address=10.19.10.1/24 interface=v10
/ip/address/add address="10.19.20.1/24" interface="v20" comment="\_leading and trailing \\\_"
/ip/firewall/filter/add chain=input action=accept protocol=icmp comment="\?what\? {[(\$5)]} = 100%; #1"
/ip/firewall/filter/add chain=input action=drop comment="tab\there, bell\a, hex \41\42\43, e-acute \C3\A9"
/ip/firewall/filter/add chain=forward action=drop disabled=yes comment="a long comment that goes on and on, over \
    the end of its line, and \
        once more"
/ip/service/set www-ssl disabled=no port=8443
/ip/service set [ find name=api ] disabled=yes
/interface/ethernet/set [ find where default-name=ether1 ] comment="\D0\B0\D0\BF\D0\BB\D0\B8\D0\BD\D0\BA"
/interface/ethernet/set [ find default-name=ether2 and disabled=no ] comment=no
/system/identity/set name="one line"
