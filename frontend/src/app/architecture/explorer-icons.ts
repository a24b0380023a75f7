/** Icons of the explorer alone, so that the first page of the UI does not carry them. */
import before from '@material-symbols/svg-400/outlined/chevron_left.svg';
import after from '@material-symbols/svg-400/outlined/chevron_right.svg';
import fit from '@material-symbols/svg-400/outlined/fit_screen.svg';
import zoomIn from '@material-symbols/svg-400/outlined/zoom_in.svg';
import zoomOut from '@material-symbols/svg-400/outlined/zoom_out.svg';

export const explorerIcons = { before, after, fit, 'zoom-in': zoomIn, 'zoom-out': zoomOut };
