import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { GraphQLError, Kind, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { DocumentNode, ExecutionResult, SelectionSetNode, ValidationContext } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { Plugin } from 'graphql-yoga';

export const MAX_ALIASES = 15;
export const MAX_TOKENS = 1_000;
export const MAX_DEPTH = 15;
/** Fields once every fragment is written out where it is spread. A document of 1,000 tokens without fragments has fewer. */
export const MAX_SELECTIONS = 2_000;

/** How large a document may be, and what is hidden from strangers in production. */
export function limits(production: boolean): Plugin[] {
  const refused = { propagateOnRejection: false, onReject: [report] };
  const always: Plugin[] = [
    breadth,
    maxTokensPlugin({ n: MAX_TOKENS, propagateOnRejection: false, onReject: [throwTooLarge] }),
    maxAliasesPlugin({ n: MAX_ALIASES, ...refused }),
    // Fragments add no depth of their own. The standard introspection query is deeper, and exempt where it is on at all.
    maxDepthPlugin({ n: MAX_DEPTH, flattenFragments: true, ignoreIntrospection: !production, ...refused }),
  ];
  return production ? [...always, noIntrospection, noSuggestions] : always;
}

/**
 * Before any rule walks the document: a fragment that spreads the next one twice, which spreads the next one twice, is small to send and
 * endless to write out.
 */
const breadth: Plugin = {
  onValidate({ params, setResult }) {
    const count = widest(params.documentAST as DocumentNode);
    if (count <= MAX_SELECTIONS) return;
    const message = `The fragments of the document come to more than ${MAX_SELECTIONS} fields when they are written out.`;
    setResult([tooLarge(new GraphQLError(message))]);
  },
};

/** How many fields the largest operation has when its fragments are written out. Each fragment is counted once. */
function widest({ definitions }: DocumentNode): number {
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const counted = new Map<string, number>();
  const ofFragment = (name: string): number => {
    const known = counted.get(name);
    if (known !== undefined) return known;
    // One that spreads itself is another rule's to refuse.
    counted.set(name, 0);
    const fragment = fragments.get(name);
    const count = fragment ? countIn(fragment.selectionSet) : 0;
    counted.set(name, count);
    return count;
  };
  const countIn = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + 1 + ofFragment(selection.name.value);
      return sum + 1 + (selection.selectionSet ? countIn(selection.selectionSet) : 0);
    }, 0);
  return Math.max(0, ...definitions.map((node) => (node.kind === Kind.OPERATION_DEFINITION ? countIn(node.selectionSet) : 0)));
}

/** graphql-js offers the names that come near a wrong one: in documents, and in variables, which are judged after validation. */
const noSuggestions: Plugin = {
  onValidate:
    () =>
    ({ result }) =>
      withoutSuggestions(result as readonly GraphQLError[]),
  onExecute: () => ({ onExecuteDone: ({ result }) => withoutSuggestions(errorsOf(result)) }),
  onSubscribe: () => ({ onSubscribeResult: ({ result }) => withoutSuggestions(errorsOf(result)) }),
};

/** Of a field's own error every word is ours. */
function withoutSuggestions(errors: readonly GraphQLError[]): void {
  for (const error of errors) {
    if (!error.path) error.message = error.message.replace(/ Did you mean [^?]*\?/g, '');
  }
}

function errorsOf(result: unknown): readonly GraphQLError[] {
  return isAsyncIterable(result) ? [] : ((result as ExecutionResult).errors ?? []);
}

/** A rule, and no look at the request: it holds on sockets too. */
const noIntrospection: Plugin = {
  onValidate({ addValidationRule }) {
    addValidationRule(NoSchemaIntrospectionCustomRule);
  },
};

function tooLarge(error: GraphQLError): GraphQLError {
  const message = `${error.message.replace(/^Syntax Error: /, '')} Ask for less, or in several requests.`;
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_LARGE' } });
}

function report(context: ValidationContext | null, error: GraphQLError): void {
  context?.reportError(tooLarge(error));
}

/** While parsing there is no context to report to. */
function throwTooLarge(_context: ValidationContext | null, error: GraphQLError): void {
  throw tooLarge(error);
}
