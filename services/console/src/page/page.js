'use strict';

const EVERY_MS = 1500;
const SAMPLES = 120;
/** Older counts are said to be. */
const COUNTS_AGE_MS = 5_000;

const number = new Intl.NumberFormat('en');
const $ = (id) => document.getElementById(id);
/** lane → its lag at each of the last looks */
const history = new Map();

/** Text becomes text nodes, so nothing a ticket or a tool said is ever read as HTML. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const count = (value) => (value === undefined || value === null ? '–' : number.format(value));
const badge = (text, kind = '') => el('span', { class: `badge ${kind}` }, text);

function duration(seconds) {
  if (seconds === null) return '–';
  if (seconds < 1) return '< 1 s';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function problemsOf({ account, lanes, connectors, services, unavailable }) {
  const problems = Object.entries(unavailable).map(([part, why]) => `${part} cannot be read: ${why}`);
  if (account && !account.adds_up) problems.push(`The account does not add up: ${account.faults.join('; ')}`);
  for (const { lane, ledger } of lanes ?? [])
    if (ledger.expired > 0) problems.push(`${lane}: ${count(ledger.expired)} messages expired before they were read`);
  for (const { name, state } of connectors ?? [])
    if (state !== 'RUNNING') problems.push(`Debezium connector ${name} is ${state}`);
  for (const { name, status } of services) if (status !== 'ready') problems.push(`${name} is ${status}`);
  return problems;
}

function showOverall(status) {
  const problems = problemsOf(status);
  const lag = (status.lanes ?? []).reduce((sum, lane) => sum + lane.lag, 0);
  const healthy = lag > 0 ? `Working, ${count(lag)} messages to go` : 'All quiet';
  const text = problems.length > 0 ? `Needs attention: ${problems.length}` : healthy;
  const overall = $('overall');
  overall.className = `badge ${problems.length > 0 ? 'bad' : 'good'}`;
  // A screen reader speaks every change, so only changes are made.
  if (overall.textContent !== text) overall.textContent = text;
  $('notices').replaceChildren(...problems.map((problem) => el('p', { class: 'notice' }, problem)));
  const isOld = status.counted_at !== null && Date.parse(status.at) - Date.parse(status.counted_at) > COUNTS_AGE_MS;
  const counted = isOld ? `, counts as of ${new Date(status.counted_at).toLocaleTimeString()}` : '';
  $('updated').textContent = `as of ${new Date(status.at).toLocaleTimeString()}${counted}`;
}

function showFlow({ account, stages, lanes }) {
  const a = account?.counts ?? {};
  const s = stages ?? {};
  const lagOf = (service) => lanes?.find((lane) => lane.service === service)?.lag ?? 0;
  const decided = account ? a.documents - a.pending : null;
  const steps = [
    ['Tickets', a.received, `${count(a.duplicate)} duplicate, ${count(a.dead_lettered)} dead letters`, null],
    ['Documents', a.documents, 'identified, masked, stored', 'ingest'],
    ['Queued', s.queued, 'for labeling', 'annotation-bridge'],
    ['Sent out', s.pushed, 'in CSV batches', null],
    ['Label rows', a.label_rows, `${count(a.live)} live, ${count(a.rejected_rows)} rejected`, null],
    ['Decided', decided, `${count(s.decisions)} decisions in all`, 'quality-validator'],
    ['Gold', a.gold, `${count(s.gold_lines)} lines, ${count(s.gold_segments)} segments`, 'output'],
  ];
  const items = steps.map(([name, value, about, service]) => {
    const lag = service === null ? 0 : lagOf(service);
    return el(
      'li',
      name === 'Gold' ? { class: 'gold' } : {},
      el('span', { class: 'name' }, name),
      el('strong', {}, count(value)),
      el('span', { class: 'quiet' }, about),
      lag > 0 ? badge(`${count(lag)} on the way`, 'wait') : null,
    );
  });
  $('flow').replaceChildren(...items);
}

const verdicts = [
  ['gold', 'gold', 'gold'],
  ['disagreement', 'disagreement', 'disagreement'],
  ['low_confidence', 'low confidence', 'low'],
  ['erased', 'erased', 'quiet'],
  ['pending', 'pending', 'pending'],
];

function showVerdicts({ account }) {
  const counts = account?.counts;
  if (!counts || counts.documents === 0) return $('verdicts').replaceChildren();
  const present = verdicts.filter(([name]) => counts[name] > 0);
  const bar = el('div', { class: 'bar', 'aria-hidden': 'true' });
  const legend = el('ul', { class: 'legend', 'aria-label': 'Documents by verdict' });
  for (const [name, title, color] of present) {
    const part = el('span');
    part.style.flexGrow = counts[name];
    part.style.background = `var(--${color})`;
    bar.append(part);
    const dot = el('i', { 'aria-hidden': 'true' });
    dot.style.background = `var(--${color})`;
    const share = ((100 * counts[name]) / counts.documents).toFixed(1);
    legend.append(el('li', {}, dot, `${title} ${count(counts[name])} `, el('span', { class: 'quiet' }, `${share} %`)));
  }
  $('verdicts').replaceChildren(bar, legend);
}

function showAccount({ account }) {
  if (!account) return $('account').replaceChildren(el('p', { class: 'quiet' }, 'Not available.'));
  $('account-badge').replaceChildren(account.adds_up ? badge('adds up', 'good') : badge('does not add up', 'bad'));
  const rows = account.sums.map(({ title, terms }) => {
    const signs = ['', ' = '];
    const sum = terms.flatMap((term, index) => [
      signs[index] ?? ' + ',
      el('b', {}, count(term.count)),
      ` ${term.words}`,
    ]);
    return el('div', { class: 'equation' }, el('span', {}, title), el('span', {}, ...sum));
  });
  $('account').replaceChildren(...rows);
}

function sparkline(samples) {
  const top = Math.max(1, ...samples);
  const points = samples.map(
    (lag, index) => `${((index + SAMPLES - samples.length) * 120) / (SAMPLES - 1)},${25 - (24 * lag) / top}`,
  );
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  for (const [name, value] of [
    ['class', 'spark'],
    ['viewBox', '0 0 120 26'],
    ['aria-hidden', 'true'],
  ])
    svg.setAttribute(name, value);
  line.setAttribute('points', points.join(' '));
  svg.append(line);
  return svg;
}

const head = (...names) => el('thead', {}, el('tr', {}, ...names.map((name) => el('th', { scope: 'col' }, name))));

function showLanes({ lanes }) {
  const names = [
    'Lane',
    'Lag',
    'Last 3 minutes',
    'Oldest',
    'Received',
    'Accepted',
    'Duplicate',
    'Skipped',
    'Dead letters',
  ];
  const rows = (lanes ?? []).map(({ lane, topic, lag, oldest_seconds, partitions, ledger, dead_letters }) => {
    const samples = [...(history.get(lane) ?? []), lag].slice(-SAMPLES);
    history.set(lane, samples);
    const behind = partitions.filter((one) => one.lag > 0).map((one) => `${one.partition}: ${count(one.lag)}`);
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, lane, el('span', { class: 'quiet' }, topic)),
      el(
        'td',
        { title: behind.length > 0 ? `by partition: ${behind.join(', ')}` : 'no partition is behind' },
        count(lag),
      ),
      el('td', {}, sparkline(samples)),
      el('td', {}, oldest_seconds === null ? '–' : duration(oldest_seconds)),
      ...['received', 'accepted', 'duplicate', 'skipped'].map((name) => el('td', {}, count(ledger[name]))),
      el(
        'td',
        {
          title: `${dead_letters.topic} holds ${count(dead_letters.held)}`,
          ...(ledger.dead_lettered > 0 ? { class: 'bad' } : {}),
        },
        count(ledger.dead_lettered),
      ),
    );
  });
  $('lanes').replaceChildren(head(...names), el('tbody', {}, ...rows));
}

function coefficient({ value, reason, low, high }) {
  if (value === null) return el('td', {}, '–', el('span', { class: 'quiet' }, reason));
  const interval = low === null ? null : el('span', { class: 'quiet' }, `${low.toFixed(2)} to ${high.toFixed(2)}`);
  return el('td', {}, value.toFixed(3), interval);
}

function showAgreement({ agreement }) {
  if (!agreement || agreement.length === 0)
    return $('agreement').replaceChildren(el('caption', {}, 'Nobody has labelled anything yet.'));
  const rows = agreement.map(({ field, shared_items, raters, percent, krippendorff, gwet_ac1 }) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        field,
        el('span', { class: 'quiet' }, `${count(shared_items)} shared, ${raters} people`),
      ),
      ...[percent, krippendorff, gwet_ac1].map(coefficient),
    ),
  );
  $('agreement').replaceChildren(head('Field', 'Equal', 'Krippendorff α', 'Gwet AC1'), el('tbody', {}, ...rows));
}

function showServices({ services, connectors }) {
  const asked = services.map(({ name, status, problems }) => {
    const kind = status === 'ready' ? 'good' : 'bad';
    const told = Object.entries(problems).map(([dependency, why]) => el('p', {}, `${dependency}: ${why}`));
    return el('li', {}, el('span', { class: 'name' }, name), badge(status, kind), ...told);
  });
  const connected = (connectors ?? []).map(({ name, state }) => {
    const kind = state === 'RUNNING' ? 'good' : 'bad';
    return el('li', {}, el('span', { class: 'name' }, `Debezium connector ${name}`), badge(state.toLowerCase(), kind));
  });
  const all = [...asked, ...connected];
  $('services').replaceChildren(
    ...(all.length > 0 ? all : [el('li', { class: 'quiet' }, 'None is named in CONSOLE_SERVICES.')]),
  );
}

const cell = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

async function showJourney() {
  const docId = $('doc-id').value.trim();
  const response = await fetch(`/v1/documents/${encodeURIComponent(docId)}/journey`);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  const rows = answer.stops.map(({ at, stop, event, detail }) => {
    const told = Object.entries(detail).filter(([, value]) => value !== null);
    const details = told.map(([name, value]) => `${name} ${cell(value)}`).join(', ');
    const time = el('time', { datetime: at }, new Date(at).toLocaleString());
    return el('tr', {}, el('td', {}, time), el('td', {}, stop), el('td', {}, event), el('td', {}, details));
  });
  const table = el('table', {}, head('When', 'Where', 'What', 'Details'), el('tbody', {}, ...rows));
  $('journey').replaceChildren(el('div', { class: 'scroll' }, table));
}

async function look() {
  try {
    const response = await fetch('/v1/status', { cache: 'no-store' });
    if (!response.ok) throw new Error(`the console answered ${response.status}`);
    const status = await response.json();
    for (const show of [showOverall, showFlow, showVerdicts, showAccount, showLanes, showAgreement, showServices])
      show(status);
  } catch (error) {
    $('overall').className = 'badge bad';
    $('overall').textContent = 'The console does not answer';
    $('updated').textContent = error.message;
  }
  setTimeout(() => void look(), EVERY_MS);
}

$('journey-form').addEventListener('submit', (event) => {
  event.preventDefault();
  showJourney().catch((error) => $('journey').replaceChildren(el('p', { class: 'quiet' }, error.message)));
});
void look();
