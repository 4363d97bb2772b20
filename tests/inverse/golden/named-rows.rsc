:do {/system scheduler remove [/system scheduler find name="trueup-undo-3f9a12cd"]} on-error={}
:do {/system script remove [/system script find name="trueup-undo-3f9a12cd"]} on-error={}
:log warning "trueup: undoing 3 changes (trueup-undo-3f9a12cd)"
:local same ([/system resource get uptime] >= 1d)
:local e 1
:local o1 ""
:for pass from=1 to=2 do={:if ($e>0) do={
:set e 0
:if ($same) do={:do {:set o1 (";" . [:tostr [/ip pool find]] . ";")} on-error={:set e ($e+1)}}
:do {:if ([:typeof [:find $o1 ";*2;"]]!="num") do={:if ([:len [/ip pool find where name="gone"]]=0) do={/ip pool add comment="said \"\$home\?\"" name="gone" ranges="10.0.2.2-10.0.2.9"}}} on-error={:set e ($e+1)}
:do {:local i *1;:if (!$same) do={:set i [/ip pool find where name="visitors"];:if ([:len $i]=0) do={:set i [/ip pool find where name="guests"]}};:if ([:len [:tostr $i]]=0) do={:error "gone"}
:if ([:tostr [/ip pool get $i name]]="visitors") do={/ip pool set $i name="guests"}
/ip pool set $i ranges="10.0.1.2-10.0.1.9"} on-error={:set e ($e+1)}
:foreach n in={"fresh"} do={:do {/ip pool remove [/ip pool find where name=$n]} on-error={:set e ($e+1)}}
}}
:if ($e>0) do={:log warning ("trueup: " . $e . " changes could not be undone")} else={
:log warning "trueup: undone"}
