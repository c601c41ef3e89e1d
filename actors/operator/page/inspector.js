// The message inspector: asks the gateway to read a message, and shows what it says.
import { $, el } from './dom.js';

const place = () => $('inspect-result');

function table(fields) {
  const rows = fields.map(f => {
    const depth = f.path.split('.').length - 1;
    return el(
      'tr',
      {},
      el('td', { class: 'mono' }, '\u00a0'.repeat(2 * depth) + f.path),
      el('td', {}, f.name),
      el('td', { class: 'mono' }, f.value ?? `${f.parts} parts`),
      el('td', {}, f.meaning ?? ''),
    );
  });
  const heads = ['Field', 'Name', 'Value', 'Meaning'].map(t => el('th', { scope: 'col' }, t));
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Fields of the message' },
    el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...rows)),
  );
}

function faults(title, all, text) {
  return all.length
    ? [el('h3', {}, title), el('ul', { class: 'plain faults' }, ...all.map(f => el('li', {}, text(f))))]
    : [];
}

const place_of = f => `byte ${f.offset}${f.path ? ', field ' + f.path : ''}: ${f.reason}`;

function shown(answer) {
  const head = `${answer.size} bytes as ${answer.dialect}, ${answer.header ? 'header ' + answer.header : 'no header'}${answer.detected ? ', as detected' : ''}`;
  return [
    el('p', {}, head),
    ...answer.messages.flatMap((m, i) => [
      ...(answer.messages.length > 1 ? [el('h3', {}, `Message ${i + 1}`)] : []),
      table(m.fields),
      ...faults('Could not be read', m.faults, place_of),
      ...faults('Against the rules of the dialect', m.rules, r => `field ${r.path}: ${r.reason}`),
    ]),
    ...faults('Between the messages', answer.faults, place_of),
  ];
}

async function read(event) {
  event.preventDefault();
  try {
    const reply = await fetch('/v1/describe', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: $('inspect-text').value, dialect: $('inspect-dialect').value }),
    });
    const answer = await reply.json();
    place().replaceChildren(
      ...(reply.ok
        ? shown(answer)
        : [el('p', { class: 'faults' }, answer.title ?? `status ${reply.status}`)]),
    );
  } catch (error) {
    place().replaceChildren(el('p', {}, `No answer: ${error.message}`));
  }
}

export async function start() {
  $('inspect').addEventListener('submit', read);
  try {
    const { dialects } = await (await fetch('/v1/dialects')).json();
    $('inspect-dialect').append(...dialects.map(d => el('option', { value: d }, d)));
  } catch {
    /* the list stays with "detect" */
  }
}
