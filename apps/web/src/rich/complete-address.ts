/** What people type for an address, with the scheme that they leave out: "example.org" and "me@example.org". */
export function completeAddress(typed: string): string {
  const address = typed.trim();
  if (/^[a-z][a-z\d+.-]*:/i.test(address) && !/^[^/]+:\d+(\/|$)/.test(address)) return address;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return `mailto:${address}`;
  return /^[^\s/]+\.[^\s]+$|^localhost\b/.test(address) ? `https://${address}` : address;
}
