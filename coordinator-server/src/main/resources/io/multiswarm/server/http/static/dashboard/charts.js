// Lines of the last minutes, by uPlot.
import uPlot from "/dashboard/uPlot.esm.js";
import { h, short, clock } from "/dashboard/dom.js";
import { series } from "/dashboard/live.js";

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A chart of one or two series; `update` draws what is there now, `end` forgets it. */
export function chart(title, lines) {
  const box = h("div.plot");
  const now = h("span.now");
  const figure = h("figure.card.chart", h("figcaption", h("span", title), now), box);
  let plot = null;
  const options = () => ({
    width: Math.max(200, box.clientWidth),
    height: 150,
    cursor: { y: false, points: { size: 6 } },
    legend: { show: false },
    scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(1, (high ?? 0) * 1.15)] } },
    axes: [
      { stroke: color("--muted"), grid: { show: false }, ticks: { show: false }, size: 24, font: "11px system-ui", values: (_, ticks) => ticks.map((t) => clock(t * 1_000)), space: 90 },
      { stroke: color("--muted"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, size: 44, font: "11px system-ui", values: (_, ticks) => ticks.map(short), space: 34 },
    ],
    series: [{}, ...lines.map(({ label, hue }) => ({ label, stroke: color(hue), fill: `${color(hue)}22`, width: 2, points: { show: false }, spanGaps: false }))],
  });
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(options(), data(), box);
  };
  const data = () => [series.t, ...lines.map(({ from }) => series[from])];
  const watch = new ResizeObserver(() => plot && box.clientWidth > 0 && plot.setSize({ width: box.clientWidth, height: 150 }));
  const themes = new MutationObserver(draw);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  return {
    figure,
    update() {
      if (!box.isConnected) return;
      if (plot) plot.setData(data());
      else {
        draw();
        watch.observe(box);
        themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
        dark.addEventListener("change", draw);
      }
      const words = lines.map(({ label, from, unit = "" }) => `${label} ${short(series[from].at(-1))}${unit}`).join(" · ");
      if (now.textContent !== words) now.textContent = words;
      box.setAttribute("aria-label", `${title}: ${words}`);
      box.setAttribute("role", "img");
    },
    end() {
      watch.disconnect();
      themes.disconnect();
      dark.removeEventListener("change", draw);
      plot?.destroy();
    },
  };
}
