:do {/system scheduler remove [/system scheduler find name="trueup-undo-3f9a12cd"]} on-error={}
:do {/system script remove [/system script find name="trueup-undo-3f9a12cd"]} on-error={}
:log warning "trueup: undoing 1 change (trueup-undo-3f9a12cd)"
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
:local s1 {"name"="="}
:local q1 [:toarray ""]
:for pass from=1 to=2 do={:if ($e>0) do={
:set e 0
:if (!$same) do={:do {:set q1 [:toarray ""];:local g {"name=a\n"="*1";"name=b\n"="*2";"name=c\n"="*3"}
:foreach i in=[/queue simple find] do={:local l [$look [/queue simple get $i] $s1];:local o ($g->$l);:if ([:typeof $o]="str") do={:if ([:tostr ($q1->$o)]="") do={:set ($q1->$o) $i} else={:set ($q1->$o) "-"}}}} on-error={:set e ($e+1)}}
:foreach t in={{{*3};{"-"};{*2;*1}}} do={:do {:local o (";" . [:tostr [/queue simple find]] . ";");:local i "";:local d "";:local a 0;:local b 0;:local p -1
:foreach j,l in=$t do={:foreach y in=$l do={:local z ($q1->[:tostr $y]);:if (([:pick [:tostr $z] 0 1]!="*") && $same) do={:set z $y}
:local f [:find $o (";" . [:tostr $z] . ";")]
:if ([:typeof $f]="num") do={
:if ($j=0) do={:set i $z;:set a $f}
:if (($j=1) && ([:tostr $d]="")) do={:set d $z;:set b $f}
:if (($j=2) && ($p<0)) do={:set p $f}}}}
:if ([:tostr $i]!="") do={
:if ([:tostr $d]!="") do={:if (($a>$b) || ($a<$p)) do={/queue simple move $i destination=$d}} else={
:if (([:tostr (($t->1)->0)]="-") && ($a<$p)) do={/queue simple move $i}}}} on-error={:set e ($e+1)}}
}}
:if ($e>0) do={:log warning ("trueup: " . $e . " changes could not be undone")} else={
:log warning "trueup: undone"}
