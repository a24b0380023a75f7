/**
 * A gateway beyond this machine asks who is there. The first call that it refuses opens the dialog that asks for a
 * key; the key is exchanged for a cookie, and the refused calls are made again.
 */
import { HttpClient, HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject, Injectable, signal } from '@angular/core';
import { catchError, firstValueFrom, from, switchMap, throwError } from 'rxjs';
import { Dialogs } from '../parts/dialog/dialogs.ts';
import { toApiError } from './api-error.ts';
import { EMBED_CREDENTIALS } from './embed-credentials.ts';

export const SESSION_PATH = 'api/session';

@Injectable({ providedIn: 'root' })
export class SignIn {
  readonly #http = inject(HttpClient);
  readonly #dialogs = inject(Dialogs);
  readonly #embedded = inject(EMBED_CREDENTIALS);
  #asking: Promise<boolean> | null = null;
  /** Counts the sign-ins, so that the live connection tries again after one. */
  readonly signedIn = signal(0);

  /** Asks for a key until one is right or the person gives up; everybody who asks meanwhile shares the answer. */
  ask(): Promise<boolean> {
    // Nobody signs in inside another site's page: no cookie would be sent from there.
    if (this.#embedded) return Promise.resolve(false);
    this.#asking ??= this.#open().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** @throws ApiError where the key is not right */
  async withKey(key: string): Promise<void> {
    try {
      await firstValueFrom(this.#http.post(SESSION_PATH, { key }));
      this.signedIn.update((count) => count + 1);
    } catch (error) {
      throw toApiError(error);
    }
  }

  async #open(): Promise<boolean> {
    const answer = await this.#dialogs.open<boolean>(
      () => import('./sign-in-dialog.ts').then((m) => m.SignInDialog),
      { width: '420px', data: (key: string) => this.withKey(key) },
    );
    return answer === true;
  }
}

export const signInWhenAsked: HttpInterceptorFn = (request, next) => {
  if (request.url.endsWith(SESSION_PATH)) return next(request);
  const embedded = inject(EMBED_CREDENTIALS);
  if (embedded)
    return next(
      embedded.key ? request.clone({ setHeaders: { authorization: `Bearer ${embedded.key}` } }) : request,
    );
  const signIn = inject(SignIn);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof HttpErrorResponse) || error.status !== 401) return throwError(() => error);
      return from(signIn.ask()).pipe(
        switchMap((signedIn) => (signedIn ? next(request) : throwError(() => error))),
      );
    }),
  );
};
