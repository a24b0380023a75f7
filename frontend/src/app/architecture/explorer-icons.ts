/** Icons of the explorer alone, so that the first page of the UI does not carry them. */
import { inject } from '@angular/core';
import { MatIconRegistry } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';
import before from '@material-symbols/svg-400/outlined/chevron_left.svg';
import after from '@material-symbols/svg-400/outlined/chevron_right.svg';
import fit from '@material-symbols/svg-400/outlined/fit_screen.svg';
import zoomIn from '@material-symbols/svg-400/outlined/zoom_in.svg';
import zoomOut from '@material-symbols/svg-400/outlined/zoom_out.svg';

const icons = { before, after, fit, 'zoom-in': zoomIn, 'zoom-out': zoomOut };

/** In an injection context. The icons' text is the build's own, nothing comes from outside. */
export function registerExplorerIcons(): void {
  const registry = inject(MatIconRegistry);
  const sanitizer = inject(DomSanitizer);
  for (const [name, text] of Object.entries(icons))
    registry.addSvgIconLiteral(name, sanitizer.bypassSecurityTrustHtml(text));
}
