/** GTSRB, German traffic signs. The split for validation keeps the frames of one physical sign together. */
import { join } from 'node:path';
import type { DatasetSource, PrepareContext } from '../dataset-source.ts';
import { GTSRB_SIDE, readGtsrbTest, readGtsrbTraining } from '../formats/gtsrb.ts';
import type { ImageForm, RawImageDataset } from '../raw-dataset.ts';
import { publishedFile } from './published-file.ts';

const CLASSES = [
  'Speed limit (20km/h)',
  'Speed limit (30km/h)',
  'Speed limit (50km/h)',
  'Speed limit (60km/h)',
  'Speed limit (70km/h)',
  'Speed limit (80km/h)',
  'End of speed limit (80km/h)',
  'Speed limit (100km/h)',
  'Speed limit (120km/h)',
  'No passing',
  'No passing for vehicles over 3.5 metric tons',
  'Right-of-way at the next intersection',
  'Priority road',
  'Yield',
  'Stop',
  'No vehicles',
  'Vehicles over 3.5 metric tons prohibited',
  'No entry',
  'General caution',
  'Dangerous curve to the left',
  'Dangerous curve to the right',
  'Double curve',
  'Bumpy road',
  'Slippery road',
  'Road narrows on the right',
  'Road work',
  'Traffic signals',
  'Pedestrians',
  'Children crossing',
  'Bicycles crossing',
  'Beware of ice/snow',
  'Wild animals crossing',
  'End of all speed and passing limits',
  'Turn right ahead',
  'Turn left ahead',
  'Ahead only',
  'Go straight or right',
  'Go straight or left',
  'Keep right',
  'Keep left',
  'Roundabout mandatory',
  'End of no passing',
  'End of no passing by vehicles over 3.5 metric tons',
];
const FORM: ImageForm = { kind: 'image', shape: [GTSRB_SIDE, GTSRB_SIDE, 3], classes: CLASSES };
const HOSTS = ['https://sid.erda.dk/public/archives/daaeac0d7ce1152aea9b61d9f1e19370/'];
const TRAINING = 'GTSRB_Final_Training_Images.zip';
const TEST = 'GTSRB_Final_Test_Images.zip';
const TRUTH = 'GTSRB_Final_Test_GT.zip';

async function prepare({ filesDir, signal }: PrepareContext): Promise<RawImageDataset> {
  return {
    ...FORM,
    train: await readGtsrbTraining(join(filesDir, TRAINING), signal),
    test: await readGtsrbTest(join(filesDir, TEST), join(filesDir, TRUTH), signal),
  };
}

export const gtsrb: DatasetSource = {
  info: {
    name: 'gtsrb',
    title: 'GTSRB, German traffic signs',
    description: '51,839 photographs of traffic signs in 43 classes, brought to 32 × 32 pixels in colour.',
    ...FORM,
    // Validation takes whole tracks of 30 frames, so its size is a tenth up to a track per class.
    sizes: { train: 35_288, validation: 3_921, test: 12_630 },
    licence: 'free to use with citation (Stallkamp et al., 2012)',
    page: 'https://www.kaggle.com/datasets/meowmeowmeowmeowmeow/gtsrb-german-traffic-sign',
    synthetic: false,
    bundled: false,
    downloads: [
      // No publisher states a checksum of the training images.
      publishedFile(HOSTS, TRAINING),
      publishedFile(HOSTS, TEST, 'c7e4e6327067d32654124b0fe9e82185'),
      publishedFile(HOSTS, TRUTH, 'fe31e9c9270bbcd7b84b7f21a9d9d9e5'),
    ],
  },
  revision: 1,
  prepare,
};
