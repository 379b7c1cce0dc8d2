// Creates a workflow and starts it with the vendor's own client; only the endpoint is ours.
//   npm install @alicloud/openapi-core && node start-with-official-client.mjs ./data/root-key.json
import fs from 'node:fs';
import core from '@alicloud/openapi-core';

const key = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const client = new core.default(new core.$OpenApiUtil.Config({
  accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret, endpoint: process.argv[3] ?? '127.0.0.1:12345', protocol: 'HTTP' }));
const call = (action, method, path, query) => client.callApi(
  new core.$OpenApiUtil.Params({ action, version: '2023-08-08', protocol: 'HTTP', method, authType: 'AK', style: 'ROA', reqBodyType: 'json', bodyType: 'json',
    pathname: `/dolphinscheduler/projects/${key.workspaceId}/${path}` }),
  new core.$OpenApiUtil.OpenApiRequest({ query: { productNamespace: 'SS', ...query } }), {});

const [code] = (await call('GenerateTaskCodes', 'GET', 'task-definition/gen-task-codes', { genNum: '1' })).body.data;
const task = { code, name: 'hello', taskType: 'SHELL', taskParams: { rawScript: 'echo hello from Porpoise' } };
const workflow = (await call('CreateProcessDefinitionWithSchedule', 'POST', 'process-definition', {
  name: `hello-${Date.now()}`, description: 'first workflow', executionType: 'PARALLEL',
  taskDefinitionJson: JSON.stringify([task]), taskRelationJson: JSON.stringify([{ name: '', preTaskCode: 0, preTaskVersion: 0, postTaskCode: code, postTaskVersion: 1 }]) })).body;
console.log('created', workflow);
const start = (await call('StartProcessInstance', 'POST', 'executors/start-process-instance', { processDefinitionCode: String(workflow.data.code) })).body;
console.log('started', start);
