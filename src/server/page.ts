import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Html, html } from './html.ts';

const BASE = [
  ':root{color-scheme:light dark}',
  'input,button{font:inherit;padding:.55rem .8rem;box-sizing:border-box}',
  'h1{font-size:1.35rem;margin:0 0 .5rem}',
].join('');
const SMALL = [
  BASE,
  'body{margin:0;min-height:100vh;display:grid;place-items:center;font:17px/1.5 system-ui,sans-serif}',
  'main{max-width:26rem;padding:2rem}p{margin:0 0 1rem;opacity:.8}',
  'input,button{width:100%;margin:0 0 .75rem}',
].join('');
const WIDE = [
  BASE,
  'body{margin:0 auto;padding:1.5rem;max-width:76rem;font:15px/1.45 system-ui,sans-serif}',
  'h2{font-size:1.05rem;margin:1.6rem 0 .3rem}p{margin:.2rem 0 .6rem}nav{display:flex;gap:1.2rem;align-items:center;margin:0 0 1.4rem}',
  'nav form{margin-left:auto;display:flex;gap:.4rem}nav input{width:24rem}nav input,nav button{padding:.25rem .5rem}',
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}',
  'th,td{border-top:1px solid color-mix(in srgb,currentColor 18%,transparent)}',
  'code{font:13px ui-monospace,monospace}.quiet{opacity:.65}.bad{color:light-dark(#b3261e,#ff8a80)}:target{background:light-dark(#fff3bf,#4d4300)}',
].join('');

export interface Page {
  title: string;
  text: string;
  form?: Html;
}

/** A small page that loads nothing, runs nothing, is kept by no cache, and tells nobody its address (it may hold a code). */
export function sendPage(reply: FastifyReply, status: number, { title, text, form }: Page): FastifyReply {
  return send(reply, status, SMALL, title, html`<main><h1>${title}</h1><p>${text}</p>${form ?? null}</main>`);
}

/** As safe as a small page, and as wide as its tables. */
export function sendWidePage(reply: FastifyReply, status: number, title: string, body: Html): FastifyReply {
  return send(reply, status, WIDE, title, body);
}

function send(reply: FastifyReply, status: number, style: string, title: string, body: Html): FastifyReply {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  const meta = html`<meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />`;
  const head = html`<head>${meta}<title>${title}</title><style>${new Html(style)}</style></head>`;
  return reply
    .code(status)
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .type('text/html; charset=utf-8')
    .send(html`<!doctype html><html lang="en">${head}<body>${body}</body></html>`.source);
}
