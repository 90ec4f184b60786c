"""Words that records are made of, known to both sides of the compression.

Changing this list makes old records unreadable: add a new list beside it and a version byte first.
"""

from __future__ import annotations

KNOWN_WORDS = (
    b'"repeat":"urine":"age_band":"rather_not""adult""first""before""every_sex""burning"'
    b'{"kind":"text","delivery":"SM","words":"1","heard":{"is":"heard","answer":"not_sure",'
    b'"told":{"pregnant":"yes","weeks":12},"dangers":["heavy_bleeding"],"possible":["dizzy_faint"],'
    b'"mentions":[]},"events":[{"is":"Answered","question":"safe_to_text","value":"yes",'
    b'"source":"asked"},{"is":"Noted","told":{}},{"is":"Misunderstood","tries":1},'
    b'{"is":"LevelGiven","level":"urgent","rules":["bleeding","late-bleed"],"advice":['
    b'"self_care_tips","log","safety_net"],"alerts":[],"repeated":false},{"is":"Ended"}],'
    b'"flow":"","said":["1 Yes\\n2 No\\n3 Not sure"]}'
    b'{"contact":"","serial":1,"number":"+44","our_number":"+44","channel":"sms","country":"GB",'
    b'"language":"en","flow":"","state":[{"safe_to_text":"yes","heavy":"no","collapse":"no",'
    b'"pain":"none","fever":"no","weeks":12,"pregnant":"yes","amount":"spots","before":"sex",'
    b'"harm":"no","risks":["none"],"urine":"no","repeat":"first"},[],["safe_to_text","heavy",'
    b'"collapse","pain","fever","weeks","amount","before","harm","risks"],[],[],[],[],"heavy",0,'
    b'null,[],[],null,false],"opened":17638,"updated":17638,"recent":[17638'
    b'"source":"asked"},{"is":"Asked","question":"heavy","form":"ask"}],"said":["'
)
