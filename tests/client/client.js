// SPDX-License-Identifier: Apache-2.0
// An independent client, written against nothing but what the services tell by reflection: finds them, checks their health, submits a
// sample, watches it to the end and reads both ledgers. Prints a line per step; exits 1 at the first thing that is not as it must be.
//
//   DUBAN_INGEST=host:port DUBAN_SEGMENTATION=… DUBAN_INDICATOR=… DUBAN_PLAN=… node client.js SAMPLE_FILE
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const { Client: ReflectionClient } = require('grpc-reflection-js');

const credentials = grpc.credentials.createInsecure();
const deadline = () => new Date(Date.now() + 60_000);

const loadOptions = { enums: String, longs: Number, defaults: true };

// The standard health service; gRPC's C++ server lists it but has no description of it to reflect.
const healthDefinition = protoLoader.fromJSON({
  nested: { grpc: { nested: { health: { nested: { v1: { nested: {
    HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
    HealthCheckResponse: {
      fields: { status: { type: 'ServingStatus', id: 1 } },
      nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
    },
    Health: { methods: { Check: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse' } } },
  } } } } } } },
}, loadOptions);

function makeClient(definition, service, address) {
  return new (grpc.makeGenericClientConstructor(definition[service], service))(address, credentials);
}

// The client of a service, built from what its server says of itself.
async function connect(address, service) {
  const reflection = new ReflectionClient(address, credentials);
  const services = await reflection.listServices();
  for (const name of [service, 'grpc.health.v1.Health']) assert.ok(services.includes(name), `${address} has no ${name}: ${services}`);
  const answer = await call(makeClient(healthDefinition, 'grpc.health.v1.Health', address), 'check', { service });
  assert.equal(answer.status, 'SERVING', `${service} at ${address}`);
  const root = await reflection.fileContainingSymbol(service);
  console.log(`found ${service} at ${address}, SERVING`);
  return makeClient(protoLoader.fromJSON(root.toJSON(), loadOptions), service, address);
}

function call(client, method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, { deadline: deadline() }, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

// States of the document until the server ends the stream.
function watch(ingest, name) {
  return new Promise((resolve, reject) => {
    const states = [];
    const stream = ingest.watchDocument({ name }, { deadline: deadline() });
    stream.on('data', (document) => states.push(document.state));
    stream.on('error', reject);
    stream.on('end', () => resolve(states));
  });
}

// Submits over the bidirectional stream; answers by request id.
function submit(ingest, requests) {
  return new Promise((resolve, reject) => {
    const answers = new Map();
    const stream = ingest.streamCreateDocuments({ deadline: deadline() });
    stream.on('data', (answer) => answers.set(answer.request_id, answer));
    stream.on('error', reject);
    stream.on('end', () => resolve(answers));
    for (const request of requests) stream.write(request);
    stream.end();
  });
}

async function main() {
  const content = fs.readFileSync(process.argv[2]);
  const ingest = await connect(process.env.DUBAN_INGEST, 'duban.v1.IngestService');
  const segmentation = await connect(process.env.DUBAN_SEGMENTATION, 'duban.v1.SegmentationService');
  const indicator = await connect(process.env.DUBAN_INDICATOR, 'duban.v1.IndicatorService');
  const plan = await connect(process.env.DUBAN_PLAN, 'duban.v1.PlanService');

  const answers = await submit(ingest, [{ content, source_uri: 'sample.txt', request_id: 'good' }, { request_id: 'empty' }]);
  assert.equal(answers.size, 2);
  assert.equal(answers.get('empty').error.code, grpc.status.INVALID_ARGUMENT);
  const { name } = answers.get('good').document;
  assert.match(name, /^documents\/[0-9a-f]{32}$/);
  console.log(`submitted ${name}`);

  const states = await watch(ingest, name);
  assert.equal(states.at(-1), 'FINISHED', `states ${states}`);
  console.log(`watched ${states.join(', ')}`);

  // Spans count UTF-16 units when asked to, so JavaScript can cut the text with them.
  const document = await call(ingest, 'getDocument', { name });
  const outline = await call(segmentation, 'getOutline', { name: `${name}/outline`, encoding_type: 'UTF16' });
  const marked = outline.sections.filter((section) => section.marker !== '');
  assert.ok(marked.length > 3);
  for (const { span, marker } of marked) assert.ok(document.text.slice(span.begin, span.end).startsWith(marker), marker);
  console.log(`outline of ${outline.sections.length} sections`);

  const { indicators } = await call(indicator, 'listIndicators', { parent: name, page_size: 1000 });
  assert.ok(indicators.length > 0);
  for (const { evidence, quantity } of indicators) assert.ok(evidence.includes(quantity.text), quantity.text);
  console.log(`${indicators.length} indicators, first: ${indicators[0].label} ${indicators[0].quantity.text}`);

  const { plan_items: planItems } = await call(plan, 'listPlanItems', { parent: document.agency.name, page_size: 1000 });
  assert.ok(planItems.length > 0);
  const tracking = await call(plan, 'getTracking', { name: `${planItems[0].name}/tracking` });
  assert.equal(tracking.plan_item.title, planItems[0].title);
  console.log(`${planItems.length} plan items, first: ${planItems[0].title} ${tracking.status}`);

  await assert.rejects(call(ingest, 'getDocument', { name: 'documents/x' }), { code: grpc.status.INVALID_ARGUMENT });
  console.log('1 passed, 0 failed');
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  });
