:do {/system scheduler remove [/system scheduler find name="trueup-undo-3f9a12cd"]} on-error={}
:do {/system script remove [/system script find name="trueup-undo-3f9a12cd"]} on-error={}
:log warning "trueup: undoing 3 changes (trueup-undo-3f9a12cd)"
:local same ([/system resource get uptime] >= 1d)
:local e 1
:for pass from=1 to=2 do={:if ($e>0) do={
:set e 0
:do {:local i *2;:if (!$same) do={:set i [/interface ethernet find where default-name="ether2"]};:if ([:len [:tostr $i]]=0) do={:error "gone"}
:if ([:tostr [/interface ethernet get $i name]]="right") do={/interface ethernet set $i name="left-trueup"}} on-error={:set e ($e+1)}
:do {:local i *3;:if (!$same) do={:set i [/interface ethernet find where default-name="ether3"]};:if ([:len [:tostr $i]]=0) do={:error "gone"}
:if ([:tostr [/interface ethernet get $i name]]="left") do={/interface ethernet set $i name="right"}} on-error={:set e ($e+1)}
:do {:local i *2;:if (!$same) do={:set i [/interface ethernet find where default-name="ether2"]};:if ([:len [:tostr $i]]=0) do={:error "gone"}
:if ([:tostr [/interface ethernet get $i name]]="left-trueup") do={/interface ethernet set $i name="left"}} on-error={:set e ($e+1)}
}}
:if ($e>0) do={:log warning ("trueup: " . $e . " changes could not be undone")} else={
:log warning "trueup: undone"}
