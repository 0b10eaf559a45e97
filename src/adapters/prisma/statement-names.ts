/**
 * Names for statements, by their text: a connection that is told a name parses and plans the statement once and only runs it from then
 * on. Each name costs memory in every session, and what clients of the API select decides what some statements look like: a text gets its
 * name when it is met a second time, and no more than `most` get one. The others are '', which means none.
 */
export function statementNames(prefix: string, most: number): (text: string) => string {
  const names = new Map<string, string>();
  const met = new Set<string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= most) return '';
    if (met.delete(text)) {
      const name = `${prefix}${names.size}`;
      names.set(text, name);
      return name;
    }
    if (met.size < most) met.add(text);
    return '';
  };
}
