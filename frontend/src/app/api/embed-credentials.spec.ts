import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { EMBED_CREDENTIALS, embedCredentials } from './embed-credentials.ts';
import { SignIn, signInWhenAsked } from './sign-in.ts';

describe('the credentials of an embedded view (4.11)', () => {
  it('are its job, and the key in the fragment', () => {
    expect(embedCredentials({ pathname: '/jobs/job-000001', hash: '#key=a' })).toBeNull();
    expect(embedCredentials({ pathname: '/embed/job-000001', hash: '' })).toEqual({ jobId: 'job-000001' });
    expect(embedCredentials({ pathname: '/embed/job-000001', hash: '#key=onegin_a_b' })).toEqual({
      jobId: 'job-000001',
      key: 'onegin_a_b',
    });
  });

  it('go with every call, and nobody is asked to sign in', async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([signInWhenAsked])),
        provideHttpClientTesting(),
        { provide: EMBED_CREDENTIALS, useValue: { jobId: 'job-000001', key: 'onegin_a_b' } },
      ],
    });
    const answers: unknown[] = [];
    TestBed.inject(HttpClient)
      .get('api/objective')
      .subscribe({ error: (error: { status: number }) => answers.push(error.status) });
    const call = TestBed.inject(HttpTestingController).expectOne('api/objective');
    expect(call.request.headers.get('authorization')).toBe('Bearer onegin_a_b');
    call.flush('no', { status: 401, statusText: 'Unauthorized' });
    expect(answers).toEqual([401]);
    await expect(TestBed.inject(SignIn).ask()).resolves.toBe(false);
  });
});
