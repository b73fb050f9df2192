/**
 * The page as one HTML text: its style, its program and what it shows. The server makes the
 * live page of it and the saved one; the page itself makes a saved one, too, so this file
 * uses nothing that a browser does not have.
 *
 * Nothing in it is loaded from anywhere, and it says so to the browser: what stands in a
 * snapshot, such as the name of a process, can neither be a program nor reach one.
 *
 * @module
 */
import type { Update } from "../history.ts";

/** What the page finds in itself when it is opened. */
export interface PageData {
  /** The name of the program. */
  readonly program: string;
  /** Milliseconds between two looks; null in a saved page. */
  readonly interval: number | null;
  /** Milliseconds since 1970 when it was saved; null in a live page. */
  readonly savedAt: number | null;
  /** Whether there is a trace to be had. */
  readonly hasTrace: boolean;
  /** What a saved page shows. */
  readonly update: Update | null;
}

/** The parts of a page. */
export interface PageParts {
  readonly style: string;
  readonly script: string;
  readonly data: PageData;
  /** Random text, another one for each page. */
  readonly nonce: string;
}

/** What a page may do: run its own program, and ask its own server if it is live. */
export function policyOf(nonce: string, isLive: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src data:", // the icon
    ...(isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** The icon of the page: three bars, as of the lanes of a pool. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>" +
    "<path fill='#2f6fde' d='M1 2h9v3H1z'/><path fill='#5aa827' d='M4 6.5h11v3H4z'/>" +
    "<path fill='#6a4bc8' d='M2 11h7v3H2z'/></svg>",
);

/** The page. */
export function pageHtml({ style, script, data, nonce }: PageParts): string {
  const policy = policyOf(nonce, data.savedAt === null);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(data.program)}</title>
<link rel="icon" href="${ICON}">
<style id="style" nonce="${nonce}">${style}</style>
</head>
<body>
<noscript>This page shows a running program and needs JavaScript for that.</noscript>
<script id="data" type="application/json" nonce="${nonce}">${escapeJson(data)}</script>
<script id="script" type="module" nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

/** Text between two tags. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** JSON in which nothing can end the element around it, or begin a comment. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
