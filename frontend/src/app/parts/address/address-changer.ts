import { inject } from '@angular/core';
import { ActivatedRoute, Router, type Params } from '@angular/router';

/** In an injection context: how to change what of the page stands in its address; null takes a part out. */
export function addressChanger(): (change: Params) => void {
  const [router, route] = [inject(Router), inject(ActivatedRoute)];
  return (queryParams) =>
    void router.navigate([], {
      relativeTo: route,
      queryParams,
      queryParamsHandling: 'merge',
      replaceUrl: true,
    });
}
