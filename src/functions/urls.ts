/** URLs of modules. @module */

/** The `file:` URL of an absolute path. */
export function fileUrl(path: string): string {
  const escaped = path.replaceAll("\\", "/").replace(/[%?#]/g, encodeURIComponent);
  return new URL(escaped.startsWith("/") ? `file://${escaped}` : `file:///${escaped}`)
    .href;
}
