import type { InputRef, ObjectFieldsShape } from '@pothos/core';
import type { Caller } from '../../app/caller.ts';
import type { Deps } from '../../app/deps.ts';
import { InvalidInputError, NotAllowedError, type Expected } from '../../core/errors.ts';
import { builder, capitalized } from '../builder.ts';
import type { Context } from '../context.ts';

type BuilderTypes = typeof builder.$inferSchemaTypes;
type ErrorClass = abstract new (...args: never[]) => Expected;

type Success<Answer> = Exclude<Answer, Expected>;
/** what the verb may answer with, and the union does not list */
type Unlisted<Answer, Errors extends readonly ErrorClass[]> = Exclude<
  Extract<Answer, Expected>,
  InstanceType<Errors[number]> | InvalidInputError | NotAllowedError
>;

interface Verb<Input, Answer extends object, Errors extends readonly ErrorClass[]> {
  /** whose tokens may */
  who: 'service' | 'admin' | 'staff' | 'member';
  description: string;
  input: InputRef<Input>;
  /** besides InvalidInputError and NotAllowedError, which every mutation may answer with */
  errors: Errors;
  run: (deps: Deps, caller: Caller, input: Input, context: Context) => Promise<Answer>;
  /** the fields of the success: what was changed, read anew. After `run`, from which its type is taken. */
  gives: ObjectFieldsShape<BuilderTypes, Success<Answer>>;
}

/**
 * A mutation: its input in the words of GraphQL goes to the verb of the app in the words of the app, and what the verb answers becomes a
 * member of the result union. A verb that may answer with an error its union does not list does not compile.
 */
export function verb<Input, Answer extends object, const Errors extends readonly ErrorClass[]>(
  name: string,
  { who, description, input, errors, gives, run }: Verb<Input, Answer, Errors>,
  ..._listed: [Unlisted<Answer, Errors>] extends [never] ? [] : [unlisted: Unlisted<Answer, Errors>]
): void {
  const success = builder.objectRef<Success<Answer>>(`${capitalized(name)}Success`).implement({
    description: `What \`${name}\` answers with when it has done what was asked.`,
    fields: gives,
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: success,
      description,
      authScopes: { [who]: true },
      args: { input: t.arg({ type: input, description: 'What to do.' }) },
      errors: {
        types: [InvalidInputError, ...errors, NotAllowedError] as never,
        union: { description: `What becomes of \`${name}\`: its success, or an expected error.` },
      },
      resolve: (_root, args, context) => {
        const { input } = args as unknown as { input: Input };
        return run(context.deps, context.caller, input, context) as never;
      },
    }),
  );
}
