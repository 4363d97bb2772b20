# 2025-01-09 21:00:44 by RouterOS 7.16.2
# software id = AAAA-0105
#
# model = RB4011iGS+
# serial number = HEX0000105
/ip ipsec policy group
add name=rw
/ip ipsec profile
add dh-group=modp2048,ecp256 enc-algorithm=aes-256,aes-128 hash-algorithm=\
    sha256 name=rw
/ip ipsec peer
add exchange-mode=ike2 name=rw passive=yes profile=rw
/ip ipsec proposal
add auth-algorithms=sha512,sha256,sha1 enc-algorithms=\
    aes-256-cbc,aes-256-gcm name=rw pfs-group=none
/ip pool
add name=rw ranges=10.99.0.10-10.99.0.250
/ip ipsec mode-config
add address-pool=rw address-prefix-length=32 name=rw split-include=\
    10.0.0.0/8,192.168.0.0/16 static-dns=10.0.0.53 system-dns=no
/ppp profile
add dns-server=10.0.0.53 local-address=10.98.0.1 name=l2tp remote-address=rw \
    use-encryption=required
/interface l2tp-server server
set authentication=mschap2 default-profile=l2tp enabled=yes ipsec-secret=\
    canary-l2tp-psk use-ipsec=required
/interface sstp-server server
set authentication=mschap2 default-profile=l2tp enabled=yes port=4443 \
    tls-version=only-1.2
/ip ipsec identity
add auth-method=digital-signature certificate=hq.example comment=phones \
    generate-policy=port-strict match-by=certificate mode-config=rw peer=rw \
    policy-template-group=rw remote-certificate=phone-1
add auth-method=eap-radius certificate=hq.example generate-policy=port-strict \
    mode-config=rw peer=rw policy-template-group=rw
/ip ipsec policy
add dst-address=10.99.0.0/24 group=rw proposal=rw src-address=0.0.0.0/0 \
    template=yes
/ppp secret
add name=ana password=canary-ana profile=l2tp service=l2tp
add comment="leaves in June" disabled=yes name=bruno password="canary bruno" \
    profile=l2tp remote-address=10.99.0.9 service=l2tp
add name=any password=canary-any profile=l2tp
/system identity
set name=roadhouse
