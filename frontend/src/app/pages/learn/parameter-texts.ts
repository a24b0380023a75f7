/**
 * What each hyperparameter is and how it acts, for people who meet it for the first time. One sentence on each stands
 * beside the search space itself (contracts, standard-space.ts); here is what lies behind it.
 */
export interface ParameterText {
  readonly title: string;
  readonly paragraph: string;
  /** What tends to work, and what to watch. */
  readonly advice: string;
}

export const parameterTexts: Readonly<Record<string, ParameterText>> = {
  convLayers: {
    title: 'Convolution layers',
    paragraph:
      'Each convolution looks at small patches of what the one before it found. The first sees edges and dots, the ' +
      'second corners and curves made of them, the third parts of objects. Between them the picture is halved, so ' +
      'that each further layer sees a wider piece of it.',
    advice:
      'Two are enough for digits; coloured photographs gain from three. Small pictures cannot be halved often: what ' +
      'does not fit is refused before training.',
  },
  filters: {
    title: 'Filters',
    paragraph:
      'A filter is one pattern that a convolution looks for everywhere in the picture. The number counts for the first ' +
      'convolution; each further one has twice as many, since there are more ways to combine patterns than patterns.',
    advice: 'Twice the filters cost about four times the work. If units stay dead, fewer do as well.',
  },
  kernelSize: {
    title: 'Kernel size',
    paragraph:
      'The side of the square that a filter sees at once. Two layers of 3 × 3 see as far as one of 5 × 5, with fewer ' +
      'weights and one more bend in between.',
    advice: '3 is the usual choice; 5 helps networks with a single convolution.',
  },
  batchNorm: {
    title: 'Batch normalization',
    paragraph:
      'Shifts and scales what a layer gives so that over a batch it has mean 0 and variance 1, then lets the network ' +
      'undo that where it hurts. Gradients stay in a healthy range, so that larger learning rates work.',
    advice: 'Nearly always worth it in deep networks. With very small batches its statistics get noisy.',
  },
  pooling: {
    title: 'From maps to numbers',
    paragraph:
      'After the last convolution the network has a stack of maps. Global pooling averages each to one number: was the ' +
      'pattern there at all? Flattening keeps every position: where was it?',
    advice:
      'Global pooling needs far fewer weights and overfits less. Flattening is stronger where the position matters, ' +
      'as with centred digits.',
  },
  denseLayers: {
    title: 'Dense layers',
    paragraph:
      'Layers in which every unit sees all that the layer before found. They weigh the findings against each other ' +
      'before the answer is given.',
    advice: 'None or one is often enough. They hold most of the weights, and are where overfitting begins.',
  },
  denseUnits: {
    title: 'Dense units',
    paragraph: 'How many findings of its own each hidden dense layer can hold at once: its width.',
    advice: 'Grow it while the training accuracy is low; shrink it when training and validation drift apart.',
  },
  activation: {
    title: 'Activation',
    paragraph:
      'The bend that a unit puts on its weighted sum. Without it, any number of layers would act like a single one. ' +
      'ReLU passes what is positive and stops the rest; tanh and sigmoid squeeze everything between two ends.',
    advice:
      'ReLU units can die: they give 0 for every sample and get no gradient any more. tanh and sigmoid units can ' +
      'saturate: at their ends the gradient vanishes. The dead-units chart shows both.',
  },
  vocabularySize: {
    title: 'Vocabulary',
    paragraph:
      'The number of the most frequent words that are told apart. All rarer ones become the same unknown word. Each word in ' +
      'the vocabulary has a row of weights of its own.',
    advice: 'A few thousand words cover most mails. More mostly adds rows that are hardly ever trained.',
  },
  sequenceLength: {
    title: 'Text length',
    paragraph: 'The number of words of each text that are read; longer texts are cut, shorter ones padded.',
    advice: 'Time grows with it in proportion. If what matters stands early in a text, short is as good.',
  },
  embeddingSize: {
    title: 'Embedding size',
    paragraph:
      'The number of values that describe a word, learned during training. Words that are used alike come to lie ' +
      'close to each other.',
    advice: 'For two classes few dimensions do; a small set of texts cannot fill many.',
  },
  lstmUnits: {
    title: 'LSTM units',
    paragraph:
      'Memory cells that are carried along the text. At each word, gates decide what a cell forgets, takes in and ' +
      'shows. More cells can keep more things in mind at once.',
    advice: 'Work grows with the square. Cells that are always saturated show up in the diagnostics.',
  },
  lstmLayers: {
    title: 'LSTM layers',
    paragraph:
      'A second layer reads what the first one thought at each word, instead of the words themselves.',
    advice: 'Rarely worth its time on short texts.',
  },
  bidirectional: {
    title: 'Both directions',
    paragraph:
      'A second LSTM reads the text from its end. Together they know, at each word, what comes before and after it.',
    advice: 'Doubles the work. Helps where the end of a text matters as much as its beginning.',
  },
  optimizer: {
    title: 'Optimizer',
    paragraph:
      'The rule that turns gradients into steps. SGD takes the gradient as it is, with some momentum. Adam, AdamW and ' +
      'RMSprop give each weight a step of its own, by how large its gradients have been.',
    advice:
      'Adam learns well without much tuning. SGD with momentum needs a good learning rate and can end up better. ' +
      'They want different learning rates: look at both together.',
  },
  learningRate: {
    title: 'Learning rate',
    paragraph:
      'How far each step goes. Too small, and training ends before it got anywhere; too large, and the loss jumps or ' +
      'grows without bound. It is searched on a logarithmic scale: from 0.001 to 0.002 is as far as from 0.01 to 0.02.',
    advice: 'Usually the parameter that matters most. Read it together with the batch size and the schedule.',
  },
  momentum: {
    title: 'Momentum',
    paragraph: 'The share of the last step that SGD carries on into the next: it smooths out a zigzag path.',
    advice: '0.9 is the classic. Close to 1 it overshoots unless the learning rate is small.',
  },
  weightDecay: {
    title: 'Weight decay',
    paragraph:
      'AdamW makes every weight a little smaller at each step, apart from what the gradient asks. Weights that nothing ' +
      'keeps alive fade away.',
    advice: 'Stronger where training and validation drift apart.',
  },
  schedule: {
    title: 'Learning-rate schedule',
    paragraph:
      'How the learning rate changes over the epochs: not at all, in steps, along half a cosine, exponentially, after a ' +
      'warm-up, or whenever the validation loss stands still. Large steps find the valley, small ones its bottom.',
    advice: 'Cosine is a safe choice when the number of epochs is fixed.',
  },
  batchSize: {
    title: 'Batch size',
    paragraph:
      'The number of samples that share one step. Few make each step noisy, which can lead out of poor valleys; many make it ' +
      'smooth and use the hardware better.',
    advice: 'With larger batches there are fewer steps per epoch; raise the learning rate with them.',
  },
  dropout: {
    title: 'Dropout',
    paragraph:
      'In each step this share of the units is switched off at random, others the next time. No unit can rely on one ' +
      'particular other, so that what is learned is held by many.',
    advice:
      'Raise it when the overfitting gap grows. High values slow learning down; short trainings suffer first.',
  },
  l2: {
    title: 'L2 penalty',
    paragraph:
      'Adds the sum of the squared weights, times this number, to the loss. Large weights have to earn their place, and ' +
      'the answer changes more smoothly with the input.',
    advice: 'Small values do no harm. If weights all shrink towards zero in the histogram, it is too strong.',
  },
  initializer: {
    title: 'Initializer',
    paragraph:
      'How weights are drawn before the first step. The spread is chosen so that signals neither fade nor explode on ' +
      'their way through the layers.',
    advice: 'He suits ReLU, Glorot suits tanh and sigmoid. With batch normalization it matters little.',
  },
};
