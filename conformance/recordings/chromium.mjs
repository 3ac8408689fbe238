// Records the page with Chromium: in the form of DevTools, with and without sensitive data, and in that of Playwright.
//   node chromium.mjs PAGE FOLDER MODULES
//
// The form of DevTools is written by DevTools itself: it is a page, which is opened in a tab, looks at another tab, and exports what it saw with
// the same functions as its menu.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";

const [pageUrl, folder, modules] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "/"))("playwright-core");

const freePort = () => new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => resolve(port));
    });
});

async function ask(page) {
    await page.goto(pageUrl);
    await page.waitForFunction(() => document.title === "done");
}

async function recordWithPlaywright(browser) {
    const context = await browser.newContext({ recordHar: { path: join(folder, "playwright.har") } });
    await ask(await context.newPage());
    await context.close(); // writes the file
}

async function recordWithDevTools(browser, port) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const { targetInfo } = await (await context.newCDPSession(page)).send("Target.getTargetInfo");
    const tools = await (await browser.newContext()).newPage();
    await tools.goto(`devtools://devtools/bundled/inspector.html?ws=127.0.0.1:${port}/devtools/page/${targetInfo.targetId}`);
    // It needs a moment until it looks. What it saw before the page is gone when the page is opened, as in its window.
    do await page.goto(new URL("/ready", pageUrl).href);
    while (!await tools.evaluate(sees, "/ready"));
    await ask(page);
    while (!await tools.evaluate(sees, "/seen"));
    for (const [name, sanitize] of [["chromium", false], ["chromium-sanitized", true]]) {
        writeFileSync(join(folder, `${name}.har`), await settled(() => tools.evaluate(exported, sanitize)));
    }
}

// Exports until it stays the same: DevTools learns of some headers a moment later.
async function settled(exports) {
    for (let last = ""; ;) {
        const har = await exports();
        if (har === last) return har;
        last = har;
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

// Runs in DevTools.
async function sees(path) {
    const { NetworkLog } = await import("./models/logs/logs.js");
    await new Promise((resolve) => setTimeout(resolve, 100));
    return NetworkLog.NetworkLog.instance().requests().some((request) => request.url().endsWith(path) && request.finished);
}

// Runs in DevTools.
async function exported(sanitize) {
    const { Writer } = await import("./models/har/har.js");
    const { NetworkLog } = await import("./models/logs/logs.js");
    const { Progress } = await import("./core/common/common.js");
    const parts = [];
    const stream = { write: async (text) => void parts.push(text), close: async () => {} };
    const requests = NetworkLog.NetworkLog.instance().requests();
    await Writer.Writer.write(stream, requests, { sanitize }, new Progress.Progress());
    return parts.join("");
}

const port = await freePort();
const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Playwright adds those against traffic in the background, and a profile that it removes.
    args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", `--remote-debugging-port=${port}`, "--remote-allow-origins=devtools://devtools",
    ],
});
try {
    await recordWithPlaywright(browser);
    await recordWithDevTools(browser, port);
    console.log(`Chromium ${browser.version()}`);
} finally {
    await browser.close();
}
