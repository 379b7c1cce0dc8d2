// Drives Chromium. Reads one command a line from standard input, as JSON: {id, page, act, args}; answers each with one line: {id, result} or {id, error}.
import readline from 'node:readline';
import { chromium } from 'playwright-core';

// A name that is no loopback name: by it the page comes over plain http from elsewhere, as far as the browser knows, so it gets no crypto.subtle.
const host = 'porpoise.test';
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    `--host-resolver-rules=MAP ${host} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
  ],
});
const pages = new Map();

async function open(port, path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const problems = [];
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`); });
  page.on('request', (request) => { if (new URL(request.url()).host !== `${host}:${port}`) problems.push(`request to ${request.url()}`); });
  const number = pages.size + 1;
  pages.set(number, { page, context, problems });
  await page.goto(`http://${host}:${port}${path}`);
  return number;
}

const acts = {
  fill: ({ page }, selector, text) => page.fill(selector, text),
  click: ({ page }, selector) => page.click(selector),
  check: ({ page }, selector) => page.check(selector),
  wait: async ({ page }, selector) => { await page.waitForSelector(selector); },
  text: ({ page }, selector) => page.textContent(selector),
  evaluate: ({ page }, script) => page.evaluate(script),
  size: ({ page }, width, height) => page.setViewportSize({ width, height }),
  picture: async ({ page }, path) => { await page.screenshot({ path, fullPage: true }); },
  problems: ({ problems }) => problems,
  cookies: async ({ context }) => (await context.cookies()).length,
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, page, act, args } = JSON.parse(line);
  const done = async () => (act === 'open' ? await open(...args) : await acts[act](pages.get(page), ...args));
  done().then((result) => console.log(JSON.stringify({ id, result: result ?? null })), (error) => console.log(JSON.stringify({ id, error: String(error.message ?? error) })));
}
await browser.close();
