// Charts over the last minutes: stacked areas, or lines. A chart keeps at most `size` points.
import { el, svg } from './dom.js';

const height = 190,
  left = 38,
  bottom = 20,
  top = 8;

// A round number at or above `value`, for the top of an axis.
function roundUp(value) {
  if (!(value > 0)) return 1;
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map(f => f * step).find(n => n >= value * 0.999);
}

const short = n =>
  n >= 1000
    ? (n / 1000).toFixed(n >= 10000 ? 0 : 1) + 'k'
    : n >= 10 || Number.isInteger(n)
      ? String(Math.round(n))
      : n.toFixed(1);

export class Chart {
  // `marks`: [{key, label}]; `kind`: "area" (stacked) or "line".
  constructor(place, { marks, kind, size, name, unit }) {
    Object.assign(this, { marks, kind, size, name, unit, points: [], at: null });
    this.legend = el('p', { class: 'legend' });
    this.values = marks.map(m => {
      const value = el('b');
      this.legend.append(el('span', {}, el('i', { class: 'c-' + m.key }), m.label + ' ', value));
      return value;
    });
    this.when = el('span');
    this.legend.append(this.when);
    this.picture = svg('svg', { role: 'img', tabindex: 0 });
    this.title = svg('title');
    this.lines = [0, 0.5, 1].map(() => svg('line', { class: 'grid-line' }));
    this.labels = [0, 0.5, 1].map(() => svg('text', { 'text-anchor': 'end' }));
    this.paths = marks.map(m => svg('path', { class: (kind === 'area' ? '' : 'line-mark ') + 'c-' + m.key }));
    this.times = [-4, -2, 0].map(() => svg('text', { 'text-anchor': 'middle' }));
    this.cursor = svg('line', { class: 'cursor', visibility: 'hidden' });
    this.picture.append(this.title, ...this.lines, ...this.paths, ...this.labels, ...this.times, this.cursor);
    place.classList.add('chart');
    place.append(this.picture, this.legend);
    const point = event => {
      const box = this.picture.getBoundingClientRect();
      this.look(
        Math.round(((event.clientX - box.left - left) / (box.width - left)) * (this.shown - 1)) -
          (this.shown - this.points.length),
      );
    };
    this.picture.addEventListener('pointermove', point);
    this.picture.addEventListener('pointerleave', () => this.look(null));
    this.picture.addEventListener('blur', () => this.look(null));
    this.picture.addEventListener('keydown', event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.look((this.at ?? this.points.length) + step);
    });
    new ResizeObserver(() => this.draw()).observe(place);
  }

  // `values`: by key; nothing of a second without any.
  add(time, values) {
    this.points.push({ time, values });
    if (this.points.length > this.size) {
      this.points.shift();
      if (this.at !== null) this.at = Math.max(0, this.at - 1);
    }
    this.draw();
  }

  // Seconds from the left to the right: at least one minute, and not more than there is.
  get shown() {
    return Math.min(this.size, Math.max(60, Math.ceil(this.points.length / 60) * 60));
  }

  clear() {
    this.points = [];
    this.at = null;
    this.draw();
  }

  look(at) {
    this.at = at === null || !this.points.length ? null : Math.min(Math.max(at, 0), this.points.length - 1);
    this.draw();
  }

  top() {
    let most = 0;
    for (const { values } of this.points) {
      if (!values) continue;
      const all = this.marks.map(m => values[m.key] || 0);
      most = Math.max(most, this.kind === 'area' ? all.reduce((a, b) => a + b, 0) : Math.max(...all));
    }
    return roundUp(most);
  }

  draw() {
    const width = this.picture.clientWidth || 500,
      high = this.top();
    const x = i => left + ((width - left) * (i + this.shown - this.points.length)) / (this.shown - 1);
    const y = v => top + (height - top - bottom) * (1 - v / high);
    [0, 0.5, 1].forEach((part, i) => {
      const at = y(high * part);
      set(this.lines[i], { x1: left, x2: width, y1: at, y2: at });
      set(this.labels[i], { x: left - 6, y: at + 4 });
      this.labels[i].textContent = short(high * part);
    });
    [0.8, 0.4, 0].forEach((part, i) => {
      const back = Math.round(part * this.shown);
      set(this.times[i], { x: Math.min(x(this.points.length - 1 - back), width - 14), y: height - 4 });
      this.times[i].textContent = back
        ? back < 60
          ? `-${back} s`
          : `-${+(back / 60).toFixed(1)} min`
        : 'now';
    });
    if (this.kind === 'area') this.drawAreas(x, y);
    else this.drawLines(x, y);
    this.tell(x);
  }

  drawAreas(x, y) {
    const floor = this.points.map(() => 0);
    this.marks.forEach((m, i) => {
      const up = [],
        down = [];
      this.points.forEach(({ values }, n) => {
        down.push(`${x(n).toFixed(1)},${y(floor[n]).toFixed(1)}`);
        floor[n] += values?.[m.key] || 0;
        up.push(`${x(n).toFixed(1)},${y(floor[n]).toFixed(1)}`);
      });
      set(this.paths[i], { d: up.length > 1 ? `M${up.join('L')}L${down.reverse().join('L')}Z` : '' });
    });
  }

  drawLines(x, y) {
    this.marks.forEach((m, i) => {
      let d = '',
        down = false;
      this.points.forEach(({ values }, n) => {
        if (!values) {
          down = false;
          return;
        }
        d += `${down ? 'L' : 'M'}${x(n).toFixed(1)},${y(values[m.key]).toFixed(1)}`;
        down = true;
      });
      set(this.paths[i], { d });
    });
  }

  // The values under the cursor, else the last ones.
  tell(x) {
    const at = this.at ?? this.points.length - 1,
      point = this.points[at];
    this.marks.forEach((m, i) => {
      this.values[i].textContent = point?.values ? short(point.values[m.key] || 0) : '–';
    });
    this.when.textContent = this.at !== null && point ? new Date(point.time).toLocaleTimeString() : '';
    set(this.cursor, {
      visibility: this.at === null ? 'hidden' : 'visible',
      x1: x(at),
      x2: x(at),
      y1: top,
      y2: height - bottom,
    });
    const text = point?.values
      ? this.marks.map(m => `${m.label} ${short(point.values[m.key] || 0)}`).join(', ')
      : 'no messages';
    // A screen reader is told when it asks, not each second.
    if (this.title.textContent !== text) this.title.textContent = `${this.name}, ${this.unit}: ${text}`;
  }
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
