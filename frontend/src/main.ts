import { bootstrapApplication } from '@angular/platform-browser';
import { z } from 'zod';
import { appConfig } from './app/app.config.ts';
import { Shell } from './app/shell/shell.ts';

// The page may not make code from text; without this zod tries, and the browser complains.
z.config({ jitless: true });

bootstrapApplication(Shell, appConfig).catch((error: unknown) => console.error(error));
