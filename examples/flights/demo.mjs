// ./run demo: a server of its own, the example workflows, a start signed by the vendor's client, and the run as it goes.
// Usage: node demo.mjs PORPOISE [--keep] [--data DIR]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import core from '@alicloud/openapi-core';
import { Progress } from './progress.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options, positionals: [porpoise] } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean', default: false }, data: { type: 'string' } } });
const say = text => process.stdout.write(text + '\n');
const seconds = since => ((performance.now() - since) / 1000).toFixed(1) + ' s';

const began = performance.now();
const folder = path.resolve(options.data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'porpoise-demo-')));
const data = path.join(folder, 'data');
const lake = path.join(folder, 'lake');
fs.mkdirSync(lake, { recursive: true });
fs.chmodSync(folder, 0o755);
fs.chmodSync(lake, 0o777); // tasks are another user when the server is root

// The tasks use files of this clone, the program and Node. Where only root gets at them, as in root's home in a container, they keep root's rights.
const openToOthers = file => file === '/' || ((fs.statSync(file).mode & 0o001) !== 0 && openToOthers(path.dirname(file)));
const isPrivate = process.getuid() === 0 && ![here, path.resolve(porpoise), process.execPath].every(openToOthers);
if (isPrivate) {
  say(`Other users cannot get at ${here}, the program or Node, so the demo's tasks run as root; a server of yours would give them another user`);
}

const log = path.join(folder, 'server.log');
const server = spawn(porpoise, ['serve', '--data', data, '--urls', 'http://127.0.0.1:0', '--duckdb-folder', lake, ...isPrivate ? ['--task-user', 'root'] : []], { stdio: ['ignore', 'pipe', fs.openSync(log, 'a')], detached: options.keep });
const stop = () => server.exitCode === null && server.kill('SIGTERM');
process.on('exit', () => options.keep || stop());
process.on('SIGINT', () => process.exit(130));

const url = await new Promise((resolve, reject) => {
  server.once('exit', code => reject(new Error(`The server ended with ${code}; its log: ${log}`)));
  createInterface({ input: server.stdout }).on('line', line => {
    const ready = /^Porpoise is ready at (\S+) /.exec(line);
    if (ready) resolve(ready[1]);
  });
});
say(`The server is ready at ${url} (${seconds(began)}), its folder is ${folder}`);

const connection = ['--endpoint', url, '--data', data];
const applied = spawnSync(porpoise, ['workflow', 'apply', '-f', path.join(here, 'flights.yaml'), '-f', path.join(here, 'flights-broken.yaml'), '--publish', '--json', ...connection], { encoding: 'utf8' });
if (applied.status !== 0) {
  throw new Error(`The examples could not be applied:\n${applied.stderr}`);
}

const workflow = JSON.parse(applied.stdout).find(w => w.name === 'flights');
say(`The workflows flights and flights-broken are applied and published`);

// The call that everything is built around, by the vendor's own client: only the endpoint is another one.
const key = JSON.parse(fs.readFileSync(path.join(data, 'root-key.json'), 'utf8'));
const client = new core.default(new core.$OpenApiUtil.Config({ accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret, endpoint: new URL(url).host, protocol: 'HTTP' }));
const datasets = path.join(here, 'node_modules', 'vega-datasets', 'data');
const answer = await client.callApi(
  new core.$OpenApiUtil.Params({ action: 'StartProcessInstance', version: '2023-08-08', protocol: 'HTTP', method: 'POST', authType: 'AK', style: 'ROA', reqBodyType: 'json', bodyType: 'json',
    pathname: `/dolphinscheduler/projects/${key.workspaceId}/executors/start-process-instance` }),
  new core.$OpenApiUtil.OpenApiRequest({ query: {
    productNamespace: 'SS', processDefinitionCode: String(workflow.code), isProd: 'true',
    startParams: JSON.stringify({ datasets, lake, app: here, node: process.execPath }) } }), {});
const run = answer.body.data[0];
say(`StartProcessInstance, signed by @alicloud/openapi-core, answered code ${answer.body.code}: run ${run}\n`);

const progress = new Progress(['fetch', 'check', 'clean', 'by hour', 'by weekday', 'by airport', 'by route', 'join', 'charts', 'report'], process.stdout);
const events = await fetch(`${url}/porpoise/v1/workspaces/${key.workspaceId}/runs/${run}/events`, { headers: { token: key.token } });
const state = await progress.follow(events.body);
const command = (...words) => ['./run porpoise', ...words, ...connection].join(' ');
if (state !== 'SUCCESS') {
  say(`\nThe run ended with ${state}. ${progress.firstFailure ?? ''}\nThe logs: ${command('run', 'logs', run)}`);
  process.exit(1);
}

say(`\nDone in ${seconds(began)}: three million flights, the report and its pictures are in ${lake}`);
say(`  open ${path.join(lake, 'report.html')}`);
say(options.keep
  ? `  the server runs on as process ${server.pid}; the run:\n    ${command('run', 'show', run)}\n  a workflow with a mistake to find and mend:\n    ${command('run', 'start', 'flights-broken', '--wait', '--param', `lake=${lake}`)}\n  every operation, to look at and to try:\n    ${url}/explorer`
  : '  with --keep the server runs on, and docs/guide/repair.md goes on from here');
if (options.keep) {
  server.stdout.destroy();
  server.unref();
  process.exit(0);
}

stop();
await once(server, 'exit');
