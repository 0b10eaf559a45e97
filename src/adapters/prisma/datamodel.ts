import type { Prisma } from './generated/client.ts';
import { getDatamodel } from './generated/pothos.ts';

export type ModelName = Prisma.ModelName;

export interface Relation {
  readonly model: ModelName;
  readonly isList: boolean;
}

interface Field {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
  readonly isList: boolean;
}

/** The models as data, for what must know them at run time. */
export const datamodel = getDatamodel();

const models = Object.entries(datamodel.datamodel.models as unknown as Record<string, { fields: Field[] }>);

/** The columns of each model. */
export const columns: ReadonlyMap<string, readonly string[]> = new Map(
  models.map(([model, { fields }]) => [model, fields.filter((field) => field.kind !== 'object').map((field) => field.name)]),
);

/** The relations of each model by the name of their field. */
export const relations: ReadonlyMap<string, ReadonlyMap<string, Relation>> = new Map(
  models.map(([model, { fields }]) => [
    model,
    new Map(
      fields
        .filter((field) => field.kind === 'object')
        .map((field) => [field.name, { model: field.type as ModelName, isList: field.isList }]),
    ),
  ]),
);
