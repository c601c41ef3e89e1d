// The open cases, and what needs a person.
import { $, Table, el, list, say, show } from './dom.js';
import { code_text, count, duration, many, money } from './words.js';
import * as decisions from './decisions.js';

const moods = { 'needs you': 'bad', unconfirmed: 'warn', reversing: '' };

function next(c) {
  if (c.attempt_under_way) return 'at the host now';
  if (typeof c.next_attempt_seconds === 'number')
    return c.next_attempt_seconds > 0 ? 'in ' + duration(c.next_attempt_seconds) : 'due';
  return c.state === 'unconfirmed' ? 'you decide' : 'none by itself';
}

// What the host said last: after a retry this is all that tells that it has refused again.
function last_answer(c) {
  const code = c.code ? code_text(c.code, c.code_meaning) : '';
  if (!c.attempts) return '–';
  const ago = typeof c.last_attempt_seconds === 'number' ? `, ${duration(c.last_attempt_seconds)} ago` : '';
  return c.last_attempt_answered ? `${code || 'no code'}${ago}` : `no answer${ago}${code ? `; before that ${code}` : ''}`;
}

// What an operator can do about a case in that state.
const advice = {
  'needs you':
    'Needs you: its reversal was refused or not answered, or is not sent by itself. Ask the bank whether it holds the money. It does, and will reverse now: Retry. It was settled by hand, or there is none: Resolve.',
  unconfirmed:
    'Unconfirmed: approved, and it is not known whether the client has the approval. The receipt was printed: Resolve. It was not: Reverse.',
};

function decide(cell, c) {
  const verbs = decisions.offered(c.state);
  if (cell.dataset.verbs === verbs.join()) return;
  cell.dataset.verbs = verbs.join();
  cell.replaceChildren(
    el(
      'div',
      { class: 'row' },
      ...verbs.map(verb => {
        const button = el(
          'button',
          { type: 'button', 'data-verb': verb, 'aria-label': `${decisions.label(verb)} case ${c.case}` },
          decisions.label(verb),
        );
        button.addEventListener('click', () => decisions.open(verb, shown.get(c.case) ?? c));
        return button;
      }),
    ),
  );
}

let table,
  shown = new Map();

export function start() {
  decisions.start();
  table = new Table($('cases-table'), {
    key: c => c.case,
    row: (node, c) => node.classList.toggle('lit', !!c.attention),
    columns: [
      { head: true, text: c => String(c.case) },
      {
        fill: (cell, c) => {
          if (cell.textContent !== c.state)
            cell.replaceChildren(el('span', { class: 'badge ' + (moods[c.state] ?? '') }, c.state));
        },
      },
      { of: 'num', text: c => duration(c.age_seconds) },
      { of: 'num', text: c => money(c.amount, c.currency) },
      { of: 'mono', text: c => c.tid },
      { of: 'mono', text: c => c.stan },
      { of: 'mono', text: c => c.card },
      { of: 'num', text: c => count(c.attempts) },
      { text: next },
      { of: 'wrap', text: last_answer },
      { of: 'wrap', text: c => c.why || '–' },
      { fill: decide },
    ],
  });
}

// What needs a person is first, and of that the oldest.
export function update(page) {
  if (!page) return;
  const all = [...page.cases].sort(
    (a, b) =>
      b.attention - a.attention || (b.state === 'needs you') - (a.state === 'needs you') || a.case - b.case,
  );
  shown = new Map(all.map(c => [c.case, c]));
  table.update(all);
  list(
    $('cases-advice'),
    Object.keys(advice)
      .filter(state => all.some(c => c.state === state))
      .map(state => advice[state]),
  );
  show($('cases-scroll'), all.length > 0);
  show($('cases-empty'), all.length === 0);
  say(
    $('cases-note'),
    page.next
      ? `the first ${page.cases.length}; /v1/pending?after=${page.next} has more`
      : all.length
        ? many(all.length, 'case')
        : '',
  );
}

export function needs(status, page) {
  const open = status.open_cases,
    mine = page?.cases.filter(c => c.attention) ?? [],
    waiting = Math.max(open.needs_operator, mine.length);
  const why = [];
  if (open.needs_operator)
    why.push(
      `${many(open.needs_operator, 'reversal')} wait for your decision: the host may hold money that no client knows of`,
    );
  const unconfirmed = mine.filter(c => c.state === 'unconfirmed').length;
  if (unconfirmed)
    why.push(`${many(unconfirmed, 'approval')} for more than 5 minutes unconfirmed: reverse or resolve`);
  if (open.reversing)
    why.push(
      `${many(open.reversing, 'reversal')} under way by itself, the oldest due ${duration(open.oldest_reversal_seconds)} ago`,
    );
  if (open.unconfirmed > unconfirmed)
    why.push(`${many(open.unconfirmed - unconfirmed, 'approval')} unconfirmed, whose clients may still ask`);
  if (status.blocked_terminals)
    why.push(`${many(status.blocked_terminals, 'terminal')} blocked until a reversal has ended`);
  $('needs').dataset.mood = open.needs_operator ? 'bad' : waiting ? 'warn' : 'good';
  say(
    $('needs-answer'),
    waiting ? `${many(waiting, 'case')} ${waiting === 1 ? 'needs' : 'need'} you` : 'Nothing needs you',
  );
  list($('needs-why'), why);
  return waiting;
}
