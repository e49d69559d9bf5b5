// A plot of one or more lines as SVG: the horizontal axis is logarithmic where the values span more than a decade, the vertical one begins at 0.
const width = 640, height = 300, left = 64, right = 150, top = 36, bottom = 44;
const colours = ['#2563eb', '#d97706', '#059669', '#7c3aed'];
const text = (x, y, value, more = '') => `<text x="${x}" y="${y}" ${more}>${String(value).replace(/[<&]/g, (c) => (c === '<' ? '&lt;' : '&amp;'))}</text>`;
const short = (n) => (n >= 1e6 ? `${Number((n / 1e6).toPrecision(3))}M` : n >= 1000 ? `${Math.round(n / 100) / 10}k` : Number(n.toPrecision(3)));

/** @param {{title: string, x: string, y: string, series: {name: string, points: [number, number][]}[]}} what */
export function plot({ title, x, y, series }) {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([value]) => value)))].sort((a, b) => a - b);
  const most = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)));
  const step = 10 ** Math.floor(Math.log10(most));
  const ceiling = [1, 2, 5, 10].map((factor) => factor * step).find((value) => value >= most);
  const scale = xs.at(-1) / xs[0] > 10 ? Math.log10 : (value) => value;
  const px = (value) => left + ((scale(value) - scale(xs[0])) / (scale(xs.at(-1)) - scale(xs[0]))) * (width - left - right);
  const py = (value) => height - bottom - (value / ceiling) * (height - top - bottom);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => part * ceiling).map((value) =>
    `<line x1="${left}" x2="${width - right}" y1="${py(value)}" y2="${py(value)}" stroke="#8883"/>${text(left - 8, py(value) + 4, short(value), 'text-anchor="end"')}`);
  const ticks = xs.map((value) => text(px(value), height - bottom + 18, short(value), 'text-anchor="middle"'));
  const lines = series.map(({ name, points }, i) => {
    const [lastX, lastY] = points.at(-1);
    return `<polyline fill="none" stroke="${colours[i]}" stroke-width="2" points="${points.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join(' ')}"/>`
      + points.map(([a, b]) => `<circle cx="${px(a).toFixed(1)}" cy="${py(b).toFixed(1)}" r="3" fill="${colours[i]}"/>`).join('')
      + text(px(lastX) + 10, py(lastY) + 4, name, `fill="${colours[i]}"`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#888">
<rect width="100%" height="100%" fill="#fff"/>
${text(left, 20, title, 'font-size="14" fill="#111"')}
${grid.join('\n')}
${ticks.join('\n')}
${text((left + width - right) / 2, height - 8, x, 'text-anchor="middle"')}
${text(left - 8, top - 16, y, 'text-anchor="end"')}
${lines.join('\n')}
</svg>
`;
}
