// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { apart, due, headline, health, inOrder, items } = await load("watch.ts");

const NOW = "2016-12-12T09:00:00+00:00";
const feed = (title, more = {}) => ({ url: `https://${title}`, address: `https://${title}`, title, folder: "", asked_at: NOW, next_at: NOW, failures: 0, error: null, waiting: 0, added: 0, known: 0, unread: 0, failed: 0, ...more });

test("times are told from where we are", () => {
  assert.equal(apart(NOW, "2016-12-12T09:12:00+00:00"), "in 12 min");
  assert.equal(apart(NOW, "2016-12-12T06:00:00+00:00"), "3 h ago");
  assert.equal(apart(NOW, "2016-12-02T09:00:00+00:00"), "10 days ago");
  assert.equal(apart(NOW, "2016-12-12T09:00:20+00:00"), "now");
  assert.equal(apart(NOW, null), "never");
  assert.equal(due(NOW, "2016-12-12T08:00:00+00:00"), "now");
  assert.equal(due(NOW, "2016-12-12T12:00:00+00:00"), "in 3 h");
});

test("what needs a person's eye stands first", () => {
  const feeds = [feed("b"), feed("a"), feed("late", { failures: 2, error: "500" }), feed("new", { asked_at: null }), feed("odd", { error: "read all the same" })];
  assert.deepEqual(inOrder(feeds).map((f) => f.title), ["late", "odd", "new", "a", "b"]);
  assert.deepEqual(inOrder(feeds).map(health), ["failing", "faulty", "quiet", "well", "well"]);
});

test("items are counted in words, what there is none of is left out", () => {
  assert.equal(items(feed("a", { added: 1200, failed: 1 })), "1,200 added, 1 not read");
  assert.equal(items(feed("a")), "no items yet");
});

test("whether anybody watches is said first", () => {
  const watcher = { who: "process 1 on desk", seen_at: "2016-12-12T08:58:00+00:00", alive: true };
  assert.match(headline({ now: NOW, feeds: [feed("a")], watcher }), /^1 feed, watched by process 1 on desk; last sign of life 2 min ago/);
  assert.match(headline({ now: NOW, feeds: [], watcher: { ...watcher, alive: false } }), /Nobody watches at the moment/);
  assert.match(headline({ now: NOW, feeds: [], watcher: null }), /nobody has watched yet/);
});
