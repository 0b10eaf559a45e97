import { upsertCompany } from '../../app/upsert-company.ts';
import { ConflictError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('upsertCompany', {
  who: 'service',
  description: 'Tells of a company, or of what it is now. Safe to repeat.',
  input: builder.inputType('UpsertCompanyInput', {
    description: 'The whole company.',
    fields: (t) => ({
      externalId: t.string({ description: "Its id in the caller's system." }),
      name: t.string({ description: 'Its name.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [ConflictError],
  run: (deps, caller, { externalId, name, asOf }) => upsertCompany(deps, caller, { externalId, name, asOf: asOf ?? null }),
  gives: (t) => ({
    company: t.prismaField({
      type: 'Company',
      description: 'The company as it is stored now.',
      resolve: (query, { companyId }, _args, { db }) => db.company.findUniqueOrThrow({ ...query, where: { id: companyId } }),
    }),
  }),
});
