import assert from 'node:assert/strict';

/** What a tool gave: its structured content, or the JSON object in one of its texts. */
export function valueOf(result) {
  assert.ok(!result.isError, `the tool failed: ${textOf(result)}`);
  return result.structuredContent ?? result.content.map((block) => parse(block.text)).find((value) => value) ?? {};
}

export function textOf(result) {
  return result.content.map((block) => block.text ?? '').join('\n');
}

/** Answers a form as somebody does who takes the first of everything. */
export function answerForm(schema) {
  return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, firstOf(field)]));
}

function firstOf(field) {
  switch (field.type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return field.default ?? field.minimum ?? 1;
    default:
      return field.enum?.[0] ?? field.oneOf?.[0].const ?? field.default ?? 'first';
  }
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
