// What an operator decides about a case. The token is in memory alone.
import { $, el, say, show } from './dom.js';
import { code_text, money } from './words.js';

const verbs = {
  retry: { label: 'Retry', means: 'Sends the reversal to the host again, now. Nothing else changes.' },
  reverse: {
    label: 'Reverse',
    means:
      'Gives the money back: the approval is reversed at the host. The client may have told the cardholder that it is paid.',
    why: true,
  },
  resolve: {
    label: 'Resolve',
    means:
      'Takes the case off the list. The gateway does nothing more about it: only when you have settled it with the bank by other means.',
    why: true,
  },
};

// Which of them may help a case in that state; the gateway decides, and its answer says why not.
export const offered = state => (state === 'unconfirmed' ? ['reverse', 'resolve'] : ['retry', 'resolve']);
export const label = verb => verbs[verb].label;

const deeds_max = 20;
let token = '',
  now = null;

function ask_token(why) {
  token = '';
  show($('forget'), false);
  show($('decision-token-row'), true);
  if (why) $('decision-token').focus();
}

function result(text, good) {
  const node = $('decision-result');
  node.className = good ? 'good' : 'bad';
  show(node, true);
  say(node, text);
}

export function open(verb, c) {
  now = { verb, id: c.case };
  const v = verbs[verb];
  say($('decision-head'), `${v.label} case ${c.case}`);
  say($('decision-means'), v.means);
  const facts = [
    ['Amount', money(c.amount, c.currency)],
    ['Terminal', c.tid],
    ['STAN', c.stan],
    ['Card', c.card],
    ['RRN', c.rrn],
    ['Begun', c.begun],
    ['Why open', c.why],
    ['Last answer', c.attempts ? code_text(c.code, c.code_meaning) : ''],
  ];
  $('decision-facts').replaceChildren(
    ...facts
      .filter(([, value]) => value)
      .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
  );
  say($('decision-do'), v.label);
  $('decision-do').disabled = false;
  show($('decision-do'), true);
  say($('decision-close'), 'Cancel');
  show($('decision-result'), false);
  show($('decision-why-row'), !!v.why);
  show($('decision-token-row'), !token);
  $('decision-why').value = $('decision-token').value = '';
  $('decision-why').required = !!v.why;
  $('decision').showModal();
  (v.why ? $('decision-why') : token ? $('decision-do') : $('decision-token')).focus();
}

function note(text) {
  const list = $('deeds-list');
  list.prepend(el('li', {}, el('time', {}, new Date().toLocaleTimeString('en-GB')), ' ', text));
  while (list.childElementCount > deeds_max) list.lastElementChild.remove();
  show($('deeds'), true);
}

async function decide(event) {
  event.preventDefault();
  const { verb, id } = now,
    why = $('decision-why').value.trim();
  if (verbs[verb].why && !why)
    return result('A reason is needed: it stands in the log and in the journal.', false);
  if (!token) token = $('decision-token').value.trim();
  if (!token) return result('A decision needs the token.', false);
  $('decision-do').disabled = true;
  try {
    const reply = await fetch(`/v1/pending/${encodeURIComponent(id)}/${verb}`, {
      method: 'POST',
      headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },
      body: JSON.stringify(why ? { why } : {}),
    });
    const body = await reply.json();
    const text =
      body.results?.map(r => r.text).join('; ') ?? body.title ?? body.error ?? `status ${reply.status}`;
    result(text, reply.ok);
    if (reply.status === 401 || reply.status === 403) ask_token(text);
    else {
      show($('decision-token-row'), false);
      show($('forget'), true);
      note(`${verbs[verb].label} case ${id}: ${text}`);
    }
    if (reply.ok) {
      show($('decision-do'), false);
      say($('decision-close'), 'Close');
      $('decision-close').focus();
    }
  } catch (error) {
    result(
      `No answer came, so it is unknown whether it was done: look at the case again. (${error.message})`,
      false,
    );
  }
  $('decision-do').disabled = false;
}

export function start() {
  $('decision-form').addEventListener('submit', decide);
  $('decision-close').addEventListener('click', () => $('decision').close());
  $('decision').addEventListener('close', () => {
    $('decision-token').value = '';
  });
  $('forget').addEventListener('click', () => ask_token(''));
}
