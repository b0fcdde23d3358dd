"""Layout analysis: what a picture holds besides handwriting; `digits.ink` runs it in order.

From pixels to the strength of ink: `checkerboard`, `grain` (grey), then `paper`, with `sheet`,
`blocks`, `light` and `highlighter`. On that ink: `grain` (dither), `ruled_lines`, `grain` (gaps),
`overlays` and `displays`. On its components: `frames`, with `forms`, `drawn_boxes` and
`enclosures`; `clutter`, with `straight_lines`, `signs`, `pen_marks` and `marks`; at last `margins`.
"""
