import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { packageData } from "./build/package-data.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  base: "/",
  plugins: [svelte(), packageData(root)],
  build: {
    outDir: "../src/tadmor/web/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the app's policy on content allows no data: addresses of scripts and styles
    license: { fileName: "licences.md" }, // of what is built in: it travels with it
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200, // MapLibre is one chunk, asked for by the map alone
  },
  worker: { format: "es" },
  server: {
    // a ledger's server, while the app is worked on: tadmor serve --ledger war.db
    proxy: { "/api": { target: process.env["TADMOR_API"] ?? "http://127.0.0.1:8765" } },
  },
});
