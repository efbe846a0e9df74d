"""Interpretation of policy documents (政策解读): forms, interpreters, and the terms that are remembered, not verified.

Source: rulebook 10 (政策解读三同步); 国办发〔2016〕80号 for the forms and the term.
"""

# 解读形式.
FORMS = {
    "text": "文字解读",
    "picture": "图解",
    "video": "视频解读",
    "press": "新闻发布会",
    "qa": "问答",
    "audio": "音频解读",
    "media": "媒体解读",
}
# 解读人: who drafts interprets, and the principal leader of the drafting department first (第一解读人).
INTERPRETERS = {
    "leader": "主要负责人",
    "drafter": "起草机构",
    "expert": "专家学者",
    "media": "新闻媒体",
    "grassroots": "基层工作人员",
}
# Working days from the document's release to its interpretation (国办发〔2016〕80号, from memory: a setting).
DUE_WORKING_DAYS = 3
