// The page: a list of the operations, and for the chosen one a form, the request and the answer.
import { answerText, curlText, makeCall, requestText, send } from '/explorer/call.js';

const $ = (id) => document.getElementById(id);
const state = { operations: [], groups: [], values: new Map(), current: null };

/** An element; texts go in as texts, so that nothing that the server or the reader says becomes markup. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((c) => c != null && c !== false));
  return element;
}

// ── the document ──────────────────────────────────────────────────────────────────────────────────────────────

function readDocument(document) {
  const operations = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      operations.push({
        id: operation.operationId, method: method.toUpperCase(), path, summary: operation.summary, description: operation.description ?? '',
        group: operation.tags?.[0] ?? '', action: operation['x-action'] ?? '', isOpen: operation.security?.length === 0, changes: operation['x-changes'] === true,
        parameters: [...(operation.parameters ?? []).map(readParameter), ...readBody(operation.requestBody, document)],
      });
    }
  }
  return operations;
}

const readParameter = (p) => ({ name: p.name, place: p.in, required: p.required === true, description: p.description ?? '', schema: p.schema ?? {}, whenSigned: p.schema?.['x-required-of-signed'] === true });

function readBody(body, document) {
  const found = Object.values(body?.content ?? {})[0]?.schema;
  const schema = found?.$ref ? document.components.schemas[found.$ref.split('/').pop()] : found;
  return Object.entries(schema?.properties ?? {}).map(([name, s]) => ({
    name, place: 'body', required: schema.required?.includes(name) === true, description: s.description ?? '', schema: s, whenSigned: s['x-required-of-signed'] === true,
  }));
}

// ── who calls ─────────────────────────────────────────────────────────────────────────────────────────────────

function identity() {
  const kind = document.querySelector('input[name=kind]:checked').value;
  const text = (id) => $(id).value.trim();
  if (kind === 'token') return { kind, token: text('token') };
  return kind === 'key' ? { kind, id: text('keyId'), secret: text('keySecret'), securityToken: text('securityToken') } : { kind };
}

function whoChanged() {
  const who = identity();
  const isReady = who.kind === 'token' ? who.token !== '' : who.kind === 'key' && who.id !== '' && who.secret !== '';
  for (const part of document.querySelectorAll('[data-kind]')) part.hidden = part.dataset.kind !== who.kind;
  $('identity').dataset.state = who.kind === 'none' ? 'none' : isReady ? 'ready' : 'incomplete';
  $('who').textContent = who.kind === 'none' ? 'No credentials' : !isReady ? (who.kind === 'token' ? 'Token is missing' : 'Key is missing') : who.kind === 'token' ? 'By token' : `Signed as ${who.id}`;
  if (state.current) renderPreview();
}

// ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────

function renderList() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (o) => words.every((w) => `${o.method} ${o.path} ${o.summary} ${o.action} ${o.group}`.toLowerCase().includes(w));
  const typed = words.join(' ');
  const ranked = (all) => (typed === '' ? all : [...all].sort((a, b) => b.summary.toLowerCase().startsWith(typed) - a.summary.toLowerCase().startsWith(typed)));
  const groups = state.groups.map((name) => [name, ranked(state.operations.filter((o) => o.group === name && fits(o)))]).filter(([, all]) => all.length > 0);
  $('list').replaceChildren(...(groups.length === 0 ? [el('p', { class: 'quiet pad' }, 'No operation has all of these words.')] : groups.map(([name, all]) => renderGroup(name, all, words.length > 0))));
}

function renderGroup(name, operations, isOpen) {
  const holdsCurrent = operations.includes(state.current);
  return el('details', { open: isOpen || holdsCurrent },
    el('summary', {}, name, el('span', { class: 'count' }, String(operations.length))),
    el('ul', {}, ...operations.map((o) => el('li', {},
      el('a', { href: `#${o.id}`, 'aria-current': o === state.current ? 'page' : null, title: `${o.method} ${o.path}` },
        el('span', { class: `method ${o.method.toLowerCase()}` }, o.method), el('span', {}, o.summary))))));
}

// ── one operation ─────────────────────────────────────────────────────────────────────────────────────────────

function renderWelcome() {
  $('main').replaceChildren(
    el('h1', {}, 'Try the API'),
    el('p', {}, `${state.operations.length} operations, each in the dialect of DolphinScheduler (by token) and of EMR Serverless Spark (signed with an access key).`),
    el('ol', { class: 'steps' },
      el('li', {}, 'Say at the top right as whom you call: the first start of a server wrote a token and an access key into ', el('code', {}, 'root-key.json'), '.'),
      el('li', {}, 'Choose an operation from the list, or search for one.'),
      el('li', {}, 'Fill in its form and send it. You see what went over the wire, what came back, and the same as a curl command.')),
    el('p', { class: 'quiet' }, 'The document behind this page: ', el('a', { href: '/porpoise/v1/openapi.json' }, 'openapi.json'), ' (OpenAPI 3.1).'));
}

function renderOperation() {
  const o = state.current;
  const required = o.parameters.filter((p) => p.required || p.whenSigned || p.place === 'path');
  const optional = o.parameters.filter((p) => !required.includes(p));
  const form = el('form', { id: 'form', autocomplete: 'off', onsubmit: submit, oninput: renderPreview },
    ...required.map(renderField),
    optional.length > 0 && el('details', { class: 'more', open: required.length === 0 }, el('summary', {}, `${optional.length} more, all optional`), ...optional.map(renderField)),
    el('div', { class: 'actions' }, el('button', { type: 'submit', id: 'send' }, 'Send'), el('span', { class: 'quiet' }, o.changes ? 'This really does it.' : '')));
  $('main').replaceChildren(
    el('p', { class: 'group' }, o.group),
    el('h1', {}, o.summary),
    el('p', { class: 'address' }, el('span', { class: `method ${o.method.toLowerCase()}` }, o.method), el('code', {}, o.path)),
    el('p', { class: 'quiet' }, ...withCode(o.description)),
    form,
    el('section', { id: 'wire' }));
  renderPreview();
}

const withCode = (text) => text.split('`').map((part, i) => (i % 2 === 1 ? el('code', {}, part) : part));

function renderField(p) {
  const id = `p-${p.name}`;
  const value = valuesOf(state.current)[p.name] ?? '';
  return el('div', { class: 'field' },
    el('label', { for: id }, p.name, p.required || p.place === 'path' ? el('span', { class: 'must', title: 'required' }, ' required') : p.whenSigned ? el('span', { class: 'quiet' }, ' if signed') : null),
    renderInput(p, id, value),
    el('p', { class: 'quiet', id: `${id}-d` }, p.description, p.schema.examples?.[0] != null && !isMultiline(p) ? el('button', { type: 'button', class: 'example', onclick: () => fill(id, String(p.schema.examples[0])) }, String(p.schema.examples[0])) : null),
    isMultiline(p) && el('div', { class: 'beside' },
      p.schema.examples?.[0] != null && el('button', { type: 'button', class: 'example', onclick: () => fill(id, String(p.schema.examples[0])) }, 'example'),
      p.schema.format === 'binary' && el('label', { class: 'file' }, 'choose a file', el('input', { type: 'file', hidden: true, onchange: async (e) => fill(id, await e.target.files[0].text()) }))));
}

const isMultiline = (p) => p.schema.format === 'json' || p.schema.format === 'binary';

function renderInput(p, id, value) {
  const common = { id, name: p.name, 'aria-describedby': `${id}-d` };
  const words = p.schema.enum ?? (p.schema.type === 'boolean' ? ['true', 'false'] : null);
  if (words) {
    const select = el('select', common, el('option', { value: '' }, '–'), ...words.map((w) => el('option', { value: w }, w)));
    select.value = value;
    return select;
  }
  if (isMultiline(p)) {
    const area = el('textarea', { ...common, rows: p.schema.format === 'binary' ? 8 : 3, spellcheck: 'false' });
    area.value = value;
    return area;
  }
  const isSecret = /password/i.test(p.name);
  return el('input', { ...common, type: isSecret ? 'password' : 'text', inputmode: p.schema.type === 'integer' ? 'numeric' : null, value, spellcheck: 'false', autocomplete: 'off' });
}

function fill(id, text) {
  $(id).value = text;
  $(id).dispatchEvent(new Event('input', { bubbles: true }));
  $(id).focus();
}

/** What was typed stays with the operation as long as the page is open. */
function valuesOf(operation) {
  if (!state.values.has(operation.id)) {
    const values = {};
    for (const p of operation.parameters) if (p.whenSigned && p.schema.enum?.length === 1) values[p.name] = p.schema.enum[0];
    if (operation.parameters.some((p) => p.name === 'projectCode' && p.place === 'path')) values.projectCode = $('workspace').value.trim();
    state.values.set(operation.id, values);
  }
  return state.values.get(operation.id);
}

function readForm() {
  const values = valuesOf(state.current);
  for (const field of $('form').elements) if (field.name) values[field.name] = field.value;
  if (values.projectCode && $('workspace').value === '') $('workspace').value = values.projectCode;
  return values;
}

// ── request and answer ────────────────────────────────────────────────────────────────────────────────────────

function renderPreview() {
  const values = readForm();
  const missing = state.current.parameters.filter((p) => (p.required || p.place === 'path') && (values[p.name] ?? '') === '');
  const call = makeCall(state.current, values, identity());
  $('wire').replaceChildren(
    missing.length > 0 && el('p', { class: 'hint' }, `Still missing: ${missing.map((p) => p.name).join(', ')}`) || '',
    renderBlock('Request', requestText(call)),
    renderBlock('curl', () => curlText(state.current, values, identity())));
}

async function submit(event) {
  event.preventDefault();
  const operation = state.current, values = readForm(), who = identity();
  const call = makeCall(operation, values, who);
  $('send').disabled = true;
  try {
    const answer = await send(call);
    if (state.current !== operation) return;
    const isGood = answer.status < 300 && !/"success":false/.test(answer.text.slice(0, 100_000));
    $('wire').replaceChildren(
      el('p', { class: `verdict ${isGood ? 'good' : 'bad'}`, role: 'status' }, el('strong', {}, `HTTP ${answer.status}`), ` ${messageOf(answer)}`, el('span', { class: 'quiet' }, ` ${Math.round(answer.milliseconds)} ms, ${answer.text.length.toLocaleString('en')} characters`)),
      renderBlock('Answer', answerText(answer), 'answer'),
      renderBlock('Request', requestText(call)),
      renderBlock('curl', () => curlText(operation, values, who)));
  } catch (error) {
    $('wire').replaceChildren(el('p', { class: 'verdict bad', role: 'status' }, el('strong', {}, 'No answer. '), String(error.message ?? error)), renderBlock('Request', requestText(call)));
  } finally {
    if ($('send')) $('send').disabled = false;
  }
}

function messageOf(answer) {
  try {
    const json = JSON.parse(answer.text);
    return json.msg ?? json.Message ?? '';
  } catch {
    return '';
  }
}

function renderBlock(title, text, id) {
  const pre = el('pre', { tabindex: '0', id, 'aria-label': title }, typeof text === 'function' ? text() : text);
  const copy = el('button', { type: 'button', class: 'copy', onclick: () => copyText(typeof text === 'function' ? text() : pre.textContent, copy) }, 'Copy');
  return el('div', { class: 'block' }, el('div', { class: 'title' }, el('h2', {}, title), copy), pre);
}

/** The clipboard's own interface is missing on plain http, as the hashes are. */
async function copyText(text, button) {
  const area = el('textarea', { class: 'away' });
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  button.textContent = isDone ? 'Copied' : 'Not copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

// ── beginning ─────────────────────────────────────────────────────────────────────────────────────────────────

function route() {
  const next = state.operations.find((o) => o.id === location.hash.slice(1)) ?? null;
  state.current = next;
  renderList();
  if (next) renderOperation();
  else renderWelcome();
  document.title = next ? `${next.summary} · Porpoise API explorer` : 'Porpoise API explorer';
  if (next && matchMedia('(max-width: 760px)').matches) $('main').scrollIntoView();
}

async function begin() {
  for (const input of $('identity').querySelectorAll('input')) input.addEventListener('input', whoChanged);
  $('identity').querySelector('form').addEventListener('submit', (e) => { e.preventDefault(); $('identity').open = false; });
  $('search').addEventListener('input', renderList);
  document.addEventListener('keydown', (e) => {
    if (e.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { e.preventDefault(); $('search').focus(); }
    if (e.key === 'Escape') $('identity').open = false;
  });
  document.addEventListener('click', (e) => { if (!$('identity').contains(e.target)) $('identity').open = false; });
  whoChanged();
  try {
    const response = await fetch('/porpoise/v1/openapi.json');
    if (!response.ok) throw new Error(`openapi.json: HTTP ${response.status}`);
    const openApi = await response.json();
    $('version').textContent = openApi.info.version;
    state.operations = readDocument(openApi);
    state.groups = openApi.tags.map((t) => t.name);
  } catch (error) {
    $('list').replaceChildren(el('p', { class: 'hint pad' }, `The operations could not be loaded. ${error.message}`));
    return;
  }
  addEventListener('hashchange', route);
  route();
}

begin();
