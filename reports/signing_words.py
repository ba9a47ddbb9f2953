"""What the decree (30/2020/NĐ-CP, appendix I, II.7) says of the words above a signature. Pure."""

ABBREVIATIONS = (
    ("TM.", "thay mặt tập thể, đứng trước tên cơ quan: TM. ỦY BAN NHÂN DÂN"),
    ("Q.", "được giao quyền cấp trưởng: Q. CHỦ TỊCH"),
    ("KT.", "cấp phó ký thay cấp trưởng: KT. CHỦ TỊCH, dòng dưới PHÓ CHỦ TỊCH"),
    ("TL.", "ký thừa lệnh người đứng đầu: TL. CHỦ TỊCH, dòng dưới chức vụ người ký"),
    ("TUQ.", "ký thừa ủy quyền người đứng đầu: TUQ. CHỦ TỊCH, dòng dưới chức vụ người ký"),
)
_FOR_THE_HEAD = ("KT.", "TL.", "TUQ.")


def capitals(text: str) -> str:
    """As the decree wants it: capital letters, one office a line, no empty lines."""
    return "\n".join(" ".join(line.split()) for line in text.upper().splitlines() if line.strip())


def advice(capacity: str, title: str) -> list[str]:
    """What does not look like the decree in a signature block, each as a sentence; empty when all is well."""
    lines = title.splitlines()
    found = []
    if capacity and not capacity.startswith("TM."):
        found.append("Quyền hạn ký thay mặt tập thể bắt đầu bằng “TM.”; các chữ KT., TL., TUQ., Q. ghi ở ô chức vụ.")
    if lines and lines[0].startswith("TM."):
        found.append("“TM.” cùng tên cơ quan ghi ở ô quyền hạn ký, không ghi ở ô chức vụ.")
    if lines and lines[0].startswith("PHÓ "):
        found.append("Cấp phó ký thay cần thêm dòng “KT.” và chức vụ cấp trưởng ở trên, ví dụ KT. CHỦ TỊCH.")
    if lines and lines[0].startswith(_FOR_THE_HEAD) and len(lines) == 1:
        found.append("Sau dòng KT., TL. hoặc TUQ. cần một dòng ghi chức vụ của người ký.")
    return found
