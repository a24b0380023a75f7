/** The blocks as a three.js scene. Knows no canvas and no camera, so it can be looked into without WebGL. */
import {
  AmbientLight,
  BoxGeometry,
  BufferGeometry,
  Color,
  DirectionalLight,
  EdgesGeometry,
  Float32BufferAttribute,
  Line,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  Scene,
  type Raycaster,
} from 'three';
import type { ChartTheme } from '@onegin/charts';
import type { LayerMark } from '../model/pass.ts';
import type { Block } from './blocks.ts';

interface Body {
  readonly mesh: Mesh<BoxGeometry, MeshLambertMaterial>;
  readonly rim: LineSegments<EdgesGeometry, LineBasicMaterial>;
}

export interface SceneMarks {
  readonly chosen: string | null;
  /** The layer under the pointer, or that has the focus in the list. */
  readonly pointed: string | null;
  readonly pass: ReadonlyMap<string, LayerMark>;
}

const FADED = 0.25;

export class NetworkScene {
  readonly scene = new Scene();
  readonly #bodies = new Map<string, Body>();
  #thread: Line<BufferGeometry, LineBasicMaterial> | null = null;

  constructor() {
    const sun = new DirectionalLight('#ffffff', 1.4);
    sun.position.set(-4, 8, 10);
    this.scene.add(new AmbientLight('#ffffff', 1.9), sun);
  }

  /** Shows these blocks in place of those that were there. */
  show(blocks: readonly Block[], theme: ChartTheme): void {
    this.clear();
    for (const block of blocks) this.#bodies.set(block.id, this.#body(block, theme));
    this.#addThread(blocks, theme);
  }

  /** The same blocks in other colours: another epoch, another mode. */
  paint(blocks: readonly Block[], theme: ChartTheme, marks: SceneMarks): void {
    for (const block of blocks) {
      const body = this.#bodies.get(block.id);
      if (!body) continue;
      const mark = marks.pass.get(block.id);
      const isLit = mark === 'active' || block.id === marks.pointed;
      const emphasized = block.id === marks.chosen || isLit;
      body.mesh.material.color.set(block.color);
      body.mesh.material.opacity = emphasized ? 1 : mark === 'ahead' ? FADED : block.opacity;
      body.rim.material.color.set(
        block.id === marks.chosen ? theme.accent : isLit ? theme.text : rimOf(block, theme),
      );
      body.rim.scale.setScalar(emphasized ? 1.06 : 1);
    }
    this.#thread?.material.color.set(theme.muted);
  }

  /** Id of the block that a ray meets first. */
  pick(ray: Raycaster): string | null {
    const [hit] = ray.intersectObjects(
      [...this.#bodies.values()].map(({ mesh }) => mesh),
      false,
    );
    return typeof hit?.object.name === 'string' ? hit.object.name : null;
  }

  clear(): void {
    for (const { mesh, rim } of this.#bodies.values()) {
      this.scene.remove(mesh);
      mesh.geometry.dispose();
      mesh.material.dispose();
      rim.geometry.dispose();
      rim.material.dispose();
    }
    this.#bodies.clear();
    if (this.#thread) {
      this.scene.remove(this.#thread);
      this.#thread.geometry.dispose();
      this.#thread.material.dispose();
      this.#thread = null;
    }
  }

  #body(block: Block, theme: ChartTheme): Body {
    const geometry = new BoxGeometry(block.size.x, block.size.y, block.size.z);
    const material = new MeshLambertMaterial({
      color: block.color,
      transparent: true,
      opacity: block.opacity,
    });
    const mesh = new Mesh(geometry, material);
    mesh.name = block.id;
    mesh.position.set(block.at.x, block.at.y, block.at.z);
    const rim = new LineSegments(
      new EdgesGeometry(geometry),
      new LineBasicMaterial({ color: rimOf(block, theme) }),
    );
    mesh.add(rim);
    this.scene.add(mesh);
    return { mesh, rim };
  }

  /** Through the middle of all blocks: the way of the data. */
  #addThread(blocks: readonly Block[], theme: ChartTheme): void {
    const geometry = new BufferGeometry();
    const points = blocks.flatMap(({ at }) => [at.x, at.y, at.z]);
    geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
    this.#thread = new Line(geometry, new LineBasicMaterial({ color: theme.muted }));
    this.scene.add(this.#thread);
  }
}

/** A shade of the block that stands out from it on either ground. */
const rimOf = ({ color }: Block, { text }: ChartTheme): Color => new Color(color).lerp(new Color(text), 0.35);
