:do {/system scheduler remove [/system scheduler find name="trueup-undo-3f9a12cd"]} on-error={}
:do {/system script remove [/system script find name="trueup-undo-3f9a12cd"]} on-error={}
:log warning "trueup: undoing 2 changes (trueup-undo-3f9a12cd)"
:local same ([/system resource get uptime] >= 1d)
:local e 1
:local look do={
:local s ""
:foreach n,k in=$2 do={
:local v [:tostr ($1->$n)]
:local t [:pick $k 0 1]
:if (($v!="") && (($t . $v)!=$k)) do={
:if (($t="@") && ($v~"/32\$")) do={:set v [:pick $v 0 ([:len $v]-3)]}
:if ($t="@") do={
:if ((!($v~"^[0-9.]+(/[0-9]+)\?\$")) && (!($v~"^[a-zA-Z0-9._-]*[a-zA-Z][a-zA-Z0-9._-]*\$"))) do={:set t "\?"}
}
:if (($t="~") && ($v~"[,;]|^[0-9]+[wdhms:][0-9wdhms:.]*\$")) do={:set t "\?"}
:if ([:pick $v 0 1]="!") do={:set t "\?"}
:if ($t="\?") do={:set s ($s . $n . "\n")} else={:set s ($s . $n . "=" . $v . "\n")}
}
}
:return $s
}
:local s1 {"address"="@";"list"="~"}
:local q1 [:toarray ""]
:local o1 ""
:local w1 {"address=10.0.0.2\nlist=managers\n"=1}
:for pass from=1 to=2 do={:if ($e>0) do={
:set e 0
:if (!$same) do={:do {:set q1 [:toarray ""];:local g {"address=10.0.0.1\nlist=managers\n"="*2";"address=10.9.9.9\nlist=managers\n"="*1"}
:foreach i in=[/ip firewall address-list find] do={:local l [$look [/ip firewall address-list get $i] $s1];:local o ($g->$l);:if ([:typeof $o]="str") do={:if ([:tostr ($q1->$o)]="") do={:set ($q1->$o) $i} else={:set ($q1->$o) "-"}}}} on-error={:set e ($e+1)}}
:if ($same) do={:do {:set o1 (";" . [:tostr [/ip firewall address-list find]] . ";")} on-error={:set e ($e+1)}}
:do {:local a [:toarray ""];:local c [:toarray ""]
:local k ";*1;*2;"
:local b [:toarray ""]
:foreach i in=[/ip firewall address-list find] do={:local old false;:if ($same) do={:if ([:typeof [:find $k (";" . [:tostr $i] . ";")]]="num") do={:set old true}}
:if (!$old) do={:local r [/ip firewall address-list get $i];:if ([:tostr ($r->"dynamic")]!="true") do={
:local l [$look $r $s1];:local n 0;:if (!$same) do={:set n ($b->$l);:if ([:typeof $n]!="num") do={:set n 0}}
:if ($n>0) do={:set ($b->$l) ($n-1)} else={:local z ($a->$l);:if ([:typeof $z]="str") do={:set l $z}
:local m ($c->$l);:if ([:typeof $m]!="num") do={:set m 0};:set ($c->$l) ($m+1)}}}}
:local v [:toarray ""]
:foreach t in={{"*2";"address=10.0.0.1\nlist=managers\n"}} do={:local l ($t->1)
:if ([:typeof [:find $o1 (";" . ($t->0) . ";")]]!="num") do={:local m ($c->$l);:if ([:typeof $m]!="num") do={:set m 0}
:if ($m>0) do={:set ($c->$l) ($m-1)} else={:set ($v->($t->0)) true}}}
:if ([:typeof ($v->"*2")]="bool") do={:do {:set ($q1->"*2") [/ip firewall address-list add address="10.0.0.1" list="managers"]} on-error={:set e ($e+1)}}} on-error={:set e ($e+1)}
:do {:local k ";*1;*2;"
:local b [:toarray ""]
:foreach i in=[/ip firewall address-list find] do={:local old false;:if ($same) do={:if ([:typeof [:find $k (";" . [:tostr $i] . ";")]]="num") do={:set old true}}
:if (!$old) do={:local r [/ip firewall address-list get $i];:if ([:tostr ($r->"dynamic")]!="true") do={
:local l [$look $r $s1];:local n 0;:if (!$same) do={:set n ($b->$l);:if ([:typeof $n]!="num") do={:set n 0}}
:if ($n>0) do={:set ($b->$l) ($n-1)} else={:local c ($w1->$l);:if ([:typeof $c]!="num") do={:set c 0};:if ($c>0) do={:do {/ip firewall address-list remove $i;:set ($w1->$l) ($c-1)} on-error={:set e ($e+1)}}}}}}} on-error={:set e ($e+1)}
}}
:if ($e>0) do={:log warning ("trueup: " . $e . " changes could not be undone")} else={
:log warning "trueup: undone"}
