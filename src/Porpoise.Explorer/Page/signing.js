// Signs calls with ACS3-HMAC-SHA256. The hashes are a library's, because browsers give their own only to pages that came by https.
import { sha256 } from '/explorer/hashes/sha2.js';
import { hmac } from '/explorer/hashes/hmac.js';
import { bytesToHex, utf8ToBytes } from '/explorer/hashes/utils.js';

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** What RFC 3986 leaves unescaped, and nothing else. */
export const escape = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The headers with which a call is signed.
 * @param {{method: string, host: string, path: string, query: [string, string][], body: string, contentType?: string, action: string}} call
 * @param {{id: string, secret: string, securityToken?: string}} key
 * @returns {[string, string][]} without host, which the browser sends by itself
 */
export function sign(call, key, now = new Date(), nonce = newNonce()) {
  const contentHash = bytesToHex(sha256(utf8ToBytes(call.body)));
  const headers = [
    ['x-acs-action', call.action],
    ['x-acs-version', '2023-08-08'],
    ['x-acs-date', now.toISOString().replace(/\.\d+Z$/, 'Z')],
    ['x-acs-signature-nonce', nonce],
    ['x-acs-content-sha256', contentHash],
  ];
  if (key.securityToken) headers.push(['x-acs-security-token', key.securityToken]);
  if (call.contentType) headers.push(['content-type', call.contentType]);

  const signed = [...headers, ['host', call.host]].sort(byName);
  const names = signed.map(([name]) => name).join(';');
  const query = [...call.query].sort(byName).map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&');
  const canonical = [call.method, call.path, query, ...signed.map(([name, value]) => `${name}:${value}`), '', names, contentHash].join('\n');
  const text = `${ALGORITHM}\n${bytesToHex(sha256(utf8ToBytes(canonical)))}`;
  const signature = bytesToHex(hmac(sha256, utf8ToBytes(key.secret), utf8ToBytes(text)));
  return [...headers, ['Authorization', `${ALGORITHM} Credential=${key.id},SignedHeaders=${names},Signature=${signature}`]];
}

/** crypto.getRandomValues is there on plain http too. */
export function newNonce() {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
}
