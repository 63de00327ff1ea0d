/** Marks over the map, by WebGL: one point for each, stamped from a sheet of pictures, so that thousands take one call. */

import type { Sheet } from "./sprites";

/** The window on a square map of the world: its side in pixels of the page, and where the window's corner lies. */
export interface View {
  size: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Numbers for a point: x and y on the map of side 1 from the layer's origin, an offset in pixels, its cell, its opacity, and the side in
 * pixels of the middle of the cell that is all of its picture; 0 for the whole cell. Few cells are full, and what is empty costs as much.
 */
export const STRIDE = 7;

const VERTEX = `#version 300 es
in vec2 place; in vec2 off; in float cell; in float alpha; in float wide;
uniform vec2 corner; uniform vec2 window; uniform float size; uniform float ratio; uniform float side; uniform float columns;
out vec2 from; out float shade; out float share;
void main() {
  vec2 at = floor((place * size - corner + off) * ratio + 0.5);
  gl_Position = vec4(at / (window * ratio) * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
  share = wide > 0.0 ? min(1.0, wide / side) : 1.0;
  gl_PointSize = side * share * ratio;
  from = vec2(mod(cell, columns), floor(cell / columns));
  shade = alpha;
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 from; in float shade; in float share; uniform sampler2D sheet; uniform vec2 cells; out vec4 colour;
void main() { colour = texture(sheet, (from + 0.5 + (gl_PointCoord - 0.5) * share) / cells) * shade; }`;

export class MarkLayer {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #at: Record<string, WebGLUniformLocation | null>;
  #sheet: Sheet | undefined;
  #count = 0;
  #origin = { x: 0, y: 0 };

  /** Throws where there is no WebGL 2. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly ratio: number,
  ) {
    const gl = canvas.getContext("webgl2", { antialias: false, depth: false, premultipliedAlpha: true });
    if (!gl) throw new Error("no WebGL 2");
    this.#gl = gl;
    this.#program = linked(gl);
    gl.useProgram(this.#program);
    const names = ["corner", "window", "size", "ratio", "side", "columns", "cells"];
    this.#at = Object.fromEntries(names.map((n) => [n, gl.getUniformLocation(this.#program, n)]));
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    let offset = 0;
    for (const [name, parts] of [["place", 2], ["off", 2], ["cell", 1], ["alpha", 1], ["wide", 1]] as const) {
      const where = gl.getAttribLocation(this.#program, name);
      gl.enableVertexAttribArray(where);
      gl.vertexAttribPointer(where, parts, gl.FLOAT, false, STRIDE * 4, offset);
      offset += parts * 4;
    }
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const [key, value] of [
      [gl.TEXTURE_MIN_FILTER, gl.LINEAR],
      [gl.TEXTURE_MAG_FILTER, gl.LINEAR],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
      [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ] as const) {
      gl.texParameteri(gl.TEXTURE_2D, key, value);
    }
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  pictures(sheet: Sheet): void {
    const gl = this.#gl;
    this.#sheet = sheet;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, sheet.image);
    gl.uniform1f(this.#at["side"]!, sheet.cell);
    gl.uniform1f(this.#at["columns"]!, sheet.columns);
    gl.uniform2f(this.#at["cells"]!, sheet.columns, sheet.rows);
  }

  /** The points, in the order in which they are to be drawn; `origin` keeps the numbers small, and so exact. */
  points(data: Float32Array, count: number, origin: { x: number; y: number }): void {
    this.#gl.bufferData(this.#gl.ARRAY_BUFFER, data.subarray(0, count * STRIDE), this.#gl.DYNAMIC_DRAW);
    this.#count = count;
    this.#origin = origin;
  }

  draw({ size, left, top, width, height }: View): void {
    const gl = this.#gl;
    const [w, h] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
      gl.viewport(0, 0, w, h);
    }
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.#sheet || !this.#count || gl.isContextLost()) return;
    gl.uniform2f(this.#at["corner"]!, left - this.#origin.x * size, top - this.#origin.y * size);
    gl.uniform2f(this.#at["window"]!, width, height);
    gl.uniform1f(this.#at["size"]!, size);
    gl.uniform1f(this.#at["ratio"]!, this.ratio);
    gl.drawArrays(gl.POINTS, 0, this.#count);
  }

  stop(): void {
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("no shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "no program");
  return program;
}
