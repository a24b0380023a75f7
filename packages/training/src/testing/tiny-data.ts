/** Small data sets, made on the spot and easy to learn, for tests of the loop. Synthetic: nothing is measured on them. */
import { RandomStream, type ImageTrainingData, type TextTrainingData } from '@onegin/contracts';

/** Noisy 12 × 12 images of 3 classes: a bright row, a bright column, or a bright diagonal. */
export function tinyImages(seed = 1, train = 192, validation = 96): ImageTrainingData {
  const stream = new RandomStream(seed);
  const side = 12;
  const part = (count: number) => {
    const inputs = new Uint8Array(count * side * side);
    const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
    for (let i = 0; i < count; i++) {
      const at = 2 + stream.integer(side - 4);
      for (let p = 0; p < side * side; p++) {
        const [row, column] = [Math.floor(p / side), p % side];
        const lit = [row === at, column === at, (row + column) % side === at][labels[i]!]!;
        inputs[i * side * side + p] = (lit ? 160 : 20) + stream.integer(60);
      }
    }
    return { inputs, labels, count };
  };
  const classes = ['row', 'column', 'diagonal'];
  return { kind: 'image', shape: [side, side, 1], classes, train: part(train), validation: part(validation) };
}

/** Texts of up to 12 words out of 40; those of class 1 hold one of the words 5 … 8. */
export function tinyTexts(seed = 1, train = 256, validation = 128): TextTrainingData {
  const stream = new RandomStream(seed);
  const length = 12;
  const part = (count: number) => {
    const inputs = new Int32Array(count * length);
    const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
    for (let i = 0; i < count; i++) {
      const words = 5 + stream.integer(length - 4);
      for (let t = 0; t < words; t++) inputs[i * length + t] = 9 + stream.integer(31);
      if (labels[i] === 1) inputs[i * length + stream.integer(words)] = 5 + stream.integer(4);
    }
    return { inputs, labels, count };
  };
  return {
    kind: 'text',
    shape: [length],
    classes: ['plain', 'marked'],
    vocabulary: ['<pad>', '<unknown>', ...Array.from({ length: 38 }, (_, i) => `word${i + 2}`)],
    train: part(train),
    validation: part(validation),
  };
}
