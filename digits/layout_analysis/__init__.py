"""Layout analysis: what a picture holds besides handwriting; `digits.ink` runs it in order.

From pixels to the strength of ink: `checkerboard`, `grain` (grey), then `paper`, with `sheet`,
`blocks`, `light`, `highlighter` and `colours`. On that ink: `grain` (dither), `grids`,
`ruled_lines`, `grain` (holes), `faint` in photos or else `overlays`, and `displays` or else `grain`
(breaks). On its components: `frames`, with `forms`, `drawn_boxes` and `enclosures`; `clutter`, with
`straight_lines`, `signs`, `pen_marks` and `marks`; `figures` and `labels`; at last `margins`.
"""
