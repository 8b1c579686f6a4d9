import { defineConfig } from '@playwright/test';
import { findChromium, SOFTWARE_WEBGPU_FLAGS } from './scripts/chromium.mjs';

const executablePath = findChromium();
const port = 4319;
// A sub-path, so that every journey also shows that the built site does not need to live at a root.
const site = `http://127.0.0.1:${port}/some/where/`;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: 'list',
  use: {
    baseURL: site,
    browserName: 'chromium',
    launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: SOFTWARE_WEBGPU_FLAGS },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --base /some/where/ --host 127.0.0.1 --port ${port} --strictPort`,
    url: site,
    reuseExistingServer: false,
  },
});
