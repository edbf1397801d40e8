// Runs in the page of dashboard-pictures.mjs: draws panels with uPlot, tables and rectangles.
const COLOURS = [
  '#3871dc',
  '#e0752d',
  '#2f9e44',
  '#c4162a',
  '#8f3bb8',
  '#b7950b',
  '#1aa6b7',
  '#7c5c48',
  '#5f6b7a',
  '#d6336c',
];
const WORD_COLOURS = {
  purple: '#8f3bb8',
  red: '#c4162a',
  orange: '#e0752d',
  blue: '#3871dc',
  green: '#2f9e44',
  yellow: '#f2cc0c',
};
const MONEY = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 });

const shown = (value, unit) => {
  if (typeof value !== 'number') return value === null || value === undefined ? '' : String(value);
  if (unit === 'percentunit') return `${(100 * value).toFixed(1)} %`;
  const text = MONEY.format(value);
  if (unit === 'currencyUSD') return `$${text}`;
  if (unit?.startsWith('suffix:')) return `${text}${unit.slice(7)}`;
  return ['ms', 's', 'm'].includes(unit) ? `${text} ${unit}` : text;
};

const element = (parent, name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
};

const unitsOf = ({ fieldConfig }) => {
  const own = Object.fromEntries(
    (fieldConfig?.overrides ?? []).flatMap(({ matcher, properties }) =>
      properties.filter(({ id }) => id === 'unit').map(({ value }) => [matcher.options, value]),
    ),
  );
  return (name) => own[name] ?? fieldConfig?.defaults?.unit;
};

const aligned = (lines) => {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  return [
    times,
    ...lines.map(({ points }) => {
      const at = new Map(points.map(([x, y]) => [x, typeof y === 'boolean' ? Number(y) : y]));
      return times.map((x) => at.get(x) ?? null);
    }),
  ];
};

const plot = (box, width, height, data, names, { panel, isTime, isBars }) => {
  const unit = unitsOf(panel);
  const stepped = panel.fieldConfig?.defaults?.custom?.lineInterpolation === 'stepAfter';
  const paths = isBars
    ? uPlot.paths.bars({ size: [0.9, 40] })
    : stepped
      ? uPlot.paths.stepped({ align: 1 })
      : uPlot.paths.linear();
  const { min, max } = panel.fieldConfig?.defaults ?? {};
  const band = (panel.fieldConfig?.overrides ?? []).find(({ properties }) =>
    properties.some(({ id }) => id === 'custom.fillBelowTo'),
  );
  const low = band?.properties.find(({ id }) => id === 'custom.fillBelowTo')?.value;
  const [top, bottom] = [names.indexOf(band?.matcher.options) + 1, names.indexOf(low) + 1];
  new uPlot(
    {
      width,
      height,
      scales: {
        x: { time: isTime },
        y: {
          range: (_, lowest, highest) => {
            const pad = highest > lowest ? (highest - lowest) * 0.05 : Math.abs(highest) * 0.01 || 1;
            return [
              min === undefined ? lowest - pad : Math.min(min, lowest),
              max === undefined ? highest + pad : Math.max(max, highest),
            ];
          },
        },
      },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC'),
      fmtDate: undefined,
      cursor: { show: false },
      bands: top > 0 && bottom > 0 ? [{ series: [top, bottom], fill: '#3871dc22' }] : [],
      axes: [
        {
          font: '9px DejaVu Sans',
          size: 22,
          values: isTime
            ? (_, ticks) => ticks.map((x) => new Date(x * 1000).toISOString().slice(11, 16))
            : (_, ticks) => ticks.map((x) => shown(x, unit(panel.options?.xField))),
        },
        {
          font: '9px DejaVu Sans',
          size: 62,
          values: (_, ticks) => ticks.map((y) => shown(y, panel.fieldConfig?.defaults?.unit)),
        },
      ],
      series: [
        {},
        ...names.map((label, i) => ({
          label,
          stroke: COLOURS[i % COLOURS.length],
          width: 1.3,
          paths,
          spanGaps: !isBars,
          points: { show: !isBars && data[0].length < 70, size: 3 },
          ...(isBars && { fill: `${COLOURS[i % COLOURS.length]}99` }),
        })),
      ],
    },
    data,
    box,
  );
};

const stacked = (data) => {
  const totals = data[0].map(() => 0);
  const sums = data.slice(1).map((values) =>
    values.map((y, i) => {
      totals[i] += y ?? 0;
      return totals[i];
    }),
  );
  // The highest first, so that what lies below is drawn over it.
  return [data[0], ...sums.reverse()];
};

const cells = (box, width, height, lines, colourOf, wordOf) => {
  const canvas = element(box, 'canvas');
  const [left, bottom] = [110, 14];
  canvas.width = width;
  canvas.height = height;
  const draw = canvas.getContext('2d');
  const times = aligned(lines)[0];
  const [first, last] = [times[0], times.at(-1)];
  const x = (at) => left + ((at - first) / (last - first || 1)) * (width - left);
  const step = (height - bottom) / lines.length;
  const wide = Math.min(...times.slice(1).map((at, i) => at - times[i]), last - first || 1);
  draw.font = '9px DejaVu Sans';
  lines.forEach(({ name, points }, i) => {
    points.forEach(([at, value], k) => {
      if (value === null) return;
      const until = wordOf ? (points[k + 1]?.[0] ?? last) : at + wide;
      draw.fillStyle = colourOf(value);
      draw.fillRect(x(at), i * step + 1, Math.max(1.5, x(until) - x(at)), step - 2);
    });
    draw.fillStyle = '#24292e';
    draw.fillText(name, 2, (i + 0.5) * step + 3);
  });
  draw.fillStyle = '#24292e';
  for (let k = 0; k < 6; k++) {
    const at = first + ((last - first) * k) / 6;
    draw.fillText(new Date(at * 1000).toISOString().slice(11, 16), x(at), height - 3);
  }
};

const byNumber = (a, b) => (Number.isNaN(Number(a.name)) ? 0 : Number(b.name) - Number(a.name));

const drawPanel = (box, width, height, { panel, lines, rows }) => {
  const unit = unitsOf(panel);
  const words = panel.fieldConfig?.defaults?.mappings?.[0]?.options ?? {};
  if (lines.length + rows.length === 0) return element(box, 'div', 'none', 'nothing in this run');
  if (panel.type === 'table') {
    const table = element(box, 'table');
    const names = [...new Set(rows.flatMap((each) => Object.keys(each)))];
    const head = element(table, 'tr');
    for (const name of names) element(head, 'th', '', name);
    for (const each of rows.slice(0, Math.floor(height / 14))) {
      const line = element(table, 'tr');
      for (const name of names) element(line, 'td', '', shown(each[name], unit(name)));
    }
    return table;
  }
  if (panel.type === 'stat') {
    const value = lines[0].points.filter(([, y]) => y !== null).at(-1)?.[1];
    const word = words[value];
    const made = element(box, 'div', 'big', word?.text ?? shown(value, unit('')));
    made.style.color = WORD_COLOURS[word?.color] ?? COLOURS[0];
    return made;
  }
  if (panel.type === 'bargauge') {
    for (const { name, points } of lines) {
      const value = points.filter(([, y]) => y !== null).at(-1)?.[1] ?? 0;
      element(box, 'div', '', `${name}  ${shown(value, unit(''))}`);
      element(element(box, 'div', 'track'), 'div', 'bar').style.width =
        `${Math.min(100, Math.max(0.5, 100 * value))}%`;
    }
    return box;
  }
  if (panel.type === 'state-timeline') {
    const steps = panel.fieldConfig?.defaults?.thresholds?.steps ?? [];
    const colour = (value) => {
      if (words[value]) return WORD_COLOURS[words[value].color];
      const { color = 'blue' } =
        steps.filter(({ value: from }) => from === null || value >= from).at(-1) ?? {};
      return WORD_COLOURS[color] ?? color;
    };
    return cells(box, width, height, lines, colour, Object.keys(words).length > 0);
  }
  if (panel.type === 'heatmap') {
    const { max } = panel.options.color;
    const colour = (value) => {
      const share = Math.max(-1, Math.min(1, value / max));
      const pale = Math.round(242 * (1 - Math.abs(share)));
      const strong = Math.round(242 - 40 * Math.abs(share));
      return share < 0 ? `rgb(${strong},${pale},${pale})` : `rgb(${pale},${pale},${strong})`;
    };
    return cells(box, width, height, [...lines].sort(byNumber), colour, false);
  }
  if (rows.length > 0) {
    const x = panel.options.xField;
    const sorted = [...rows].map((each) => ({ ...each, [x]: Number(each[x]) })).sort((a, b) => a[x] - b[x]);
    const names = Object.keys(sorted[0]).filter((name) => name !== x && typeof sorted[0][name] === 'number');
    const data = [sorted.map((each) => each[x]), ...names.map((name) => sorted.map((each) => each[name]))];
    return plot(box, width, height, data, names, { panel, isTime: false, isBars: panel.type === 'barchart' });
  }
  const isBars = panel.fieldConfig?.defaults?.custom?.drawStyle === 'bars';
  const data = aligned(lines);
  const names = lines.map(({ name }) => name);
  return plot(box, width, height, isBars ? stacked(data) : data, isBars ? [...names].reverse() : names, {
    panel,
    isTime: true,
    isBars,
  });
};

globalThis.drawBoard = (title, panels, scale, row) => {
  document.body.replaceChildren();
  element(document.body, 'h1', '', title);
  const top = 36;
  for (const each of panels) {
    const { x, y, w, h } = each.panel.gridPos;
    const box = element(document.body, 'div', each.panel.type === 'row' ? 'row' : 'panel');
    Object.assign(box.style, {
      left: `${x * scale}px`,
      top: `${top + y * row}px`,
      width: `${w * scale - 4}px`,
      height: `${h * row - 4}px`,
    });
    if (each.panel.type === 'row') {
      box.textContent = each.panel.title;
      continue;
    }
    element(box, 'h2', '', each.panel.title);
    const room = h * row - 4 - 24;
    const legend =
      each.panel.type === 'timeseries' || each.panel.type === 'trend' || each.panel.type === 'barchart'
        ? 30
        : 0;
    drawPanel(box, w * scale - 18, room - legend, each);
  }
  return top + Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h)) * row + 4;
};
