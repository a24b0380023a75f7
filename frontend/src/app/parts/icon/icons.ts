/** The icons in use, each from the one package; the build takes in their text. */
import add from '@material-symbols/svg-400/outlined/add.svg';
import arrowBack from '@material-symbols/svg-400/outlined/arrow_back.svg';
import block from '@material-symbols/svg-400/outlined/block.svg';
import cancel from '@material-symbols/svg-400/outlined/cancel.svg';
import checkCircle from '@material-symbols/svg-400/outlined/check_circle.svg';
import close from '@material-symbols/svg-400/outlined/close.svg';
import cloudOff from '@material-symbols/svg-400/outlined/cloud_off.svg';
import compare from '@material-symbols/svg-400/outlined/compare_arrows.svg';
import contentCopy from '@material-symbols/svg-400/outlined/content_copy.svg';
import contentCut from '@material-symbols/svg-400/outlined/content_cut.svg';
import darkMode from '@material-symbols/svg-400/outlined/dark_mode.svg';
import download from '@material-symbols/svg-400/outlined/download.svg';
import error from '@material-symbols/svg-400/outlined/error.svg';
import help from '@material-symbols/svg-400/outlined/help.svg';
import hourglass from '@material-symbols/svg-400/outlined/hourglass_empty.svg';
import info from '@material-symbols/svg-400/outlined/info.svg';
import lightMode from '@material-symbols/svg-400/outlined/light_mode.svg';
import moreVert from '@material-symbols/svg-400/outlined/more_vert.svg';
import pause from '@material-symbols/svg-400/outlined/pause.svg';
import play from '@material-symbols/svg-400/outlined/play_arrow.svg';
import routine from '@material-symbols/svg-400/outlined/routine.svg';
import star from '@material-symbols/svg-400/outlined/star-fill.svg';
import warning from '@material-symbols/svg-400/outlined/warning.svg';

export const icons = {
  add,
  'arrow-back': arrowBack,
  block,
  cancel,
  'check-circle': checkCircle,
  close,
  'cloud-off': cloudOff,
  compare,
  copy: contentCopy,
  cut: contentCut,
  'dark-mode': darkMode,
  download,
  error,
  help,
  hourglass,
  info,
  'light-mode': lightMode,
  'more-vert': moreVert,
  pause,
  play,
  'system-mode': routine,
  star,
  warning,
} as const satisfies Record<string, string>;

export type IconName = keyof typeof icons;
