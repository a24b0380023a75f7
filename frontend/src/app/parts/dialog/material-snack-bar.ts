export { MatSnackBar } from '@angular/material/snack-bar';
