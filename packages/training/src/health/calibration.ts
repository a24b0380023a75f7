/** Expected calibration error over 15 equal bins of confidence (Guo et al. 2017): Σ share · |accuracy − confidence|. */
const BINS = 15;

/** @param probabilities [count, classes], row by row */
export function calibrationError(
  probabilities: Float32Array,
  predicted: Int32Array,
  labels: Int32Array,
): number {
  const classes = probabilities.length / labels.length;
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, correct: 0, count: 0 }));
  labels.forEach((label, row) => {
    const confidence = probabilities[row * classes + predicted[row]!]!;
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!;
    bin.confidence += confidence;
    bin.correct += Number(predicted[row] === label);
    bin.count++;
  });
  const gaps = bins.reduce((sum, { confidence, correct }) => sum + Math.abs(confidence - correct), 0);
  return Math.min(1, gaps / labels.length);
}
