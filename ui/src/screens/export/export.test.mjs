// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { FORMS, formOf, kindOf, ofAsked, sizeWords, statement } = await load("forms.ts");
const found = { form: "csv", of: null, claims: 12, reviewed: 0, reports: 1, incidents: null, bytes: 10, left_out: [], withheld: false };

test("a form is of what it can be of", () => {
  assert.equal(formOf("nonsense").key, "jsonl");
  assert.equal(kindOf(formOf("jsonl"), null), "reports");
  assert.equal(kindOf(formOf("csv"), "reports"), "claims");
  assert.equal(ofAsked(formOf("jsonl"), "reports"), null);
  assert.equal(ofAsked(formOf("csv"), "incidents"), "incidents");
  assert.equal(ofAsked(formOf("acled"), kindOf(formOf("acled"), "claims")), null);
  assert.equal(new Set(FORMS.map((f) => f.key)).size, 8);
});

test("the statement says what nobody has looked at, and what comes along", () => {
  const say = (more, form, kind, narrowed = false) => statement({ ...found, ...more }, formOf(form), kind, narrowed);
  assert.equal(say({}, "csv", "claims")[0], "12 claims of 1 report.");
  assert.match(say({}, "csv", "claims")[1], /No person has reviewed any/);
  assert.match(say({ reviewed: 5 }, "csv", "claims")[1], /reviewed 5 claims of them; 7 claims stand as the reader/);
  assert.equal(say({ reviewed: 12 }, "csv", "claims")[1], "People reviewed every one of these claims.");
  assert.match(say({}, "jsonl", "reports", true)[0], /A report is whole: what else was read in it is there, too/);
  assert.match(say({ incidents: 3 }, "acled", "incidents", true)[0], /^3 incidents that fit the filters, each as all its accounts tell it/);
  const left_out = ["4 incidents left out: of a type that ACLED does not code", "1 incident left out: no place on the map"];
  assert.match(say({ incidents: 24, left_out }, "acled", "incidents")[1], /^19 of these 24 are in the file/);
  assert.match(say({ left_out: ["2 claims left out: no place that is resolved"] }, "geojson", "claims")[1], /^10 of these 12/);
  assert.ok(say({ withheld: true }, "csv", "claims").some((s) => s.includes("withheld")));
  assert.ok(!say({}, "csv", "claims").some((s) => s.includes("withheld")));
  assert.ok(say({}, "csv", "claims").includes("Claims that people rejected are not in it."));
});

test("sizes are said in round numbers", () => {
  assert.deepEqual([812, 3400, 34_000_000, 2.5e9].map(sizeWords), ["812 bytes", "3.4 kB", "34 MB", "2.5 GB"]);
});
