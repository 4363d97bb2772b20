# 2023-11-20 09:09:09 by RouterOS 7.12
# software id = AAAA-0104
#
# model = CCR1009-7G-1C-1S+
# serial number = HEX0000104
/ip ipsec mode-config
set [ find default=yes ] responder=no
/ip ipsec policy group
add name=branches
/ip ipsec profile
set [ find default=yes ] dh-group=modp2048 enc-algorithm=aes-256 \
    hash-algorithm=sha256
add dh-group=ecp384,ecp256 dpd-interval=30s dpd-maximum-failures=3 \
    enc-algorithm=aes-256 hash-algorithm=sha384 lifetime=8h name=branch \
    nat-traversal=no proposal-check=obey
/ip ipsec peer
add address=203.0.113.10/32 comment="branch 1, \"Old Mill\"" exchange-mode=\
    ike2 local-address=198.51.100.2 name=branch-1 profile=branch
add address=203.0.113.20/32 disabled=yes exchange-mode=ike2 name=branch-2 \
    profile=branch
/ip ipsec proposal
set [ find default=yes ] disabled=yes
add auth-algorithms=sha256 enc-algorithms=aes-256-cbc,aes-128-cbc lifetime=1h \
    name=branch pfs-group=ecp256
/ip ipsec identity
add comment="branch 1" my-id=fqdn:hq.example peer=branch-1 remote-id=\
    fqdn:b1.example secret="canary-ipsec-1 #;"
add peer=branch-2 policy-template-group=branches secret=canary-ipsec-2
/ip ipsec policy
set 0 disabled=yes
add comment="to branch 1" dst-address=10.101.0.0/16 level=unique peer=\
    branch-1 proposal=branch src-address=10.100.0.0/16 tunnel=yes
add dst-address=10.102.0.0/16 peer=branch-2 proposal=branch src-address=\
    10.100.0.0/16 tunnel=yes
add dst-address=10.103.0.0/16 group=branches proposal=branch src-address=\
    10.100.0.0/16 template=yes
/ip firewall nat
add action=accept chain=srcnat comment="not through the NAT" dst-address=\
    10.101.0.0/16 src-address=10.100.0.0/16
add action=masquerade chain=srcnat out-interface=ether1
/ip firewall raw
add action=notrack chain=prerouting dst-address=10.101.0.0/16 src-address=\
    10.100.0.0/16
/ip route
add blackhole comment="never outside" disabled=no distance=250 dst-address=\
    10.101.0.0/16 gateway="" routing-table=main suppress-hw-offload=no
add disabled=no dst-address=0.0.0.0/0 gateway=198.51.100.1
/system identity
set name=hq-vpn
