// A page of the dashboard in a browser, and what must never happen in it.
import { chromium } from "playwright-core";

export const step = (words) => console.log(`- ${words}`);

export const launch = (program) => chromium.launch({ executablePath: program, args: ["--no-sandbox"] });

/** Opens a page; `problems` has errors of the console and requests to elsewhere. */
export async function look(browser, url) {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const problems = [];
  const down = { is: false };
  page.on("console", (message) => {
    // That it cannot reach a server that is down is for the browser to say.
    if (message.type() === "error" && !(down.is && message.text().includes("WebSocket connection"))) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.stack));
  page.on("request", (request) => request.url().startsWith(url) || problems.push(`asked ${request.url()}`));
  page.on("websocket", (socket) => socket.url().startsWith(url.replace("http", "ws")) || problems.push(`connected to ${socket.url()}`));
  const main = page.locator("main");
  return {
    page,
    problems,
    down,
    main,
    go: (hash) => page.evaluate((to) => (location.hash = to), hash),
    sees: (text) => main.getByText(text, { exact: false }).first().waitFor(),
  };
}
