# 2024-09-09 23:59:59 by RouterOS 7.16
# software id = AAAA-0123
#
# model = RB750Gr3
# serial number = HEX0000123
/snmp community
set [ find default=yes ] addresses=10.0.0.0/8 disabled=yes
add addresses=10.255.0.20/32 authentication-password=canary-snmp-1 \
    authentication-protocol=SHA1 encryption-password=canary-snmp-2 \
    encryption-protocol=AES name=collector security=private write-access=no
/system logging action
set 0 memory-lines=5000
set 3 remote=10.255.0.20 src-address=10.0.0.1
add bsd-syslog=yes name=graylog remote=10.255.0.21 remote-port=5514 \
    syslog-facility=local0 syslog-severity=auto target=remote
add disk-file-count=4 disk-file-name=usb1/log name=usb target=disk
/ip traffic-flow
set active-flow-timeout=1m cache-entries=64k enabled=yes interfaces=ether1
/ip traffic-flow target
add dst-address=10.255.0.22 port=9995 version=ipfix
/snmp
set contact=noc enabled=yes engine-id-suffix=17 location="cellar; rack 2" \
    trap-community=collector trap-generators=interfaces,temp-exception \
    trap-interfaces=ether1 trap-target=10.255.0.20 trap-version=3
/system clock
set time-zone-autodetect=no time-zone-name=Atlantic/Madeira
/system identity
set name=watcher
/system logging
set 0 topics=info,!firewall
set 3 action=remote prefix="CRIT "
add action=graylog topics=error
add action=usb disabled=yes prefix="fw:" topics=firewall,!debug
/system note
set note="Property of the quay.\r\
    \nUnauthorised access is logged." show-at-login=yes
/system watchdog
set automatic-supout=no watch-address=10.0.0.254 watchdog-timer=no
/tool bandwidth-server
set authenticate=yes enabled=no max-sessions=2
/tool e-mail
set from="Watcher <watcher@quay.example>" password=canary-mail port=587 server=\
    mail.quay.example tls=starttls user=watcher
/tool graphing
set page-refresh=60 store-every=hour
/tool graphing interface
add allow-address=10.0.0.0/8 interface=ether1
add store-on-disk=no
/tool graphing queue
add allow-target=no simple-queue=all
/tool graphing resource
add allow-address=10.0.0.0/8
/tool romon
set enabled=yes secrets=canary-romon
/tool sniffer
set file-name=cap filter-interface=ether1 streaming-enabled=yes streaming-server=\
    10.255.0.20
