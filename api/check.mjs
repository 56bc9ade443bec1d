// Checks asyncapi.yaml with the AsyncAPI parser and openapi.yaml with Redocly's rules. Prints each finding on a line of
// its own, and ends with 1 where there is any, warnings included.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const asyncapi = fileURLToPath(new URL('asyncapi.yaml', import.meta.url));
const openapi = fileURLToPath(new URL('openapi.yaml', import.meta.url));

// Where we differ from what Redocly recommends: no licence is granted, and health is asked for without a mistake.
const RULES = {
  'info-license': 'off',
  'operation-4xx-response': 'off',
  'no-invalid-media-type-examples': 'error',
  'no-invalid-parameter-examples': 'error',
  'no-invalid-schema-examples': 'error',
  'operation-operationId': 'error',
  'operation-operationId-unique': 'error',
};

const findings = [...await checkAsyncapi(asyncapi), ...await checkOpenapi(openapi)];
findings.forEach(finding => console.log(finding));
console.log(`asyncapi.yaml, openapi.yaml: ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

async function checkAsyncapi(file) {
  const { Parser } = await import('@asyncapi/parser');
  const { document, diagnostics } = await new Parser().parse(await readFile(file, 'utf8'), { source: file });
  const found = diagnostics.map(({ range, message, path, code }) =>
    `asyncapi.yaml:${range.start.line + 1} ${path.join('.')}: ${message} (${code})`);
  return document || found.length > 0 ? found : ['asyncapi.yaml: it is no AsyncAPI document'];
}

async function checkOpenapi(file) {
  const { createConfig, lint } = await import('@redocly/openapi-core');
  const config = await createConfig({ extends: ['recommended-strict'], rules: RULES });
  const problems = await lint({ ref: file, config });
  return problems.map(({ location: [at], message, ruleId }) =>
    `openapi.yaml ${at?.pointer ?? ''}: ${message} (${ruleId})`);
}
