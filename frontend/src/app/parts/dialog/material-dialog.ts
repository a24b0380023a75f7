export { MatDialog } from '@angular/material/dialog';
