// Numbers, times and money as people read them.

export const count = n => (typeof n === 'number' ? n.toLocaleString('en') : '–');

export function duration(seconds) {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '–';
  if (seconds < 10) return seconds.toFixed(seconds % 1 ? 1 : 0) + ' s';
  const s = Math.round(seconds),
    parts = [
      [Math.floor(s / 86400), 'd'],
      [Math.floor(s / 3600) % 24, 'h'],
      [Math.floor(s / 60) % 60, 'min'],
      [s % 60, 's'],
    ];
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

export const ms = n =>
  typeof n !== 'number'
    ? '–'
    : n >= 10000
      ? (n / 1000).toFixed(1) + ' s'
      : (n >= 100 ? n.toFixed(0) : n.toFixed(1)) + ' ms';

export const clock = at => new Date(at).toLocaleTimeString('en-GB');

// Of an ISO 4217 number: its letters, and the digits behind its point.
const currencies = {
  36: 'AUD',
  51: 'AMD',
  124: 'CAD',
  156: 'CNY',
  203: 'CZK',
  208: 'DKK',
  344: 'HKD',
  356: 'INR',
  376: 'ILS',
  392: 'JPY 0',
  398: 'KZT',
  410: 'KRW 0',
  417: 'KGS',
  498: 'MDL',
  578: 'NOK',
  643: 'RUB',
  702: 'SGD',
  704: 'VND 0',
  710: 'ZAR',
  752: 'SEK',
  756: 'CHF',
  784: 'AED',
  788: 'TND 3',
  810: 'RUR',
  826: 'GBP',
  840: 'USD',
  860: 'UZS',
  933: 'BYN',
  944: 'AZN',
  949: 'TRY',
  972: 'TJS',
  978: 'EUR',
  980: 'UAH',
  981: 'GEL',
  985: 'PLN',
  986: 'BRL',
};

// "10.00 RUB" of the smallest unit; what is no number, or of no known currency, as it came.
export function money(amount, currency) {
  if (!/^\d+$/.test(amount ?? '')) return amount || '';
  const [letters, digits = 2] = (currencies[Number(currency)] ?? '').split(' ');
  if (!letters) return `${amount} ${currency ?? ''}`.trim();
  const d = Number(digits),
    text = amount.replace(/^0+(?=\d)/, '').padStart(d + 1, '0'),
    whole = text.slice(0, text.length - d);
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '\u202f')}${d ? '.' + text.slice(-d) : ''} ${letters}`;
}

// A response code and what it means.
export const code_text = (code, meaning) => (code && meaning ? `${code} ${meaning}` : code || '–');

export const many = (n, one, several = one + 's') => `${count(n)} ${n === 1 ? one : several}`;

export function quantile(sorted, part) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] : undefined;
}

// What became of the reversal of a transaction.
export function reversal_text(r) {
  const tried = many(r.attempts, 'attempt'),
    last = r.code ? `, the host’s last answer ${code_text(r.code, r.codeMeaning)}` : '',
    at = clock(r.at),
    why = r.why ? `: ${r.why}` : '';
  if (r.by) return `ended as ${r.state} at ${at} by ${r.by}, after ${tried}${last}${why}`;
  if (r.state === 'reversing') return `under way, the last change at ${at}, ${tried} so far${last}`;
  if (r.state === 'needs you') return `needs a person since ${at}, after ${tried}${last}${why}`;
  if (r.state === 'declined') return `not needed: the host declined it late, at ${at}`;
  return `${r.state} at ${at}, after ${tried}${last}`;
}
