/**
 * The scene on a canvas: camera, orbit, picking, labels. Draws when something has changed and not otherwise.
 */
import { PerspectiveCamera, Raycaster, Vector2, Vector3, WebGLRenderer } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { ChartTheme } from '@onegin/charts';
import type { Block } from './blocks.ts';
import { cornersOf } from './corners.ts';
import { NetworkScene, type SceneMarks } from './network-scene.ts';
import { LabelLayer } from './label-layer.ts';

export interface SceneEvents {
  /** A block was clicked, or the empty space. */
  chosen(id: string | null): void;
  /** The pointer came over a block, or left it. */
  pointed(id: string | null): void;
  /** The graphics process took the context away. */
  lost(): void;
}

/** Narrow, so that the near end of a network does not dwarf the far one. */
const FIELD_OF_VIEW = 20;
/** A click moves the pointer by at most this many pixels; more is an orbit. */
const CLICK_SLACK = 5;
const MOST_PIXELS_PER_POINT = 2;
/** Where the camera stands, seen from the middle of the network. */
const FROM = new Vector3(-0.45, 0.36, 1).normalize();
/** The share of the picture that the network fills. */
const FILLED = 0.82;
const FITTING_ROUNDS = 6;

export class SceneView {
  readonly #network = new NetworkScene();
  readonly #renderer: WebGLRenderer;
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.1, 5000);
  readonly #controls: OrbitControls;
  readonly #labels: LabelLayer;
  readonly #canvas: HTMLCanvasElement;
  readonly #events: SceneEvents;
  #blocks: readonly Block[] = [];
  #marks: SceneMarks = { chosen: null, pointed: null, pass: new Map() };
  #under: string | null = null;
  #pressedAt: { x: number; y: number } | null = null;
  #frame = 0;
  readonly #listening = new AbortController();

  /** @throws Error where the browser gives no WebGL context */
  constructor(canvas: HTMLCanvasElement, labels: HTMLElement, events: SceneEvents) {
    this.#renderer = new WebGLRenderer({
      canvas,
      antialias: true,
      alpha: true,
      preserveDrawingBuffer: false,
    });
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, MOST_PIXELS_PER_POINT));
    this.#controls = new OrbitControls(this.#camera, canvas);
    // The page scrolls under a wheel; with Ctrl, as in maps, the picture zooms.
    this.#controls.enableZoom = false;
    this.#controls.enableDamping = false;
    this.#controls.addEventListener('change', () => this.#draw());
    this.#labels = new LabelLayer(labels);
    this.#canvas = canvas;
    this.#events = events;
    this.#listen();
  }

  show(blocks: readonly Block[], theme: ChartTheme): void {
    this.#blocks = blocks;
    this.#network.show(blocks, theme);
    this.#labels.show(blocks);
    this.fit();
  }

  paint(blocks: readonly Block[], theme: ChartTheme, marks: SceneMarks): void {
    this.#blocks = blocks;
    this.#marks = marks;
    this.#network.paint(blocks, theme, marks);
    this.#draw();
  }

  resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.fit();
  }

  /** Everything in view, seen from the front left and a little above. */
  fit(): void {
    const corners = this.#blocks.length > 0 ? this.#blocks.flatMap(cornersOf) : [new Vector3()];
    const half = Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
    this.#controls.target.set(0, 0, 0);
    const farthest = Math.max(1, ...corners.map((corner) => corner.length()));
    this.#camera.position.copy(FROM).multiplyScalar(6 * farthest);
    // Perspective makes the near end larger: what was the middle of the blocks is not that of the picture.
    for (let i = 0; i < FITTING_ROUNDS; i++) this.#center(corners, half);
    this.#controls.update();
    this.#draw();
  }

  /** One round towards a picture that the corners fill and stand in the middle of. */
  #center(corners: readonly Vector3[], half: number): void {
    const camera = this.#camera;
    const controls = this.#controls;
    camera.lookAt(controls.target);
    camera.updateMatrixWorld();
    const seen = corners.map((corner) => corner.clone().project(camera));
    const range = (of: (point: Vector3) => number) => {
      const values = seen.map(of);
      return { low: Math.min(...values), high: Math.max(...values) };
    };
    const x = range((point) => point.x);
    const y = range((point) => point.y);
    const away = camera.position.distanceTo(controls.target);
    const right = new Vector3().setFromMatrixColumn(camera.matrixWorld, 0);
    const up = new Vector3().setFromMatrixColumn(camera.matrixWorld, 1);
    controls.target
      .addScaledVector(right, ((x.low + x.high) / 2) * half * camera.aspect * away)
      .addScaledVector(up, ((y.low + y.high) / 2) * half * away);
    const factor = Math.max(x.high - x.low, y.high - y.low) / 2 / FILLED;
    camera.position.copy(controls.target).addScaledVector(FROM, away * factor);
  }

  /** Brings a block to the middle and, where the network is long, nearer. */
  focus(id: string): void {
    const block = this.#blocks.find((candidate) => candidate.id === id);
    if (!block) return;
    const target = new Vector3(block.at.x, block.at.y, block.at.z);
    const offset = this.#camera.position.clone().sub(this.#controls.target);
    const reach = 8 * Math.max(block.size.x, block.size.y, block.size.z, 4);
    offset.setLength(Math.min(offset.length(), reach));
    this.#controls.target.copy(target);
    this.#camera.position.copy(target).add(offset);
    this.#controls.update();
    this.#draw();
  }

  zoom(factor: number): void {
    const offset = this.#camera.position.clone().sub(this.#controls.target);
    this.#camera.position.copy(this.#controls.target).add(offset.multiplyScalar(1 / factor));
    this.#controls.update();
    this.#draw();
  }

  /** Around the vertical axis, in radians. */
  turn(angle: number): void {
    const offset = this.#camera.position.clone().sub(this.#controls.target);
    offset.applyAxisAngle(new Vector3(0, 1, 0), angle);
    this.#camera.position.copy(this.#controls.target).add(offset);
    this.#controls.update();
    this.#draw();
  }

  /** What is seen, on a canvas of its own: with the ground of the page and the names. */
  picture(theme: ChartTheme): HTMLCanvasElement {
    this.#render();
    const canvas = this.#canvas;
    const picture = document.createElement('canvas');
    picture.width = canvas.width;
    picture.height = canvas.height;
    const context = picture.getContext('2d');
    if (!context) return picture;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, picture.width, picture.height);
    // In the same task: the drawing of a frame is gone after it.
    context.drawImage(canvas, 0, 0);
    this.#labels.drawOn(context, theme, canvas.width / Math.max(1, canvas.clientWidth));
    return picture;
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#listening.abort();
    this.#controls.dispose();
    this.#network.clear();
    this.#labels.clear();
    this.#renderer.dispose();
  }

  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render();
    });
  }

  #render(): void {
    this.#renderer.render(this.#network.scene, this.#camera);
    this.#labels.place(this.#blocks, this.#camera, this.#canvas, this.#marks);
  }

  #listen(): void {
    const { signal } = this.#listening;
    const on = <Type extends keyof HTMLElementEventMap>(
      type: Type,
      react: (event: HTMLElementEventMap[Type]) => void,
      options: AddEventListenerOptions = {},
    ) => this.#canvas.addEventListener(type, react, { signal, ...options });
    on('pointerdown', ({ clientX: x, clientY: y }) => (this.#pressedAt = { x, y }));
    on('pointerup', (event) => this.#released(event));
    on('pointermove', (event) => this.#hover(event));
    on('pointerleave', () => this.#point(null));
    on('wheel', (event) => this.#wheel(event), { passive: false });
    this.#canvas.addEventListener('webglcontextlost', () => this.#events.lost(), { signal });
  }

  #released(event: PointerEvent): void {
    const from = this.#pressedAt;
    this.#pressedAt = null;
    if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_SLACK) return;
    this.#events.chosen(this.#blockUnder(event));
  }

  #hover(event: PointerEvent): void {
    if (event.pointerType === 'mouse' && event.buttons === 0) this.#point(this.#blockUnder(event));
  }

  #point(id: string | null): void {
    if (id === this.#under) return;
    this.#under = id;
    this.#canvas.style.cursor = id === null ? 'grab' : 'pointer';
    this.#events.pointed(id);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 400));
  }

  #blockUnder(event: PointerEvent): string | null {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const pointer = new Vector2(
      ((event.clientX - left) / width) * 2 - 1,
      1 - ((event.clientY - top) / height) * 2,
    );
    const ray = new Raycaster();
    ray.setFromCamera(pointer, this.#camera);
    return this.#network.pick(ray);
  }
}
