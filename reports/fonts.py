"""The documents' font: file below settings.FONT_DIR, weight, style.

Tinos has the metrics of Times New Roman and every Vietnamese letter.
"""

FACES = (
    ("400Regular/Tinos_400Regular.ttf", 400, "normal"),
    ("400Regular_Italic/Tinos_400Regular_Italic.ttf", 400, "italic"),
    ("700Bold/Tinos_700Bold.ttf", 700, "normal"),
    ("700Bold_Italic/Tinos_700Bold_Italic.ttf", 700, "italic"),
)
