// Makes calls with the vendor's own clients. Reads one call a line from standard input, as JSON, and answers each with one line:
// {id, answer} as the client returned it, or {id, error} as the client threw it.
import readline from 'node:readline';
import core from '@alicloud/openapi-core';
import openapi from '@alicloud/openapi-client';
import pop from '@alicloud/pop-core';

const version = '2023-08-08';

/** @alicloud/openapi-core and @alicloud/openapi-client: what the generated product clients are made of. */
async function callApi(Client, models, call) {
  const client = new Client(new models.Config({
    accessKeyId: call.accessKeyId,
    accessKeySecret: call.accessKeySecret,
    ...(call.securityToken ? { type: 'sts', securityToken: call.securityToken } : {}),
    endpoint: call.endpoint,
    protocol: 'HTTP',
    regionId: 'cn-hangzhou',
    // The clients' own patience is 3 s, which a server on a machine that does ten other things at once may need for its first answer. What is looked at here is what they make of it.
    readTimeout: 20000,
    connectTimeout: 20000,
  }));
  const params = new models.Params({
    action: call.action,
    version: call.version ?? version,
    protocol: 'HTTP',
    pathname: call.pathname,
    method: call.method,
    authType: 'AK',
    style: call.style ?? 'ROA',
    reqBodyType: call.body ? 'formData' : 'json',
    bodyType: 'json',
  });
  return await client.callApi(params, new models.OpenApiRequest({ query: call.query ?? {}, headers: {}, ...(call.body ? { body: call.body } : {}) }), {});
}

/** The generation before: HMAC-SHA1. */
async function roa(call) {
  const client = new pop.ROAClient({
    accessKeyId: call.accessKeyId,
    accessKeySecret: call.accessKeySecret,
    endpoint: `http://${call.endpoint}`,
    apiVersion: version,
  });
  return await client.request(call.method, call.pathname, call.query ?? {}, '', {}, { timeout: 10000 });
}

const clients = {
  'openapi-core': (call) => callApi(core.default, core.$OpenApiUtil, call),
  'openapi-client': (call) => callApi(openapi.default, openapi, call),
  'pop-core': roa,
};

function describe(error) {
  const { name, code, message, statusCode, requestId, data, accessDeniedDetail, retryAfter } = error;
  return {
    name: error.constructor?.name ?? name, code: String(code), message, statusCode, requestId: requestId ?? data?.requestId ?? data?.RequestId, data, accessDeniedDetail, retryAfter,
  };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  clients[call.client](call).then(
    (answer) => ({ id: call.id, answer }),
    (error) => ({ id: call.id, error: describe(error) }),
  ).then((reply) => process.stdout.write(JSON.stringify(reply) + '\n'));
}
