// The links to the hosts: how each is, and how it has been.
import { $, el, list, say, svg } from './dom.js';
import { clock, duration, many } from './words.js';

const span = 3600e3; // what a strip shows
const cards = new Map();

function create() {
  const c = {
    root: el('article', { class: 'link-card' }),
    name: el('strong'),
    state: el('span', { class: 'badge' }),
    values: {},
    error: el('p', { class: 'note' }),
    dial: el('p', { class: 'note' }),
    strip: svg('svg', { class: 'strip', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', role: 'img' }),
    changes: el('ol'),
    summary: el('summary'),
  };
  const facts = el('dl');
  for (const name of ['For', 'In flight', 'Dials without success', 'Dialect', 'Group']) {
    c.values[name] = el('dd');
    facts.append(el('div', {}, el('dt', {}, name), c.values[name]));
  }
  c.root.append(
    el('div', { class: 'row' }, c.name, c.state),
    facts,
    c.error,
    c.dial,
    c.strip,
    el('details', {}, c.summary, c.changes),
  );
  return c;
}

const is_up = state => state === 'up';

function draw(strip, link, now) {
  const parts = [],
    history = link.history ?? [];
  history.forEach((h, i) => {
    const from = Date.parse(h.at),
      to = i + 1 < history.length ? Date.parse(history[i + 1].at) : now;
    const x1 = Math.max(0, 1000 - ((now - from) / span) * 1000),
      x2 = Math.max(0, 1000 - ((now - to) / span) * 1000);
    if (x2 > x1)
      parts.push(
        svg('rect', {
          class: is_up(h.state) ? 'up' : 'down',
          x: x1.toFixed(1),
          y: 0,
          height: 10,
          width: Math.max(2, x2 - x1).toFixed(1),
        }),
      );
  });
  strip.replaceChildren(...parts);
  const lost = history.filter(h => !is_up(h.state) && now - Date.parse(h.at) < span).length;
  strip.setAttribute(
    'aria-label',
    `The last hour of ${link.name || 'the link'}: ${many(lost, 'change')} to a state in which nothing is sent`,
  );
}

export function update(answer) {
  if (!answer) return;
  const seen = new Set();
  for (const link of answer.links) {
    // The gateway's clock, not this machine's: the last change was so long ago.
    const last = link.history?.at(-1),
      now = last ? Date.parse(last.at) + link.sinceSeconds * 1000 : 0;
    const key = `${link.group}/${link.name}`;
    seen.add(key);
    let c = cards.get(key);
    if (!c) {
      cards.set(key, (c = create()));
      $('links-list').append(c.root);
    }
    say(c.name, link.name || 'the host');
    say(c.state, link.state.replaceAll('_', ' '));
    c.state.className = 'badge ' + (is_up(link.state) ? 'good' : 'bad');
    const facts = {
      For: duration(link.sinceSeconds),
      'In flight': String(link.inFlight),
      'Dials without success': link.attempts ? String(link.attempts) : '',
      Dialect: link.dialect,
      Group: link.group,
    };
    for (const [name, value] of Object.entries(facts)) {
      say(c.values[name], value ?? '');
      c.values[name].parentElement.hidden = !value;
    }
    say(
      c.error,
      link.lastError ? (is_up(link.state) ? 'Lost the last time: ' : 'Lost: ') + link.lastError : '',
    );
    say(c.dial, link.dialError ? 'The last dial: ' + link.dialError : '');
    draw(c.strip, link, now);
    say(c.summary, `${many(link.history?.length ?? 0, 'change')}; the bar is the last hour`);
    list(
      c.changes,
      [...(link.history ?? [])]
        .reverse()
        .map(h => `${clock(h.at)} ${h.state.replaceAll('_', ' ')}${h.why ? ': ' + h.why : ''}`),
    );
  }
  for (const [key, c] of cards)
    if (!seen.has(key)) {
      c.root.remove();
      cards.delete(key);
    }
  const up = answer.links.filter(l => is_up(l.state)).length;
  say($('links-note'), answer.links.length ? `${up} of ${answer.links.length} up` : 'none yet');
}
