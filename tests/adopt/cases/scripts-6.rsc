# apr/01/2019 09:00:00 by RouterOS 6.44.2
# software id = AAAA-0113
#
/system identity
set name=scripted-6
/system scheduler
add comment="every night, \"quietly\"" interval=1d name=backup on-event="/system\
    \_backup save name=(\"b-\" . [/system clock get date])\r\
    \n:delay 5s\r\
    \n/tool e-mail send to=\"noc@quay.example\" subject=\"\$[/system identity g\
    et name] backup\" file=b.backup" policy=ftp,read,write,policy,test,sensitive \
    start-date=jan/01/2019 start-time=02:30:00
add disabled=yes name=boot on-event=":log warning \"up\?\"" policy=read,test \
    start-time=startup
/system script
add dont-require-permissions=yes name=tabs owner=admin policy=read,write source=\
    ":if (\$a = 1) do={\r\
    \n\t:put \"a\\\\b\\tc\"\r\
    \n} else={\r\
    \n\t:put 'it''s'\r\
    \n}\r\
    \n"
add name=empty owner=admin policy=ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon \
    source=""
add name="one line" owner=admin policy=read source="# {[( \"unbalanced\" \$ ; \\"
add name=umlauts owner=noc policy=read source=":put \"\C3\A4\C3\B6\C3\BC \E2\82\AC\"\
    \n# \D0\BF\D1\80\D0\B8\D0\B2\D0\B5\D1\82\
    \n    # indented by four\
    \n\
    \n"
/tool netwatch
add comment="the uplink" down-script="/ip route disable [find comment=\"main\"]\
    \n:log error \"uplink is \\\"down\\\"\"" host=192.0.2.1 interval=10s \
    timeout=500ms up-script="/ip route enable [find comment=\"main\"]"
