import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{margin:0;min-height:100vh;display:grid;place-items:center;font:17px/1.5 system-ui,sans-serif}',
  'main{max-width:26rem;padding:2rem}h1{font-size:1.35rem;margin:0 0 .5rem}p{margin:0 0 1rem;opacity:.8}',
  'input,button{font:inherit;padding:.55rem .8rem;width:100%;box-sizing:border-box;margin:0 0 .75rem}',
].join('');
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export interface Page {
  title: string;
  text: string;
  /** HTML that is written here and holds nothing of a visitor's */
  form?: string;
}

/** A small page that loads nothing, runs nothing, is kept by no cache, and tells nobody its address (it may hold a code). */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const policy = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  return reply
    .code(status)
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .type('text/html; charset=utf-8')
    .send(html(page));
}

function html({ title, text, form = '' }: Page): string {
  const meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">';
  const head = `${meta}<title>${escaped(title)}</title><style>${STYLE}</style>`;
  const body = `<main><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${form}</main>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
