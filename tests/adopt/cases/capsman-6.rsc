# mar/14/2023 08:15:42 by RouterOS 6.49.7
# software id = AAAA-0102
#
# model = RB960PGS
# serial number = HEX0000102
/caps-man channel
add band=2ghz-g/n control-channel-width=20mhz extension-channel=disabled \
    frequency=2412 name=ch1 tx-power=17
add band=5ghz-n/ac control-channel-width=20mhz extension-channel=Ceee \
    frequency=5180 name=ch36
/interface bridge
add name=bridge-staff protocol-mode=none
add name=bridge-guest
/caps-man datapath
add bridge=bridge-staff name=staff
add bridge=bridge-guest client-to-client-forwarding=no name=guest
/caps-man security
add authentication-types=wpa2-psk encryption=aes-ccm group-encryption=aes-ccm \
    name=staff passphrase=canary-caps-1
add name=open
/caps-man configuration
add channel=ch1 country=portugal datapath=staff name=staff-2g security=staff \
    ssid="Quay Staff"
add channel=ch36 country=portugal datapath=staff name=staff-5g security=staff \
    ssid="Quay Staff"
add datapath=guest name=guest security=open ssid="Quay Guests"
/caps-man access-list
add action=reject allow-signal-out-of-range=10s comment="too far away" \
    disabled=no interface=any signal-range=-120..-85 ssid-regexp=""
add action=accept disabled=no interface=any mac-address=02:00:5E:02:00:01
/caps-man manager
set enabled=yes upgrade-policy=suggest-same-version
/caps-man manager interface
set [ find default=yes ] forbid=yes
add disabled=no interface=bridge-staff
/caps-man provisioning
add action=create-dynamic-enabled hw-supported-modes=gn,g,b \
    master-configuration=staff-2g name-format=prefix-identity name-prefix=2g \
    slave-configurations=guest
add action=create-dynamic-enabled hw-supported-modes=ac,an \
    master-configuration=staff-5g name-format=prefix-identity name-prefix=5g
/interface bridge port
add bridge=bridge-staff interface=ether2
add bridge=bridge-staff interface=ether3
/ip address
add address=10.20.0.1/24 interface=bridge-staff network=10.20.0.0
/system identity
set name=quay-caps
