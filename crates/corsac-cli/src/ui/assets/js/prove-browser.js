// Which browser this is, as far as it says so.

const NAMES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };
/** An engine that is not known is compared with the one that most browsers are built on. */
const COMPARED_WITH = "chromium";

/**
 * The engine of a browser.
 * @param {{userAgent: string, userAgentData?: {brands: {brand: string, version: string}[], platform: string}}} navigator
 * @returns {{engine: "chromium"|"firefox"|"webkit", known: boolean, name: string}} `name`: "Chromium 158 on Linux"
 */
export function browserOf({ userAgent, userAgentData }) {
  const { engine, version } = fromBrands(userAgentData) ?? fromUserAgent(userAgent) ?? {};
  const system = userAgentData?.platform || systemOf(userAgent);
  const name = [engine ? NAMES[engine] : "not one that Corsac knows", version].filter(Boolean).join(" ");
  return { engine: engine ?? COMPARED_WITH, known: Boolean(engine), name: system && engine ? `${name} on ${system}` : name };
}

/**
 * What the page says about the browser.
 * @param {{known: boolean, name: string}} browser
 * @param {{measured?: string}|null} [profile] what the prediction was measured on, where that is known
 * @returns {string}
 */
export function aboutBrowser({ known, name }, profile = null) {
  if (!known) return `This browser is ${name}. It is compared with ${NAMES[COMPARED_WITH]}.`;
  return `This browser is ${name}.${profile?.measured ? ` Corsac’s profile was measured on ${profile.measured}.` : ""}`;
}

function fromBrands(data) {
  const chromium = data?.brands?.find(({ brand }) => brand === "Chromium");
  return chromium && { engine: "chromium", version: chromium.version };
}

function fromUserAgent(userAgent) {
  // On iOS every browser is WebKit, whatever it calls itself.
  if (/\b(iPhone|iPad|iPod)\b/.test(userAgent)) return { engine: "webkit", version: userAgent.match(/\bVersion\/(\d+)/)?.[1] };
  const found = (engine, pattern) => {
    const version = userAgent.match(pattern)?.[1];
    return version && { engine, version };
  };
  return found("firefox", /\bFirefox\/(\d+)/)
    ?? found("chromium", /\b(?:Headless)?Chrom(?:e|ium)\/(\d+)/)
    ?? (/\bAppleWebKit\//.test(userAgent) ? found("webkit", /\bVersion\/(\d+)/) ?? { engine: "webkit" } : null);
}

function systemOf(userAgent) {
  if (/\b(iPhone|iPad|iPod)\b/.test(userAgent)) return "iOS";
  if (/\bAndroid\b/.test(userAgent)) return "Android";
  if (/\bWindows\b/.test(userAgent)) return "Windows";
  if (/\bMac OS X\b/.test(userAgent)) return "macOS";
  return /\bLinux\b/.test(userAgent) ? "Linux" : "";
}
