function setHeaders(headers, { lines, variesByOrigin }) {
  for (const name of replaced) headers.delete(name);
  for (const [name, value] of Object.entries(lines)) headers.set(name, value);
  if (variesByOrigin && !listsOrigin.test(headers.get("Vary") ?? "")) headers.append("Vary", "Origin");
}
