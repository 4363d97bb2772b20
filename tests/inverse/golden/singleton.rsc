:do {/system scheduler remove [/system scheduler find name="trueup-undo-3f9a12cd"]} on-error={}
:do {/system script remove [/system script find name="trueup-undo-3f9a12cd"]} on-error={}
:log warning "trueup: undoing 1 change (trueup-undo-3f9a12cd)"
:local same ([/system resource get uptime] >= 1d)
:local e 1
:for pass from=1 to=2 do={:if ($e>0) do={
:set e 0
:do {/system identity set name="before"} on-error={:set e ($e+1)}
}}
:if ($e>0) do={:log warning ("trueup: " . $e . " changes could not be undone")} else={
:log warning "trueup: undone"}
