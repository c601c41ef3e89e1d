// Builds what is shown. Whatever came from outside becomes text: nothing here reads HTML.

export const $ = id => document.getElementById(id);

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) node.setAttribute(name, value);
  node.append(...children.filter(c => c !== null && c !== undefined));
  return node;
}

export const el = (tag, attributes = {}, ...children) =>
  filled(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

// Writes only what has changed, so that a screen reader and a selection are left alone.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function show(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

export function list(node, texts) {
  if (node.childElementCount === texts.length && texts.every((t, i) => node.children[i].textContent === t))
    return;
  node.replaceChildren(...texts.map(t => el('li', {}, t)));
}

// A table whose rows stay while their items do: focus and scroll position survive an update.
export class Table {
  // `columns`: [{text(item) or fill(cell, item), of}], `key(item)`; `row(node, item)` marks a row.
  constructor(table, { key, columns, row = () => {} }) {
    Object.assign(this, { table, body: table.tBodies[0], key, columns, row, rows: new Map() });
    this.labels = [...(table.tHead?.rows[0].cells ?? [])].map(c => c.textContent);
  }

  update(items) {
    const kept = new Map();
    let place = this.body.firstElementChild;
    for (const item of items) {
      const key = this.key(item);
      if (kept.has(key)) continue;
      const node = this.rows.get(key) ?? this.create(item);
      kept.set(key, node);
      this.refresh(node, item);
      if (node === place) place = place.nextElementSibling;
      else this.body.insertBefore(node, place);
    }
    for (const [key, node] of this.rows) if (!kept.has(key)) node.remove();
    this.rows = kept;
    show(this.table, items.length > 0);
  }

  create(item) {
    const node = el('tr');
    this.columns.forEach((column, i) => {
      const cell = el(column.head ? 'th' : 'td', {
        scope: column.head ? 'row' : undefined,
        class: column.of,
        'data-label': this.labels[i],
      });
      if (column.make) column.make(cell, item);
      node.append(cell);
    });
    return node;
  }

  refresh(node, item) {
    this.columns.forEach((column, i) => {
      if (column.text) say(node.cells[i], column.text(item));
      else column.fill?.(node.cells[i], item);
    });
    this.row(node, item);
  }
}

// Parts of a whole side by side: [[class, size]].
export function bar(parts, label) {
  const picture = svg('svg', {
    class: 'bar',
    viewBox: '0 0 100 1',
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  });
  const whole = parts.reduce((sum, [, size]) => sum + size, 0);
  let at = 0;
  for (const [of, size] of parts) {
    const width = whole > 0 ? (100 * size) / whole : 0;
    if (of) picture.append(svg('rect', { class: of, x: at, y: 0, width, height: 1 }));
    at += width;
  }
  return picture;
}
