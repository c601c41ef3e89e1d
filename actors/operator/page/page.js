// The live page: takes an event each second, keeps a bounded past, and shows both.
import { $, Table, bar, el, list, say, show } from './dom.js';
import { clock, code_text, count, duration, many, money, ms, quantile, reversal_text } from './words.js';
import { Chart } from './charts.js';
import * as cases from './cases.js';
import * as inspector from './inspector.js';
import * as links from './links.js';

const seconds_shown = 300,
  rows_max = 60,
  silence_max = 3500,
  codes_period = 5000;
const outcomes = ['approved', 'declined', 'answered', 'refused', 'unknown'];

let status = null,
  before = null; // the last status, and the one before with its time
// The machine's clock may be set while the page is open: what has passed is measured by the other one.
const passed = () => performance.now();
let last_event = 0,
  last_event_at = 0,
  begun = passed(),
  begun_at = Date.now(),
  source = null,
  retry = 0;
let transactions = [],
  shown = new Map(), // those in the table, by their keys
  paused = false,
  opened = ''; // the key of the one whose details are open
let asking = false,
  asks_again = false; // of the filter
let kept_there = 0; // by the gateway
let meanings = {}; // of response codes
let times = []; // of the last minute: {at, ms}

// --- the connection

function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource('/v1/events');
  source.addEventListener('overview', event => {
    if (!last_event || passed() - last_event > silence_max) fetch_past();
    last_event = passed();
    last_event_at = Date.now();
    take(JSON.parse(event.data));
    watch();
  });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, 2000);
    watch();
  };
}

// Says plainly how old what is shown is.
function watch() {
  const silence = passed() - (last_event || begun),
    lost = silence > silence_max;
  const line = lost ? 'lost' : last_event ? 'live' : 'waiting';
  if (document.body.dataset.line !== line) document.body.dataset.line = line;
  say($('line'), line === 'live' ? 'Live' : line === 'lost' ? 'No connection' : 'Connecting');
  show($('lost'), lost);
  if (lost)
    say(
      $('lost'),
      last_event
        ? `No connection since ${clock(last_event_at)} (${duration(Math.round(silence / 1000))}). What stands here is of then; it connects again by itself.`
        : `No connection to the gateway since this page was opened at ${clock(begun_at)}.`,
    );
  if (lost) sign('#808080', 'no connection');
  if (lost && silence > 15000 && source.readyState === EventSource.OPEN) connect();
}

// The tab tells the state too.
function sign(colour, text) {
  const title = `${text} – socketqueue`;
  if (document.title === title) return;
  document.title = title;
  $('icon').href =
    `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`)}`;
}

async function get(path) {
  const reply = await fetch(path);
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return reply;
}

async function fetch_past() {
  try {
    take_transactions((await (await get(`/v1/transactions?last=${rows_max}`)).json()).transactions);
    draw_transactions();
    meanings = (await (await get('/v1/dialects')).json()).responseCodes;
  } catch {
    /* the stream tells whether there is a connection */
  }
}

// --- what an event tells

function take(e) {
  const now = Date.now();
  if (e.status) take_status(e.status, e.pending, now);
  cases.update(e.pending);
  links.update(e.links);
  draw_terminals(e.terminals);
  draw_actors(e.actors);
  const { transactions: changed = [], kept = kept_there } = e.transactions ?? {};
  kept_there = kept;
  take_latency(take_transactions(changed), now);
  draw_transactions();
}

function take_status(s, pending, now) {
  status = s;
  const restarted = before && s.uptime_seconds < before.status.uptime_seconds;
  if (restarted) (rate.clear(), latency.clear());
  if (before && !restarted) {
    const seconds = Math.max(0.2, (now - before.at) / 1000);
    const by = Object.fromEntries(
      outcomes.map(o => [o, Math.max(0, s.messages[o] - before.status.messages[o]) / seconds]),
    );
    // After a gap the counts are of more than a second.
    rate.add(now, seconds < 5 ? by : null);
    const all = outcomes.reduce((sum, o) => sum + by[o], 0);
    say($('f-rate'), all >= 100 ? all.toFixed(0) : all.toFixed(1));
  }
  before = { status: s, at: now };
  for (const o of outcomes) say($('f-' + o), count(s.messages[o]));
  say($('f-blocked'), count(s.blocked_terminals));
  say($('f-uptime'), duration(s.uptime_seconds));
  draw_verdict(s, cases.needs(s, pending));
}

// Whether new purchases are served is not the same as "ready": an old reversal asks for a person, and stops nobody.
function draw_verdict(s, waiting) {
  const stops = s.problems.filter(p => p.part !== 'reversals'),
    up = s.hosts.filter(h => h.up).length;
  $('serves').dataset.mood = stops.length ? 'bad' : s.ready && up === s.hosts.length ? 'good' : 'warn';
  say(
    $('serves-answer'),
    stops.length
      ? 'No'
      : up < s.hosts.length
        ? 'Yes, but not all links are up'
        : s.ready
          ? 'Yes'
          : 'Yes, but not ready by its own rule',
  );
  const down = s.hosts
    .filter(h => !h.up && !stops.some(p => p.part === h.name))
    .map(h => `${h.name}: ${h.detail}, for ${duration(h.seconds)}`);
  list($('serves-why'), [
    ...s.problems.map(p => `${p.part}: ${p.detail}`),
    ...down,
    ...(stops.length || down.length
      ? []
      : [
          s.hosts
            .map(
              h =>
                `${h.name} up for ${duration(h.seconds)}${h.times_lost ? `, lost ${many(h.times_lost, 'time')} before` : ''}`,
            )
            .join('; '),
        ]),
  ]);
  sign(
    stops.length || status.open_cases.needs_operator
      ? '#c0392b'
      : waiting || !s.ready
        ? '#d08a10'
        : '#2b8a5b',
    stops.length ? 'does not serve' : waiting ? `${waiting} for you` : 'serves',
  );
}

function take_latency(fresh, now) {
  const all = fresh
    .map(t => t.totalMs)
    .filter(n => typeof n === 'number')
    .sort((a, b) => a - b);
  latency.add(
    now,
    all.length ? { p50: quantile(all, 0.5), p95: quantile(all, 0.95), max: all.at(-1) } : null,
  );
  times.push({ at: now, all });
  while (times.length && now - times[0].at > 60000) times.shift();
  const minute = times.flatMap(t => t.all).sort((a, b) => a - b);
  say($('f-p50'), ms(quantile(minute, 0.5)));
  say($('f-p95'), ms(quantile(minute, 0.95)));
}

// When a message ended is told anew after the gateway has stood still, so it is not part of what it is known by.
const key_of = t => `${t.number || t.at}|${t.tid}|${t.stan}|${t.mti}`;

// Returns those that were not known: one whose reversal goes on is told again.
function take_transactions(changed) {
  const all = new Map(transactions.map(t => [key_of(t), t])),
    added = changed.filter(t => !all.has(key_of(t)));
  for (const t of changed) all.set(key_of(t), t);
  transactions = [...all.values()]
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, rows_max);
  const again = changed.find(t => key_of(t) === opened);
  if (again && $('detail').open) fill_detail(again);
  return added;
}

// --- tables

const outcome_mood = { approved: 'good', declined: 'warn', refused: 'warn', unknown: 'bad' };
const badge = (cell, text, mood) => {
  if (cell.textContent !== text) cell.replaceChildren(el('span', { class: 'badge ' + (mood ?? '') }, text));
};
const outcome_text = t => t.outcome + (t.reversal ? `, ${t.reversal.state}` : '');
const rest_of = t => Math.max(0, (t.totalMs ?? 0) - (t.queueMs ?? 0) - (t.commitMs ?? 0) - (t.hostMs ?? 0));
const stages = t => [
  ['c-queue', t.queueMs ?? 0],
  ['c-commit', t.commitMs ?? 0],
  ['c-host', t.hostMs ?? 0],
  ['c-rest', rest_of(t)],
];
const stages_text = t =>
  `queue ${ms(t.queueMs)}, journal ${ms(t.commitMs)}, host ${ms(t.hostMs)}, rest ${ms(rest_of(t))}`;

const tables = {
  transactions: new Table($('transactions-table'), {
    key: key_of,
    columns: [
      {
        make: (cell, t) => {
          const button = el(
            'button',
            {
              type: 'button',
              class: 'link',
              'aria-label': `Details of ${t.mti} of terminal ${t.tid}, STAN ${t.stan}, at ${clock(t.at)}`,
            },
            clock(t.at),
          );
          button.addEventListener('click', () => detail(shown.get(key_of(t)) ?? t));
          cell.append(button);
        },
      },
      { of: 'mono', text: t => t.mti },
      { of: 'mono', text: t => t.tid },
      { of: 'mono', text: t => t.stan },
      { of: 'num', text: t => money(t.amount, t.currency) },
      { fill: (cell, t) => badge(cell, outcome_text(t), t.reversal?.state === 'reversed' ? 'warn' : outcome_mood[t.outcome]) },
      {
        of: 'code',
        fill: (cell, t) => {
          const text = t.code ? code_text(t.code, t.codeMeaning) : t.refusal || '–';
          say(cell, text);
          if (cell.title !== text) cell.title = text;
        },
      },
      { of: 'num', text: t => ms(t.totalMs) },
      { make: (cell, t) => cell.append(bar(stages(t), stages_text(t))) },
      { text: t => t.by + (t.link ? ', ' + t.link : '') },
    ],
  }),
  terminals: new Table($('terminals-table'), {
    key: t => t.tid,
    columns: [
      { of: 'mono', head: true, text: t => t.tid },
      { of: 'num', text: t => count(t.waiting) },
      { of: 'num', text: t => duration(t.oldestSeconds) },
      { of: 'mono', text: t => (t.head ? `${t.head.mti} ${t.head.stan}` : '–') },
      { of: 'wrap', text: t => t.why },
    ],
  }),
  actors: new Table($('actors-table'), {
    key: a => a.name,
    row: (node, a) => node.classList.toggle('lit', a.restarts > 0 && a.upSeconds < 60),
    columns: [
      { of: 'mono', head: true, text: a => a.name },
      { of: 'num', fill: (cell, a) => badge(cell, String(a.restarts), a.restarts ? 'warn' : '') },
      { of: 'num', text: a => count(a.mailbox) },
      { of: 'num', text: a => (a.upSeconds > 0 ? duration(a.upSeconds) : 'restarting') },
    ],
  }),
  codes: new Table($('codes-table'), {
    key: c => c.outcome + c.code,
    columns: [
      { of: 'mono', head: true, text: c => c.code || 'none' },
      { of: 'wrap', text: c => meanings[c.code.replace(/^0+(?=.)/, '')] ?? '' },
      { fill: (cell, c) => badge(cell, c.outcome, outcome_mood[c.outcome]) },
      { of: 'num', text: c => count(c.messages) },
      {
        fill: (cell, c) => {
          const text = `${(100 * c.share).toFixed(1)} of 100`;
          if (cell.title !== text) {
            cell.title = text;
            cell.replaceChildren(
              bar(
                [
                  ['c-' + c.outcome, c.share],
                  ['', 1 - c.share],
                ],
                text,
              ),
            );
          }
        },
      },
    ],
  }),
};

function draw_terminals(answer) {
  if (!answer) return;
  tables.terminals.update(answer.terminals);
  show($('terminals-empty'), answer.terminals.length === 0);
  say(
    $('terminals-note'),
    answer.terminals.length
      ? `${many(answer.waiting, 'message')} behind the first of each${answer.more ? `; ${count(answer.more)} more terminals` : ''}`
      : '',
  );
}

function draw_actors(answer) {
  if (!answer) return;
  tables.actors.update(answer.actors);
  show($('actors-empty'), answer.actors.length === 0);
  const restarts = answer.actors.reduce((sum, a) => sum + a.restarts, 0);
  say($('actors-note'), restarts ? many(restarts, 'restart') : 'none restarted');
}

// What is filtered is asked of the gateway, which keeps more than this page; one question at a time.
async function find_transactions() {
  if (asking) return void (asks_again = true);
  asking = true;
  const find = wanted();
  try {
    const reply = await fetch('/v1/transactions?' + new URLSearchParams({ last: rows_max, find })),
      found = await reply.json();
    if (find === wanted()) show_found(reply.ok ? found : { transactions: [], title: found.title });
  } catch {
    /* the stream tells whether there is a connection */
  }
  asking = false;
  if (!asks_again) return;
  asks_again = false;
  if (wanted()) find_transactions();
}

function show_found({ transactions: found, kept, fitting, title }) {
  show_rows(found, title ?? `None of the ${count(kept)} that the gateway keeps fits.`);
  say($('transactions-note'), title ? '' : `${count(found.length)} of ${count(fitting)} that fit, of ${count(kept)} that the gateway keeps`);
}

function show_rows(rows, if_none) {
  shown = new Map(rows.map(t => [key_of(t), t]));
  tables.transactions.update(rows);
  show($('transactions-empty'), rows.length === 0);
  say($('transactions-empty'), if_none);
}

const wanted = () => $('filter').value.trim();

function draw_transactions() {
  if (paused) return;
  if (wanted()) return void find_transactions();
  show_rows(transactions, 'None yet.');
  say(
    $('transactions-note'),
    transactions.length
      ? `the last ${transactions.length}${kept_there > transactions.length ? `; the filter looks through all ${count(kept_there)} that the gateway keeps` : ''}`
      : '',
  );
}

function detail(t) {
  opened = key_of(t);
  fill_detail(t);
  $('detail').showModal();
}

function fill_detail(t) {
  say($('detail-head'), `${t.mti} of terminal ${t.tid}, STAN ${t.stan}`);
  $('detail-bar').replaceChildren(bar(stages(t), stages_text(t)));
  const rows = [
    ['At', `${clock(t.at)} (${t.at})`],
    ['Id for its client', t.id],
    ['Came in by', t.by],
    ['Link', t.link],
    ['Message type', t.mti],
    ['Terminal (field 41)', t.tid],
    ['STAN (field 11)', t.stan],
    ['Amount (field 4)', money(t.amount, t.currency)],
    ['Outcome', t.outcome],
    ['Response code (field 39)', t.code && code_text(t.code, t.codeMeaning)],
    ['Refused as', t.refusal],
    ['Its reversal', t.reversal && reversal_text(t.reversal)],
    ['Reversed because', t.reversal?.cause.replaceAll('_', ' ')],
    ['Waited for its turn', ms(t.queueMs)],
    ['In the journal', ms(t.commitMs)],
    ['At the host', ms(t.hostMs)],
    ['All else', ms(rest_of(t))],
    ['Together', ms(t.totalMs)],
  ];
  $('detail-table').tBodies[0].replaceChildren(
    ...rows
      .filter(([, value]) => value)
      .map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value))),
  );
}

// The metrics have the counts by code.
async function fetch_codes() {
  if (document.hidden || document.body.dataset.line !== 'live') return;
  try {
    const text = await (await get('/metrics')).text(),
      sums = new Map();
    for (const [, labels, n] of text.matchAll(/^socketqueue_transactions_total\{(.*)\} (\d+)/gm)) {
      const of = name => labels.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? '',
        key = of('outcome') + ' ' + of('code');
      sums.set(key, {
        code: of('code'),
        outcome: of('outcome'),
        messages: (sums.get(key)?.messages ?? 0) + Number(n),
      });
    }
    const all = [...sums.values()]
        .filter(c => c.messages)
        .sort((a, b) => b.messages - a.messages)
        .slice(0, 12),
      whole = all.reduce((sum, c) => sum + c.messages, 0);
    tables.codes.update(all.map(c => ({ ...c, share: c.messages / whole })));
    show($('codes-empty'), all.length === 0);
  } catch {
    /* the stream tells whether there is a connection */
  }
}

// --- the beginning

const rate = new Chart($('rate-chart'), {
  kind: 'area',
  size: seconds_shown,
  name: 'Messages a second',
  unit: 'now',
  marks: outcomes.map(key => ({ key, label: key })),
});
const latency = new Chart($('latency-chart'), {
  kind: 'line',
  size: seconds_shown,
  name: 'Time of a message',
  unit: 'in milliseconds',
  marks: [
    { key: 'p50', label: 'median' },
    { key: 'p95', label: '95 of 100' },
    { key: 'max', label: 'longest' },
  ],
});

$('filter').addEventListener('input', () => {
  const was = paused;
  paused = false;
  draw_transactions();
  paused = was;
});
$('pause').addEventListener('click', () => {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', String(paused));
  say($('pause'), paused ? 'Go on' : 'Pause the list');
  draw_transactions();
});
cases.start();
inspector.start();
connect();
setInterval(watch, 1000);
setInterval(fetch_codes, codes_period);
setTimeout(fetch_codes, 1500);
