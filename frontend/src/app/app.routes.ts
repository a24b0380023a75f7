/** Every address of the UI. Each page is a part of its own that is fetched when it is first looked at. */
import type { Routes } from '@angular/router';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'jobs' },
  {
    path: 'jobs',
    title: 'Jobs',
    loadComponent: () => import('./pages/jobs/jobs-page.ts').then((m) => m.JobsPage),
  },
  {
    path: 'new',
    title: 'New job',
    loadComponent: () => import('./pages/new-job/new-job-page.ts').then((m) => m.NewJobPage),
  },
  {
    path: 'jobs/:jobId/trials/:number/network',
    title: 'Network',
    loadComponent: () => import('./pages/network/network-page.ts').then((m) => m.NetworkPage),
  },
  {
    path: 'jobs/:jobId',
    title: 'Job',
    loadComponent: () => import('./pages/job/job-page.ts').then((m) => m.JobPage),
    // The dialog of a trial lies over the job's page and has an address of its own.
    children: [
      {
        path: 'trials/:number',
        title: 'Trial',
        loadComponent: () => import('./pages/trial/trial-outlet.ts').then((m) => m.TrialOutlet),
      },
    ],
  },
  {
    path: 'trainers',
    title: 'Trainers',
    loadComponent: () => import('./pages/trainers/trainers-page.ts').then((m) => m.TrainersPage),
  },
  {
    path: 'learn',
    title: 'Learn',
    loadComponent: () => import('./pages/learn/learn-page.ts').then((m) => m.LearnPage),
  },
  {
    path: 'embed/:jobId',
    title: 'Study',
    // The shell shows neither bar nor footer here.
    data: { bare: true },
    loadComponent: () => import('./pages/embed/embed-page.ts').then((m) => m.EmbedPage),
  },
  {
    path: '**',
    title: 'Not found',
    loadComponent: () => import('./pages/not-found/not-found-page.ts').then((m) => m.NotFoundPage),
  },
];
