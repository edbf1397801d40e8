import { type Html, html, trusted } from './html.ts';

const STYLE = `
:root{color-scheme:light;--ink:#1d2733;--faint:#d5dae1;--soft:#5a6675}
body{margin:0 auto;max-width:940px;padding:24px 20px 60px;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:#fff}
h1{font-size:1.3rem;margin:24px 0 4px}h2{font-size:1.1rem;margin:36px 0 6px;border-top:1px solid var(--faint);padding-top:18px}
.conclusion{font-size:1.1rem;border-left:4px solid #1f6f8b;padding:4px 0 4px 14px;margin:0}
p{margin:6px 0}h1,p,figcaption{overflow-wrap:anywhere}.none,figcaption,caption,.soft{color:var(--soft);font-size:.9rem}
figure{margin:10px 0}figure svg{max-width:100%;height:auto;display:block}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums;margin:8px 0}
caption{text-align:left;padding:4px 0}th,td{padding:3px 8px;border-bottom:1px solid var(--faint);text-align:right;vertical-align:top}
th:first-child{text-align:left;font-weight:400}thead th{font-weight:600;white-space:nowrap}thead th:first-child{font-weight:600}
code{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}pre{font:.8rem/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer}
@media print{details{display:none}}`;

/**
 * A page that is one file and asks nobody for anything: its policy forbids scripts and every request. The first line of
 * its body is the conclusion.
 */
export const page = (title: string, conclusion: string, body: readonly Html[]): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${title}</title><style>${trusted(STYLE)}</style></head>
<body><p class="conclusion">${conclusion}</p>
<h1>${title}</h1>
${body}
</body></html>
`.html;

/** A part of the page under its own heading. */
export const section = (title: string, ...parts: readonly Html[]): Html =>
  html`<section><h2>${title}</h2>${parts}</section>
`;
