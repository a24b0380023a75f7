import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SESSION_PATH, SignIn, signInWhenAsked } from './sign-in.ts';

@Component({ template: '' })
class SomePage {}

const REFUSED = { status: 401, statusText: 'Unauthorized' };
const wrongKey = {
  type: '/api/errors/unauthorized',
  title: 'A valid key is needed',
  status: 401,
  detail: 'this key is none',
  code: 'unauthorized',
};

describe('signing in (5.5)', () => {
  let http: HttpTestingController;
  let answers: unknown[];
  let loader: ReturnType<typeof TestbedHarnessEnvironment.documentRootLoader>;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([signInWhenAsked])), provideHttpClientTesting()],
    });
    http = TestBed.inject(HttpTestingController);
    loader = TestbedHarnessEnvironment.documentRootLoader(TestBed.createComponent(SomePage));
    answers = [];
  });
  afterEach(() => http.verify());

  function ask(path: string): void {
    TestBed.inject(HttpClient)
      .get(path)
      .subscribe({
        next: (answer) => answers.push(answer),
        error: (error: { status: number }) => answers.push(error.status),
      });
  }
  const refuse = (path: string) => http.expectOne(path).flush('no', REFUSED);
  /** Its code is fetched with the first refusal. */
  async function dialogOpens(): Promise<MatDialogHarness> {
    while (!document.querySelector('on-sign-in-dialog'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    return loader.getHarness(MatDialogHarness);
  }
  async function dialogCloses(): Promise<void> {
    while (document.querySelector('on-sign-in-dialog'))
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const button = (text: string) => loader.getHarness(MatButtonHarness.with({ text }));

  /** Harnesses wait for what is under way; what the test has to answer first is asked for without waiting. */
  async function pressSignIn(key: string, answer: (path: string) => void): Promise<void> {
    await (await loader.getHarness(MatInputHarness)).setValue(key);
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    answer(SESSION_PATH);
  }

  it('5.5: asks once for all calls that were refused, and makes them again with the cookie', async () => {
    ask('api/jobs');
    ask('api/datasets');
    refuse('api/jobs');
    refuse('api/datasets');
    await dialogOpens();
    expect(await loader.getAllHarnesses(MatDialogHarness)).toHaveLength(1);
    expect(await (await button('Sign in')).isDisabled()).toBe(true);
    await pressSignIn(' onegin_a_b ', (path) => {
      const call = http.expectOne({ method: 'POST', url: path });
      expect(call.request.body).toEqual({ key: 'onegin_a_b' });
      call.flush({});
    });
    await dialogCloses();
    http.expectOne('api/jobs').flush('the jobs');
    http.expectOne('api/datasets').flush('the datasets');
    expect(answers).toEqual(['the jobs', 'the datasets']);
    expect(TestBed.inject(SignIn).signedIn()).toBe(1);
  });

  it('5.5: says that a key is none, and takes another', async () => {
    ask('api/jobs');
    refuse('api/jobs');
    await dialogOpens();
    await pressSignIn('wrong', (path) => http.expectOne(path).flush(wrongKey, REFUSED));
    const dialog = await loader.getHarness(MatDialogHarness);
    expect(await dialog.getText()).toContain('this key is none');
    await pressSignIn('right', (path) => http.expectOne(path).flush({}));
    await dialogCloses();
    http.expectOne('api/jobs').flush('the jobs');
    expect(answers).toEqual(['the jobs']);
  });

  it('5.5: lets the refusal stand where nobody signs in, and asks again for the next', async () => {
    ask('api/jobs');
    refuse('api/jobs');
    await dialogOpens();
    await (await button('Not now')).click();
    await dialogCloses();
    expect(answers).toEqual([401]);
    ask('api/trainers');
    refuse('api/trainers');
    await dialogOpens();
    await (await button('Not now')).click();
    await dialogCloses();
    expect(answers).toEqual([401, 401]);
  });
});
