// The probabilities of the ten digits as a Plotly chart, in the colours of the page's theme.

export class Chart {
  #element;
  #figure; // made in Python
  #text;
  #update; // what Plotly.restyle is to change, with roles in place of colours
  #colours = {}; // of the theme, by role

  constructor(element, figure, text) {
    this.#element = element;
    this.#figure = figure;
    this.#text = text;
  }

  // Load Plotly, which is large: the pad can be used before it is there.
  load(address) {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => this.#draw());
    script.addEventListener("error", () => {
      this.#element.removeAttribute("role"); // it is no picture now, whose text nobody hears
      this.#element.textContent = this.#text.no_chart;
    });
    document.head.append(script);
  }

  show(digit) {
    const { chart, chart_flat, chart_blank } = this.#text;
    const none = digit.verdict === "blank" ? chart_blank : chart_flat;
    const all = digit.chart.text[0].map((share, i) => `${i} ${share}`).join(", ");
    const label = digit.top.length ? chart.replace("{all}", all) : none;
    this.#element.setAttribute("aria-label", label);
    this.#update = digit.chart;
    if (this.#element.data) Plotly.restyle(this.#element, this.#coloured());
  }

  async #draw() {
    const { data, layout, config } = this.#figure;
    await Plotly.newPlot(this.#element, data, layout, config);
    new ResizeObserver(() => Plotly.Plots.resize(this.#element)).observe(this.#element);
    this.#followTheme();
    new MutationObserver(() => this.#followTheme()).observe(document.body, {
      attributeFilter: ["class"],
    });
  }

  // The colours are read once a theme: to read a style, the browser has to compute it.
  #followTheme() {
    const style = getComputedStyle(this.#element);
    const colour = (name) => style.getPropertyValue(`--${name}`);
    for (const role of ["first", "next", "rest"]) this.#colours[role] = colour(`bar-${role}`);
    Plotly.update(this.#element, this.#coloured(), { "font.color": colour("text") });
  }

  #coloured() {
    const [roles] = this.#update["marker.color"];
    return { ...this.#update, "marker.color": [roles.map((role) => this.#colours[role])] };
  }
}
