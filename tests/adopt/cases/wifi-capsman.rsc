# 2024-10-02 12:00:00 by RouterOS 7.16
# software id = AAAA-0103
#
# model = C52iG-5HaxD2HaxD
# serial number = HEX0000103
/interface bridge
add name=bridge vlan-filtering=yes
/interface list
add name=mgmt
/interface wifi channel
add band=2ghz-ax disabled=no frequency=2412,2437,2462 name=2g width=20mhz
add band=5ghz-ax disabled=no name=5g skip-dfs-channels=10min-cac width=\
    20/40/80mhz
/interface wifi datapath
add bridge=bridge disabled=no name=staff vlan-id=10
add bridge=bridge client-isolation=yes disabled=no name=guest vlan-id=20
/interface wifi security
add authentication-types=wpa2-psk,wpa3-psk disabled=no ft=yes ft-over-ds=yes \
    name=staff passphrase="canary wifi \$1" wps=disable
add authentication-types=owe disabled=no name=guest
/interface wifi steering
add disabled=no name=roam neighbor-group=dynamic-staff rrm=yes wnm=yes
/interface wifi configuration
add channel=2g country=Portugal datapath=staff disabled=no mode=ap name=\
    staff-2g security=staff ssid="Pier \"Staff\"" steering=roam
add channel=5g country=Portugal datapath=staff disabled=no mode=ap name=\
    staff-5g security=staff ssid="Pier \"Staff\"" steering=roam
add country=Portugal datapath=guest disabled=no name=guest security=guest \
    ssid="Pier caf\C3\A9"
/interface wifi
set [ find default-name=wifi1 ] configuration=staff-5g configuration.mode=ap \
    disabled=no name=wifi-5g
set [ find default-name=wifi2 ] configuration=staff-2g configuration.mode=ap \
    disabled=no name=wifi-2g
add configuration=guest disabled=no mac-address=02:00:5E:03:00:01 \
    master-interface=wifi-5g name=wifi-guest
/interface wifi access-list
add action=reject disabled=no mac-address=02:00:5E:03:00:66
add action=accept disabled=no signal-range=-80..120
/interface wifi cap
set certificate=none
/interface wifi capsman
set enabled=yes interfaces=bridge package-path="" \
    require-peer-certificate=no upgrade-policy=none
/interface wifi provisioning
add action=create-dynamic-enabled disabled=no master-configuration=staff-5g \
    name-format=%I-5g slave-configurations=guest supported-bands=5ghz-ax
add action=create-dynamic-enabled disabled=no master-configuration=staff-2g \
    supported-bands=2ghz-ax
/interface bridge port
add bridge=bridge interface=ether2
add bridge=bridge interface=ether3 pvid=10
/interface bridge vlan
add bridge=bridge tagged=bridge,ether2 vlan-ids=10
add bridge=bridge tagged=bridge,ether2 vlan-ids=20
/interface list member
add interface=bridge list=mgmt
/system identity
set name=pier-ap
/system leds
# this menu is empty in most exports
