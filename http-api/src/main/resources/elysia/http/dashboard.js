'use strict';
// Everything shown comes from repositories that nobody vouches for: it enters the page as text only.
const PAGE = 500, MOST = 2000, POLL = 5000, SOON = 1000, RECONNECT = 3000, LINES = 12;
const $ = id => document.getElementById(id);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = String(text);
  return made;
}

function put(parent, ...children) {
  parent.replaceChildren(...children);
  return parent;
}

// The token lives in this tab only: no cookie, nothing that the browser would send by itself.
const KEY = 'elysiactl.token';
const token = () => sessionStorage.getItem(KEY) || '';

async function ask(path, options = {}) {
  const given = token();
  const headers = {...options.headers, ...(given && {Authorization: 'Bearer ' + given})};
  const answer = await fetch(path, {...options, headers, credentials: 'omit'});
  const body = await answer.json();
  if (answer.status === 401 && given === token()) login(given ? body.detail : '');
  if (!answer.ok) throw new Error(body.hint ? body.detail + ' (' + body.hint + ')' : body.detail || answer.statusText);
  return body;
}

const count = n => n === undefined ? '–' : n.toLocaleString();

function ago(time) {
  if (!time) return '–';
  const seconds = (Date.now() - new Date(time)) / 1000;
  const format = new Intl.RelativeTimeFormat(undefined, {numeric: 'auto'});
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]])
    if (Math.abs(seconds) >= size) return format.format(-Math.round(seconds / size), unit);
  return format.format(-Math.round(seconds), 'second');
}

function when(time) {
  const cell = element('td', 'time', ago(time));
  if (time) cell.title = new Date(time).toLocaleString();
  return cell;
}

function tone(repository) {
  if (repository.trouble) return 'bad';
  return {idle: 'good', paused: 'warn', waiting: 'warn'}[repository.state] || 'busy';
}

function progressOf(progress) {
  const box = element('div');
  const bar = element('progress');
  bar.max = Math.max(1, progress.files_total);
  bar.value = progress.files_done;
  bar.setAttribute('aria-label', 'progress');
  const eta = progress.eta_seconds === undefined ? '' : ', about ' + progress.eta_seconds + ' s left';
  box.append(bar, element('span', 'soft', progress.waiting || count(progress.files_done) + ' of '
      + count(progress.files_total) + ' files, ' + progress.chunks_per_second.toFixed(1) + ' chunks/s' + eta));
  return box;
}

function row(repository) {
  const line = element('tr');
  const name = element('td');
  name.append(element('strong', '', repository.name), element('div', 'soft', repository.location));
  const state = element('td');
  state.append(element('span', tone(repository), repository.state));
  // A trouble says it all, its next try included.
  if (!repository.trouble || repository.progress) state.append(element('div', 'soft', repository.detail));
  if (repository.progress) state.append(progressOf(repository.progress));
  const trouble = repository.trouble;
  if (trouble) {
    const next = trouble.next_try ? ' Next try ' + ago(trouble.next_try) + '.' : '';
    state.append(element('div', 'trouble', trouble.message + (trouble.hint ? ' — ' + trouble.hint : '') + '.' + next));
  }
  if (repository.failures > 0) state.append(element('div', 'warn', count(repository.failures) + (repository.failures === 1 ? ' file failed and is' : ' files failed and are') + ' tried again'));
  const rate = repository.success_rate;
  line.append(name, state, element('td', 'number', count(repository.documents)), when(repository.last_sync),
      when(repository.next_sync), element('td', 'number', rate === undefined ? '–' : Math.round(rate * 100) + ' %'));
  return line;
}

async function showRepositories() {
  const all = [];
  let cursor = '';
  do {
    const page = await ask('/v1/repositories?limit=' + PAGE + (cursor && '&cursor=' + encodeURIComponent(cursor)));
    all.push(...page.items);
    cursor = page.next_cursor || '';
  } while (cursor && all.length < MOST);
  put($('repositories'), ...all.map(row));
  $('count').textContent = cursor ? 'the first ' + count(all.length) : all.length ? count(all.length) : '';
  $('empty').hidden = all.length > 0;
}

function member(node, cluster) {
  const line = element('tr');
  const notes = (node.address === cluster.self ? ' (this one)' : '') + (node.address === cluster.leader ? ' leader' : '');
  const address = element('td', '', node.address);
  address.append(element('span', 'soft', notes));
  line.append(address, element('td', node.unreachable ? 'bad' : node.status === 'up' ? 'good' : 'warn',
      node.unreachable ? 'unreachable' : node.status), element('td', '', node.roles.join(', ')), element('td', '', node.version));
  for (const number of [node.repositories, node.queued_batches, node.running_batches])
    line.append(element('td', 'number', count(number)));
  line.append(element('td', 'number', node.chunks_per_second === undefined ? '–' : node.chunks_per_second.toFixed(1)));
  return line;
}

async function showCluster() {
  const cluster = await ask('/v1/cluster');
  put($('warnings'), ...cluster.warnings.map(text => element('li', '', text)));
  put($('facts'), ...[['Store', cluster.store, cluster.store_ok], ['Journal', cluster.journal, cluster.journal_ok],
    ['Embedder', cluster.embedder, true], ['Version', cluster.version, true]]
      .flatMap(([name, text, well]) => [element('dt', '', name), element('dd', well ? '' : 'bad', text)]));
  put($('members'), ...cluster.members.map(node => member(node, cluster)));
}

function login(why) {
  sessionStorage.removeItem(KEY);
  $('content').hidden = $('forget').hidden = true;
  $('login').hidden = false;
  $('refused').textContent = why;
  $('connection').textContent = 'a token is needed';
  $('connection').className = 'warn';
}

$('give').addEventListener('submit', event => {
  event.preventDefault();
  const given = $('token').value.trim();
  $('token').value = '';
  if (!given) return;
  sessionStorage.setItem(KEY, given);
  $('login').hidden = true;
  $('content').hidden = false;
  refresh();
  connect();
});

$('forget').addEventListener('click', () => {
  login('');
  if (socket) socket.close();
});

let live = false;
let pending = 0;
async function refresh() {
  pending = 0;
  if (!$('login').hidden) return;
  try {
    await Promise.all([showRepositories(), showCluster()]);
    $('connection').textContent = live ? 'live' : 'every ' + POLL / 1000 + ' s';
    $('connection').className = live ? 'good' : '';
    $('forget').hidden = !token();
  } catch (error) {
    if (!$('login').hidden) return;
    $('connection').textContent = 'no answer: ' + error.message;
    $('connection').className = 'bad';
  }
}

function refreshSoon() {
  if (!pending) pending = setTimeout(refresh, SOON);
}

// A script can set no header of a WebSocket: the token goes among the protocols.
function protocols() {
  const bytes = new TextEncoder().encode(token());
  const text = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return text ? ['elysiactl.events', 'elysiactl.bearer.' + text] : [];
}

let socket = null;
function connect() {
  if (socket || !$('login').hidden) return;
  socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/ws', protocols());
  socket.onopen = () => { live = true; refreshSoon(); };
  socket.onmessage = refreshSoon;
  socket.onclose = () => { live = false; socket = null; setTimeout(connect, RECONNECT); };
}

let asked = 0;
$('search').addEventListener('submit', async event => {
  event.preventDefault();
  const query = $('query').value.trim();
  const mine = ++asked;
  if (!query) return put($('hits'));
  try {
    const hits = await ask('/v1/search', {method: 'POST', headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({query, limit: 10})});
    if (mine === asked) put($('hits'), ...(hits.length ? hits.map(hit) : [element('li', 'soft', 'Nothing found.')]));
  } catch (error) {
    if (mine === asked) put($('hits'), element('li', 'bad', error.message));
  }
});

function hit(found) {
  const item = element('li');
  const lines = found.content.split('\n');
  item.append(element('strong', '', found.path + ':' + found.start_line + '-' + found.end_line),
      element('span', 'soft', '  ' + found.repo + '  ' + found.score.toFixed(3)),
      element('pre', '', lines.slice(0, LINES).join('\n') + (lines.length > LINES ? '\n…' : '')));
  return item;
}

connect();
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, POLL);
