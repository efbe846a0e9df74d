"""What is planted into generated files: one leak of each kind, and decoys that must stay unseen."""

ID = "41030519900307123" + "0"

# kind → what is planted; each stands in a paragraph, cell or field of its own.
LEAKS = {
    "resident_id": f"身份证{ID}",
    "bank_card": "卡号 6222 0212 3456 7890 128",
    "mobile_number": "联系13812345678",
    "passport": "护照E12345678",
    "classification_mark": "机密★1年",
    "internal_mark": "内部资料　注意保存",
    "vehicle_plate": "车牌豫C12345",
    "home_address": "住中州中路12号院3号楼2单元501室",
}

DECOYS = [
    "西政办〔2021〕15号",
    "统一社会信用代码：11410305005405329C",
    "咨询电话：0379-63912345",
    "ISBN 978-7-5093-1234-5",
    "总投资13800000000元",
    "订单号：202103150012345678",
    "保守国家秘密法；上网信息不涉密，涉密信息不上网",
    "索引号：000014349/2017-00110",
    "金额 1,381,234,567.80 元",
    "截至2021年12月31日",
]
