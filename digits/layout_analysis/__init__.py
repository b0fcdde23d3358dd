"""Layout analysis: what a picture holds besides handwriting; `digits.ink` runs it in order.

From pixels to the strength of ink: `paper`, with `checkerboard`, `sheet`, `blocks`, `light` and
`highlighter`. From ink to handwriting: `grain` and `ruled_lines` on pixels, then `clutter` on
components, with `frames`, `drawn_boxes`, `straight_lines`, `signs` and `marks`.
"""
