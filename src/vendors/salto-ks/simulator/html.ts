const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A whole page in the simulator's one style; `body` is HTML, `title` is text. */
export function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${head}<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --yes: #16803c; --no: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --yes: #5ecb85; --no: #ff8a80; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 76rem; }
body.narrow { max-width: 24rem; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; } .yes { color: var(--yes); } .no { color: var(--no); } .quiet { opacity: .65; }
form { display: grid; gap: .7rem; } label { display: grid; gap: .2rem; } input, select, button { font: inherit; padding: .45rem .6rem; }
.choice { display: flex; gap: .6rem; } .choice button { flex: 1; }
</style>
</head>
${body}
</html>
`;
}
