/** The success of a mutation's union; an expected error is thrown with its sentence. */
export function success<Union extends { __typename: string }, Name extends Union['__typename']>(
  result: Union,
  name: Name,
): Extract<Union, { __typename: Name }> {
  if (result.__typename === name) return result as Extract<Union, { __typename: Name }>;
  throw new Error('message' in result ? String(result.message) : `${result.__typename} instead of ${name}`);
}
