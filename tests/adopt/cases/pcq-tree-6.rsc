# feb/29/2020 12:34:56 by RouterOS 6.46.4
# software id = AAAA-0112
#
# model = CCR1009-8G-1S
# serial number = HEX0000112
/queue type
add kind=pcq name=pcq-down-4M pcq-classifier=dst-address pcq-rate=4M \
    pcq-total-limit=4000KiB
add kind=pcq name=pcq-up-1M pcq-classifier=src-address,src-port pcq-rate=1M
add kind=sfq name=voip sfq-allot=1514 sfq-perturb=10
add kind=red name=backup red-max-threshold=60
/queue simple
add burst-limit=8M/16M burst-threshold=3M/6M burst-time=10s/10s comment=\
    "Caf\E9 Central" limit-at=1M/2M max-limit=4M/8M name="Cafe Central" \
    priority=4/4 queue=pcq-up-1M/pcq-down-4M target=10.12.0.10/32,10.12.0.11/32
add dst=ether1 limit-at=512k/512k max-limit=2M/10M name=quay-17 parent=none \
    target=10.12.0.17/32 time=8h-18h,mon,tue,wed,thu,fri
add disabled=yes max-limit=64k/64k name="did not pay" target=10.12.0.66/32
/queue tree
add comment=all limit-at=0 max-limit=200M name=down parent=global queue=default
add max-limit=20M name=down-voip packet-mark=voip-down parent=down priority=1 \
    queue=voip
add name=down-rest packet-mark=no-mark parent=down queue=pcq-down-4M
add max-limit=50M name=up parent=ether1
add name=up-rest packet-mark=rest-up,voip-up parent=up queue=pcq-up-1M
/ip firewall mangle
add action=mark-connection chain=prerouting comment=VoIP dst-port=5060-5061 \
    new-connection-mark=voip passthrough=yes protocol=udp
add action=mark-packet chain=prerouting connection-mark=voip in-interface=\
    ether1 new-packet-mark=voip-down passthrough=no
add action=mark-packet chain=postrouting connection-mark=voip new-packet-mark=\
    voip-up out-interface=ether1 passthrough=no
add action=mark-packet chain=postrouting new-packet-mark=rest-up out-interface=\
    ether1 passthrough=no
add action=set-priority chain=postrouting new-priority=from-dscp-high-3-bits \
    passthrough=yes
/queue interface
set ether1 queue=multi-queue-ethernet-default
set ether2 queue=only-hardware-queue
/system identity
set name=shaper-6
