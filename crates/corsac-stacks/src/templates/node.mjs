/** Sets the headers when the response is sent, so that neither a handler nor an error page can change or lose them. */
function setHeaders(response, { lines, variesByOrigin }) {
  const { writeHead } = response;
  response.writeHead = function (status, ...rest) {
    const headers = typeof rest[0] === "string" ? rest[1] : rest[0];
    if (Array.isArray(headers)) {
      for (let index = 0; index < headers.length; index += 2) this.appendHeader(headers[index], headers[index + 1]);
    } else {
      for (const [name, value] of Object.entries(headers ?? {})) this.setHeader(name, value);
    }
    for (const name of replaced) this.removeHeader(name);
    for (const [name, value] of Object.entries(lines)) this.setHeader(name, value);
    if (variesByOrigin && !listsOrigin.test(String(this.getHeader("Vary") ?? ""))) this.appendHeader("Vary", "Origin");
    return writeHead.call(this, status, ...(typeof rest[0] === "string" ? [rest[0]] : []));
  };
}
