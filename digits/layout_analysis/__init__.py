"""Layout analysis: what a picture holds besides handwriting; `digits.ink` runs it in order.

From pixels to the strength of ink: `paper` (letterbox), `checkerboard`, `grain` (grey), then
`paper`, with `blocks`, `figures`, `sheet`, `light`, `highlighter` and `colours`. On that ink:
`grain` (dither), `grids`, `ruled_lines`, `grain` (holes), `faint` in photos or else `overlays`, and
`displays`. On its components: `frames`, with `forms`, `drawn_boxes` and `enclosures`; `clutter`,
with `straight_lines`, `pen_marks`, `signs` and `marks`; `figures` and `labels`; `faint` (stains);
`grain` (dots); at last `margins`, and `labels` again. If a reading of all that is doubted, the
components are looked at once more with gaps in strokes closed, by `grain` (breaks); and if that is,
too, a photo of a rough surface is analysed anew without its texture, by `grain`.
"""
