/** Every address of the UI. Each page is a part of its own that is fetched when it is first looked at. */
import type { Route, Routes } from '@angular/router';

const page = (path: string, title: string, loadComponent: NonNullable<Route['loadComponent']>): Route => ({
  path,
  title,
  loadComponent,
});

const embedded = page('embed/:jobId', 'Study', () =>
  import('./pages/embed/embed-page.ts').then((m) => m.EmbedPage),
);
const job = page('jobs/:jobId', 'Job', () => import('./pages/job/job-page.ts').then((m) => m.JobPage));
const trial = page('trials/:number', 'Trial', () =>
  import('./pages/trial/trial-outlet.ts').then((m) => m.TrialOutlet),
);

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'jobs' },
  page('jobs', 'Jobs', () => import('./pages/jobs/jobs-page.ts').then((m) => m.JobsPage)),
  page('new', 'New job', () => import('./pages/new-job/new-job-page.ts').then((m) => m.NewJobPage)),
  page('jobs/:jobId/trials/:number/network', 'Network', () =>
    import('./pages/network/network-page.ts').then((m) => m.NetworkPage),
  ),
  // The dialog of a trial lies over the job's page and has an address of its own.
  { ...job, children: [trial] },
  page('trainers', 'Trainers', () => import('./pages/trainers/trainers-page.ts').then((m) => m.TrainersPage)),
  page('learn', 'Learn', () => import('./pages/learn/learn-page.ts').then((m) => m.LearnPage)),
  // The shell shows neither bar nor footer here.
  { ...embedded, data: { bare: true } },
  page('**', 'Not found', () => import('./pages/not-found/not-found-page.ts').then((m) => m.NotFoundPage)),
];
