import { blockFieldSuggestionsPlugin } from '@escape.tech/graphql-armor-block-field-suggestions';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

export const MAX_ALIASES = 15;
export const MAX_TOKENS = 1_000;
export const MAX_DEPTH = 15;

/** How large a document may be, and what is hidden from strangers in production. */
export function limits(production: boolean): Plugin[] {
  const refused = { propagateOnRejection: false, onReject: [report] };
  const always: Plugin[] = [
    maxTokensPlugin({ n: MAX_TOKENS, propagateOnRejection: false, onReject: [throwTooLarge] }),
    maxAliasesPlugin({ n: MAX_ALIASES, ...refused }),
    // Fragments add no depth of their own. The standard introspection query is deeper, and exempt where it is on at all.
    maxDepthPlugin({ n: MAX_DEPTH, flattenFragments: true, ignoreIntrospection: !production, ...refused }),
  ];
  return production ? [...always, noIntrospection, blockFieldSuggestionsPlugin({ mask: '' })] : always;
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
