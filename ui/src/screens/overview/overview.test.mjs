// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { runnerImport } from "vite";

const at = (name) => fileURLToPath(new URL(name, import.meta.url));
const plain = { configFile: false, logLevel: "silent" };
const { packageData } = (await runnerImport(at("../../../build/package-data.ts"), plain)).module;
const load = async (name) => (await runnerImport(at(name), { ...plain, plugins: [packageData(at("../../../.."))] })).module;
const { ControlIndex, mercator } = await load("../../lib/control.ts");
const { day } = await load("../../lib/days.ts");
const { fitted, viewOf } = await load("camera.ts");
const { Archive, number } = await load("pmtiles.ts");
const { nearest, signBox, signUnder } = await load("points.ts");
const { signs, toldAt } = await load("shares.ts");
const { incidentWords } = await load("../../lib/words.ts");
const { markOf } = await load("../../lib/withheld.ts");
const { decoded, simplified, steps } = await load("../../../build/simplify.ts");

const interval = (holder, from, to, status = "held") => ({ holder, side: holder, status, from, to });
const place = (key, lon, lat, intervals) => ({ key, name: key, lat, lon, country: "SY", intervals });
const PLACES = [
  place("a", 38, 34, [interval("red", null, "2016-03-01"), interval("blue", "2016-03-01", "2016-06-01"), interval("red", "2016-06-01", null)]),
  place("b", 37, 36, [interval("blue", "2016-02-10", "2016-02-20"), interval("red", "2016-04-01", "2016-09-01")]),
  // the second begins before the first has ended: then the first holds no longer
  place("c", 36, 35, [interval("red", "2016-01-01", "2016-12-01"), interval("blue", "2016-05-05", "2016-05-09")]),
  place("d", null, null, [interval("blue", null, null)]),
];

test("shares are what every place has on each day, counted one by one", () => {
  const index = new ControlIndex(PLACES);
  const days = Array.from({ length: 60 }, (_, i) => day("2015-12-20") + i * 6);
  const expected = index.groups.map(() => new Uint32Array(days.length));
  days.forEach((on, d) => {
    for (const track of index.tracks) {
      const found = index.at(track, on);
      if (found >= 0) expected[track.group[found]][d]++;
    }
  });
  assert.deepEqual(index.shares(days), expected);
  assert.ok(expected.some((share) => new Set(share).size > 2));
  assert.deepEqual(index.shares([]), index.groups.map(() => new Uint32Array(0)));
});

test("the camera has all places in its window, clear of its edges, and never more than the world", () => {
  const camera = fitted(PLACES, 900, 700);
  const view = viewOf(camera, 900, 700);
  for (const { lon, lat } of PLACES.slice(0, 3)) {
    const { x, y } = mercator(lon, lat);
    const [px, py] = [x * view.size - view.left, y * view.size - view.top];
    assert.ok(px > 50 && px < 900 - 110 && py > 50 && py < 650, `${px} ${py}`);
  }
  assert.ok(Math.abs(fitted([PLACES[0]], 900, 700).zoom - 6.4) < 1e-9, "one town is shown with the land around it");
  const world = viewOf(fitted([{ lon: -170, lat: 80 }, { lon: 175, lat: -80 }], 1400, 900), 1400, 900);
  assert.ok(world.size >= 1400 && world.left >= -1e-6 && world.left + 1400 <= world.size + 1e-6);
  assert.equal(fitted([PLACES[3]], 900, 700), undefined);
  assert.equal(fitted(PLACES, 0, 0), undefined);
});

test("a click chooses the nearest mark within reach, of those that are shown on the day", () => {
  const index = new ControlIndex(PLACES);
  index.to(day("2016-04-10"));
  const view = viewOf({ lon: 37, lat: 35, zoom: 7 }, 800, 600);
  const spot = (track) => ({ x: track.x * view.size - view.left + 3, y: track.y * view.size - view.top - 4 });
  const all = () => true;
  index.tracks.slice(0, 3).forEach((track, i) => assert.equal(nearest(index, all, view, spot(track), 12), i));
  assert.equal(nearest(index, all, view, { x: 5, y: 5 }, 12), -1);
  assert.equal(nearest(index, all, view, spot(index.tracks[1]), 4), -1, "five pixels are beyond four");
  assert.equal(nearest(index, (i) => i !== 1, view, spot(index.tracks[1]), 12), -1);
  index.to(day("2016-03-01"));
  assert.equal(nearest(index, all, view, spot(index.tracks[1]), 12), -1, "nobody has told who holds it on this day");
});

test("coarser arcs keep their ends, their corners and their islands", () => {
  assert.deepEqual(simplified([[0, 0], [1, 0.001], [2, 0], [3, 0.5], [4, 0]], 0.01), [[0, 0], [2, 0], [3, 0.5], [4, 0]]);
  const island = [[0, 0], [0.002, 0.003], [0.004, 0], [0, 0]];
  assert.deepEqual(simplified(island, 0.01), island);
  const [arc] = decoded([[[10, 20], [5, -5], [0, 1]]], { scale: [0.1, 0.1], translate: [-180, -90] });
  assert.deepEqual(arc.map((p) => p.map((n) => Math.round(n * 10) / 10)), [[-179, -88], [-178.5, -88.5], [-178.5, -88.4]]);
  assert.deepEqual(steps([[1.5, 2], [1.501, 1.999]]), [1500, 2000, 1, -1]);
});

/** An archive with one picture for each tile of zoom 1, behind a directory that leads on to another; packed or not. */
function archive(packed, kind = 2) {
  const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)]);
  const directory = (rows) => {
    const plain = Buffer.from([rows.length, ...rows.map(([id], i) => id - (rows[i - 1]?.[0] ?? 0)), ...rows.map((r) => r[3]), ...rows.map((r) => r[2]), ...rows.map((r) => r[1] + 1)].flatMap(varint));
    return packed ? gzipSync(plain) : plain;
  };
  const tiles = Buffer.from("northwest-southwest-southeast");
  const leaf = directory([[1, 0, 9, 1], [2, 10, 9, 1], [3, 20, 9, 2]]); // the last stands for two tiles
  const root = directory([[1, 0, leaf.length, 0]]);
  const head = Buffer.alloc(127);
  head.write("PMTiles");
  [[7, 3], [97, packed ? 2 : 1], [98, 1], [99, kind], [100, 1], [101, 1]].forEach(([place, value]) => head.writeUInt8(value, place));
  const parts = { 8: 127, 16: root.length, 40: 127 + root.length, 48: leaf.length, 56: 127 + root.length + leaf.length, 64: tiles.length };
  for (const [place, value] of Object.entries(parts)) head.writeBigUInt64LE(BigInt(value), Number(place));
  return Buffer.concat([head, root, leaf, tiles]);
}

test("tiles are found in an archive, of which only parts are asked for", async (t) => {
  const asked = [];
  let file = archive(true);
  t.mock.method(globalThis, "fetch", async (_, { headers }) => {
    const [from, to] = headers.Range.slice(6).split("-").map(Number);
    asked.push([from, to]);
    return new Response(file.subarray(from, to + 1), { status: 206 });
  });
  for (file of [archive(true), archive(false)]) {
    const made = new Archive("/basemap.pmtiles");
    const words = async (z, x, y) => {
      const found = await made.tile(z, x, y);
      return found && new TextDecoder().decode(found);
    };
    assert.deepEqual(await made.zooms(), [1, 1]);
    assert.equal(await words(1, 0, 0), "northwest");
    assert.equal(await words(1, 0, 1), "southwest");
    assert.equal(await words(1, 1, 1), "southeast");
    assert.equal(await words(1, 1, 0), "southeast", "an entry stands for a run of tiles");
    assert.equal(await words(0, 0, 0), undefined);
    assert.equal(await words(2, 3, 3), undefined);
  }
  assert.equal(asked.length, 2 * (1 + 1 + 4), "the head and the leaf are asked for once");
  file = archive(false, 1);
  await assert.rejects(new Archive("/v.pmtiles").zooms(), /vector/);
  file = Buffer.from("<!doctype html>".repeat(20));
  await assert.rejects(new Archive("/x.pmtiles").tile(0, 0, 0), /no PMTiles/);
});

test("tiles are numbered along the curve", () => {
  assert.deepEqual([number(0, 0, 0), number(1, 0, 0), number(1, 0, 1), number(1, 1, 1), number(1, 1, 0), number(2, 0, 0)], [0, 1, 2, 3, 4, 5]);
  const seen = new Set();
  for (let x = 0; x < 16; x++) for (let y = 0; y < 16; y++) seen.add(number(4, x, y));
  assert.deepEqual([seen.size, Math.min(...seen), Math.max(...seen)], [256, 85, 340]);
});

test("a mark is known by the identity or the name that it was made for, while it holds", () => {
  const mark = (more) => ({ row: 1, kind: "person", name: "Omar", entity: null, lifted_at: null, ...more });
  assert.equal(markOf([mark({})], "person", "omar", "Omar")?.row, 1);
  assert.equal(markOf([mark({ entity: "person:omar" })], "person", "person:omar", "Omar H.")?.row, 1);
  assert.equal(markOf([mark({ lifted_at: "2016-12-12" })], "person", "Omar", "Omar"), undefined);
  assert.equal(markOf([mark({ kind: "place" })], "person", "Omar", "Omar"), undefined);
  assert.equal(markOf([mark({ kind: "place", name: "Tripoli", entity: "geonames:1" })], "place", "geonames:2", "Tripoli"), undefined, "another place of that name");
  assert.equal(markOf([mark({ kind: "report", name: "r1" })], "report", "r1", "this report")?.row, 1);
  assert.equal(markOf([mark({ kind: "report", name: "r2" })], "report", "r1", "this report"), undefined);
});

const incident = (id, type, date, at, claims) => ({ id, type, date, place: at && { name: at[0], lon: at[1], lat: at[2] }, claims: Array(claims).fill({}) });

test("a sign on the map has a name: what, where, when, and how many accounts", () => {
  const strike = incident("i1", "air_strike", "2016-07-03", ["Aleppo", 37, 36], 4);
  assert.equal(incidentWords(strike), "air strike, Aleppo, 3 July 2016, 4 accounts");
  assert.equal(incidentWords({ ...strike, place: null, date: null, claims: [{}] }), "air strike, date unknown, 1 account");
});

test("what is pointed at is told with its holder and with what its signs stand for", () => {
  const index = new ControlIndex(PLACES);
  index.to(day("2016-05-01"));
  const found = signs([
    incident("i1", "air_strike", "2016-05-01", ["b", 37, 36], 2),
    incident("i2", "shelling", "2016-05-01", ["b", 37, 36], 1),
    incident("i3", "air_strike", "2016-05-01", ["Nowhere else", 40, 30], 1),
    incident("i4", "air_strike", "2016-05-01", ["without a point", null, null], 1),
  ]);
  assert.deepEqual(found.map((s) => s.incidents.map((i) => i.id)), [["i1", "i2"], ["i3"]]);
  const b = index.byKey.get("b");
  const names = ["air strike, b, 1 May 2016, 2 accounts", "shelling, b, 1 May 2016, 1 account"];
  for (const told of [toldAt(index, found, b, undefined), toldAt(index, found, -1, found[0])]) {
    assert.deepEqual([told.name, told.held, told.happened], ["b", "red", names]);
  }
  const alone = toldAt(index, found, -1, found[1]);
  assert.deepEqual([alone.name, alone.held, alone.happened], ["Nowhere else", undefined, ["air strike, Nowhere else, 1 May 2016, 1 account"]]);
  assert.deepEqual(toldAt(index, found, index.byKey.get("a"), undefined).happened, []);
  assert.equal(toldAt(index, found, -1, undefined), undefined);
});

test("a sign is found under the mouse where it is drawn, above its place", () => {
  const view = viewOf({ lon: 37, lat: 36, zoom: 6 }, 800, 600);
  const found = signs([incident("i1", "air_strike", "2016-05-01", ["b", 37, 36], 2)]);
  const [left, top, right, bottom] = signBox(found[0], view, 6);
  assert.equal(signUnder(found, view, { x: (left + right) / 2, y: (top + bottom) / 2 }, 6), found[0]);
  assert.equal(signUnder(found, view, { x: 400, y: 320 }, 6), undefined);
});
