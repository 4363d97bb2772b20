# may/05/2022 15:15:15 by RouterOS 6.49.5
# software id = AAAA-0115
#
# model = RB921UAGS-5SHPacD
# serial number = HEX0000115
/interface bridge
add name=bridge-clients
/interface wireless security-profiles
set [ find default=yes ] supplicant-identity=MikroTik
add authentication-types=wpa2-psk,wpa2-eap mode=dynamic-keys \
    management-protection=allowed name=clients radius-mac-authentication=yes \
    radius-mac-mode=as-username-and-password supplicant-identity="" \
    wpa2-pre-shared-key=canary-ptmp-1
/interface wireless
set [ find default-name=wlan1 ] antenna-gain=16 band=5ghz-n/ac \
    channel-width=20/40mhz-eC comment="sector 120\C2\B0, south" country=portugal \
    default-authentication=no default-forwarding=no disabled=no frequency=5500 \
    installation=outdoor max-station-count=45 mode=ap-bridge nv2-qos=frame-priority \
    security-profile=clients ssid=mast-south tx-power=20 tx-power-mode=\
    all-rates-fixed wireless-protocol=nv2-nstreme-802.11 wmm-support=enabled
add disabled=no keepalive-frames=disabled mac-address=02:00:5E:15:00:02 \
    master-interface=wlan1 multicast-buffering=disabled name=wlan-staff \
    security-profile=clients ssid=staff wds-cost-range=0 wds-default-cost=0 \
    wps-mode=disabled
/interface wireless access-list
add ap-tx-limit=10000000 client-tx-limit=2000000 comment="Anna, Quay 3" \
    interface=wlan1 mac-address=02:00:5E:15:01:01
add comment=Ben disabled=yes interface=wlan1 mac-address=02:00:5E:15:01:02 \
    private-pre-shared-key=canary-ben-wlan
add authentication=no comment="too weak" signal-range=-120..-85
/interface wireless connect-list
add interface=wlan1 security-profile=clients ssid=mast-north
/interface bridge port
add bridge=bridge-clients interface=wlan1
/radius
add address=10.0.0.5 secret=canary-radius-15 service=wireless timeout=3s
/system identity
set name=mast-south
