// A call as it is made, and as text: what goes over the wire, and the same for curl.
import { escape, sign } from '/explorer/signing.js';

const FORM = 'application/x-www-form-urlencoded';

/**
 * @param operation from the document: {method, path, parameters, action}
 * @param values name to text; empty ones are left out
 * @param identity {kind: 'none' | 'token' | 'key', …}
 */
export function makeCall(operation, values, identity) {
  const given = operation.parameters.filter((p) => (values[p.name] ?? '') !== '').map((p) => [p, values[p.name]]);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => escape(values[name] ?? ''));
  const pairs = (place) => given.filter(([p]) => p.place === place).map(([p, value]) => [p.name, value]);
  const form = pairs('body');
  const call = {
    method: operation.method,
    host: location.host,
    path,
    query: pairs('query'),
    body: form.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&'),
    action: operation.action.slice(operation.action.indexOf(':') + 1),
  };
  if (form.length > 0) call.contentType = FORM;
  call.target = path + (call.query.length === 0 ? '' : '?' + call.query.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&'));
  call.headers = headersOf(call, identity);
  return call;
}

function headersOf(call, identity) {
  if (identity.kind === 'key') return sign(call, identity);
  const headers = call.contentType ? [['content-type', call.contentType]] : [];
  return identity.kind === 'token' ? [...headers, ['token', identity.token]] : headers;
}

export async function send(call) {
  const began = performance.now();
  const response = await fetch(call.target, {
    method: call.method, headers: call.headers, body: call.body === '' ? undefined : call.body, credentials: 'omit', redirect: 'error', cache: 'no-store',
  });
  const text = await response.text();
  return { status: response.status, reason: response.statusText, headers: [...response.headers], text, milliseconds: performance.now() - began };
}

/** A token is not shown: whoever looks over a shoulder, or at a screenshot, could use it. A signature is good for one call only. */
const hidden = ([name, value]) => [name, name === 'token' || name === 'x-acs-security-token' ? '•'.repeat(8) : value];

export function requestText(call) {
  const lines = [`${call.method} ${call.target} HTTP/1.1`, `host: ${call.host}`, ...call.headers.map(hidden).map(([name, value]) => `${name}: ${value}`)];
  return lines.join('\n') + '\n' + (call.body === '' ? '' : `\n${call.body}`);
}

export function answerText(answer) {
  return [`HTTP/1.1 ${answer.status} ${answer.reason}`, ...answer.headers.map(([name, value]) => `${name}: ${value}`), '', pretty(answer.text)].join('\n');
}

function pretty(text) {
  try {
    JSON.parse(text); // to see whether it is JSON; what is shown is the text itself, because numbers of 64 bits would change on the way
  } catch {
    return text;
  }
  return indent(text);
}

/** JSON on several lines, every token as it came. */
function indent(json) {
  let out = '', depth = 0;
  const line = () => '\n' + '  '.repeat(depth);
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === '{' || token === '[') { depth++; out += token + line(); }
    else if (token === '}' || token === ']') { depth--; out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token; }
    else if (token === ',') out += token + line();
    else out += token === ':' ? ': ' : token;
  }
  return out;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A signed call has a signature of its own here, because each is taken once; it is good for a quarter of an hour. */
export function curlText(operation, values, identity) {
  const call = makeCall(operation, values, identity);
  const parts = [`curl -sS${call.method === 'GET' ? '' : ` -X ${call.method}`} ${quoted(location.origin + call.target)}`];
  for (const [name, value] of call.headers) parts.push(name === 'token' ? '-H "token: $PORPOISE_TOKEN"' : `-H ${quoted(`${name}: ${value}`)}`);
  if (call.body !== '') parts.push(`--data-raw ${quoted(call.body)}`);
  return parts.join(' \\\n  ');
}
