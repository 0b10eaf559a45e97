import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLNamedType,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const contract = buildSchema(readFileSync(new URL('contract.graphql', import.meta.url), 'utf8'));

test('nothing of the contract is renamed, retyped or dropped', () => {
  expect(findBreakingChanges(contract, schema).map(({ description }) => description)).toEqual([]);
});

test('nothing is promised more or less strictly than the contract says', () => {
  // Looked at from the other side, what is stricter than the contract shows as a break; additions show as removals, and may.
  const kinds = new Set(findBreakingChanges(schema, contract).map(({ type }) => type));
  for (const kind of ['FIELD_CHANGED_KIND', 'ARG_CHANGED_KIND', 'ARG_DEFAULT_VALUE_CHANGE', 'TYPE_CHANGED_KIND'])
    expect(kinds).not.toContain(kind);
});

test('inputs of which exactly one field is given stay so', () => {
  const oneOf = (of: typeof schema) =>
    inputs(of)
      .filter((type) => type.isOneOf)
      .map(({ name }) => name);
  expect(oneOf(contract)).toEqual(['Ref']);
  expect(oneOf(schema)).toEqual(oneOf(contract));
});

test('the defaults of inputs are those of the contract', () => {
  const defaults = (of: typeof schema) =>
    Object.fromEntries(
      inputs(of).flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field.defaultValue])),
    );
  expect(defaults(schema)).toMatchObject(defaults(contract));
});

test('every type, field, argument and enum value says what it is', () => {
  const silent = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => places(type))
    .filter(({ description }) => !description)
    .map(({ place }) => place);
  expect(silent).toEqual([]);
});

function inputs(of: typeof schema) {
  return Object.values(of.getTypeMap()).filter(isInputObjectType);
}

function places(type: GraphQLNamedType): { place: string; description: string | null | undefined }[] {
  const found = [{ place: type.name, description: type.description }];
  if (isEnumType(type)) found.push(...type.getValues().map(({ name, description }) => ({ place: `${type.name}.${name}`, description })));
  if (isInputObjectType(type)) {
    found.push(...Object.values(type.getFields()).map(({ name, description }) => ({ place: `${type.name}.${name}`, description })));
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      found.push({ place, description: field.description });
      found.push(...field.args.map(({ name, description }) => ({ place: `${place}(${name})`, description })));
    }
  }
  return found;
}
