# 2025-01-20 14:00:00 by RouterOS 7.16.2
/queue type
add kind=pcq name=pcq-down pcq-classifier=dst-address pcq-rate=10M
set [ find name=default-small ] pfifo-limit=20
/queue simple
add max-limit=100M/100M name=all target=10.0.0.0/8
add comment="Anna, Quay 3" limit-at=10M/10M max-limit=20M/50M name=anna \
    parent=all queue=default/pcq-down target=10.0.3.17/32
add disabled=yes name=old target=10.0.3.99/32 total-queue=default
/queue tree
add max-limit=500M name=down packet-mark=no-mark parent=global
/system identity
set name=shaper
